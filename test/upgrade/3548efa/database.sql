SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA nightfeed;
CREATE SCHEMA nightfeed_stage;
CREATE FUNCTION nightfeed.add_text_column(of_schema text, of_table text, of_column text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  has_history boolean;
  relation text;
  target regclass;
  found text;
  view_columns text;
BEGIN
  SELECT history INTO has_history FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table;
  IF has_history IS NULL THEN
    RAISE EXCEPTION '%.% is no table of nightfeed', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  FOREACH relation IN ARRAY CASE WHEN has_history THEN ARRAY[of_table, of_table || '_history'] ELSE ARRAY[of_table] END LOOP
    target := format('%I.%I', of_schema, relation)::regclass;
    SELECT format_type(atttypid, atttypmod) INTO found
    FROM pg_attribute WHERE attrelid = target AND attname = of_column AND attnum > 0 AND NOT attisdropped;
    IF found IS NULL THEN
      EXECUTE format('ALTER TABLE %s ADD COLUMN %I text', target, of_column);
    ELSIF found <> 'text' THEN
      RAISE EXCEPTION '%.% is %', target, of_column, found USING ERRCODE = 'NF002';
    END IF;
  END LOOP;
  target := to_regclass(format('%I.%I', of_schema, of_table || '_versions'));
  IF NOT has_history OR target IS NULL OR EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = target AND attname = of_column AND NOT attisdropped
  ) THEN
    RETURN;
  END IF;
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) || ', ' || quote_ident(of_column) INTO view_columns
  FROM pg_attribute
  WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('_valid_from', '_valid_to');
  EXECUTE format(
    'CREATE OR REPLACE VIEW %s AS SELECT _valid_from, _valid_to, %s FROM %I.%I '
    'UNION ALL SELECT _last_changed, NULL::date, %s FROM %I.%I WHERE _gone_since IS NULL',
    target, view_columns, of_schema, of_table || '_history', view_columns, of_schema, of_table);
END $$;
CREATE FUNCTION nightfeed.begin_first_load(of_schema text, of_table text, of_date date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  target regclass := nightfeed.keyless_table(of_schema, of_table);
  filled boolean;
BEGIN
  EXECUTE format(
    'ALTER TABLE %s ALTER COLUMN _first_seen SET DEFAULT %L, ALTER COLUMN _last_changed SET DEFAULT %L', target, of_date, of_date);
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target) INTO filled;
  IF filled THEN
    RAISE EXCEPTION '%.% is not empty', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
END $$;
CREATE FUNCTION nightfeed.finish_first_load(of_schema text, of_table text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  target regclass := nightfeed.keyless_table(of_schema, of_table);
  key_list text := (
    SELECT string_agg(quote_ident(name), ', ' ORDER BY position)
    FROM nightfeed.target_table, jsonb_array_elements_text(key_columns) WITH ORDINALITY AS key (name, position)
    WHERE schema_name = of_schema AND table_name = of_table
  );
BEGIN
  EXECUTE format(
    'ALTER TABLE %s ALTER COLUMN _first_seen DROP DEFAULT, ALTER COLUMN _last_changed DROP DEFAULT, ADD PRIMARY KEY (%s)',
    target, key_list);
END $$;
CREATE FUNCTION nightfeed.keyless_table(of_schema text, of_table text) RETURNS regclass
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  target regclass := to_regclass(format('%I.%I', of_schema, of_table));
BEGIN
  IF target IS NULL OR NOT EXISTS (
    SELECT FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table
  ) THEN
    RAISE EXCEPTION '%.% is no table of nightfeed', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  IF EXISTS (SELECT FROM pg_index WHERE indrelid = target AND indisprimary) THEN
    RAISE EXCEPTION '%.% has its primary key already', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  RETURN target;
END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE nightfeed.applied_table (
    feed text NOT NULL,
    table_name text NOT NULL,
    schema_name text NOT NULL,
    snapshot text NOT NULL,
    columns jsonb NOT NULL,
    live_rows bigint NOT NULL,
    hi numeric(20,0) NOT NULL,
    lo numeric(20,0) NOT NULL
);
CREATE TABLE nightfeed.decision (
    "position" bigint NOT NULL,
    feed text NOT NULL,
    date date NOT NULL,
    revision integer NOT NULL,
    change_set text NOT NULL,
    verdict text NOT NULL,
    decided_by text NOT NULL,
    reason text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    guards jsonb,
    CONSTRAINT decision_verdict_check CHECK ((verdict = ANY (ARRAY['approved'::text, 'rejected'::text])))
);
ALTER TABLE nightfeed.decision ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME nightfeed.decision_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE nightfeed.feed (
    feed text NOT NULL,
    applied_date date,
    applied_revision integer,
    applied_delivery text,
    applied_at timestamp with time zone,
    CONSTRAINT feed_check CHECK ((num_nulls(applied_date, applied_revision, applied_delivery, applied_at) = ANY (ARRAY[0, 4])))
);
CREATE TABLE nightfeed.migration (
    version integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE nightfeed.outbox (
    id text NOT NULL,
    "position" bigint NOT NULL,
    feed text NOT NULL,
    date date NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    change_set text,
    message json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone
);
ALTER TABLE nightfeed.outbox ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME nightfeed.outbox_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE nightfeed.quarantine (
    feed text NOT NULL,
    date date NOT NULL,
    revision integer NOT NULL,
    table_name text NOT NULL,
    code text NOT NULL,
    rows bigint NOT NULL,
    object text,
    CONSTRAINT quarantine_rows_check CHECK ((rows > 0))
);
CREATE TABLE nightfeed.run (
    feed text NOT NULL,
    date date NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    fence integer NOT NULL,
    owner jsonb,
    lease timestamp with time zone,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    feed_hash text NOT NULL,
    folder text NOT NULL,
    listing text,
    reading text,
    delivery text,
    change_set text,
    tables jsonb,
    steps jsonb,
    holds jsonb DEFAULT '[]'::jsonb NOT NULL,
    error json,
    published jsonb,
    outcomes jsonb DEFAULT '{}'::jsonb NOT NULL,
    worked_by text,
    measures jsonb,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    origin jsonb,
    CONSTRAINT run_check CHECK (((state = 'running'::text) = ((owner IS NOT NULL) AND (lease IS NOT NULL) AND (ended_at IS NULL)))),
    CONSTRAINT run_check1 CHECK (((state = 'published'::text) = (published IS NOT NULL))),
    CONSTRAINT run_fence_check CHECK ((fence >= 1)),
    CONSTRAINT run_revision_check CHECK ((revision >= 1)),
    CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text, 'rejected'::text, 'superseded'::text])))
);
CREATE TABLE nightfeed.target_table (
    schema_name text NOT NULL,
    table_name text NOT NULL,
    feed text NOT NULL,
    key_columns jsonb NOT NULL,
    history boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.items (
    id bigint NOT NULL,
    name text,
    price numeric(8,2),
    _first_seen date NOT NULL,
    _last_changed date NOT NULL,
    _gone_since date,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE public.offers (
    id integer NOT NULL,
    opened_on date,
    price numeric(12,2),
    quantity integer,
    _first_seen date NOT NULL,
    _last_changed date NOT NULL,
    _gone_since date,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE public.prices (
    id integer NOT NULL,
    price numeric(8,2),
    _first_seen date NOT NULL,
    _last_changed date NOT NULL,
    _gone_since date,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE public.stock (
    sku text NOT NULL,
    quantity integer,
    note text,
    _first_seen date NOT NULL,
    _last_changed date NOT NULL,
    _gone_since date,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE public.stock_history (
    sku text NOT NULL,
    quantity integer,
    note text,
    _valid_from date NOT NULL,
    _valid_to date NOT NULL,
    CONSTRAINT stock_history_check CHECK ((_valid_from < _valid_to))
);
CREATE VIEW public.stock_versions AS
 SELECT stock_history._valid_from,
    stock_history._valid_to,
    stock_history.sku,
    stock_history.quantity,
    stock_history.note
   FROM public.stock_history
UNION ALL
 SELECT stock._last_changed AS _valid_from,
    NULL::date AS _valid_to,
    stock.sku,
    stock.quantity,
    stock.note
   FROM public.stock
  WHERE (stock._gone_since IS NULL);
CREATE TABLE public.wide (
    code text NOT NULL,
    a text,
    b text,
    _first_seen date NOT NULL,
    _last_changed date NOT NULL,
    _gone_since date,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');
INSERT INTO nightfeed.applied_table VALUES ('plain', 'items', 'public', 'snapshots/plain/2026-11-19/a1/items/manifest.json', '[{"name": "id", "type": "bigint"}, {"name": "name", "type": "text"}, {"name": "price", "type": "decimal(8,2)"}]', 4, 14818991964325331033, 4715229388388359376);
INSERT INTO nightfeed.applied_table VALUES ('shaped', 'offers', 'public', 'snapshots/shaped/2026-11-19/a1/offers/manifest.json', '[{"name": "id", "type": "integer"}, {"name": "opened_on", "type": "date"}, {"name": "price", "type": "decimal(12,2)"}, {"name": "quantity", "type": "integer"}]', 3, 11051835084651835393, 2191432272654573400);
INSERT INTO nightfeed.applied_table VALUES ('shaped', 'stock', 'public', 'snapshots/shaped/2026-11-19/a1/stock/manifest.json', '[{"name": "sku", "type": "text"}, {"name": "quantity", "type": "integer"}, {"name": "note", "type": "text"}]', 2, 17833049220646841132, 14674956965280829311);
INSERT INTO nightfeed.applied_table VALUES ('shaped', 'wide', 'public', 'snapshots/shaped/2026-11-19/a1/wide/manifest.json', '[{"name": "code", "type": "text"}, {"name": "a", "type": "text"}]', 2, 18370139366731271638, 5280308225535002998);
INSERT INTO nightfeed.applied_table VALUES ('waiting', 'prices', 'public', 'snapshots/waiting/2026-11-18/a1/prices/manifest.json', '[{"name": "id", "type": "integer"}, {"name": "price", "type": "decimal(8,2)"}]', 4, 7485609941190719426, 17771422714577849125);
INSERT INTO nightfeed.feed VALUES ('plain', '2026-11-19', 1, '81dcfb1d6d421e09', '2026-11-29 22:16:49.162569+00');
INSERT INTO nightfeed.feed VALUES ('shaped', '2026-11-19', 1, '03e17c9b9957fc55', '2026-11-29 22:16:56.960801+00');
INSERT INTO nightfeed.feed VALUES ('waiting', '2026-11-18', 1, '0fad59a6ef927ff8', '2026-11-29 22:17:01.782806+00');
INSERT INTO nightfeed.migration VALUES (1, '0001_ledger.sql', '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.migration VALUES (2, '0002_outcomes.sql', '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.migration VALUES (3, '0003_guards.sql', '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.migration VALUES (4, '0004_quarantine.sql', '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.migration VALUES (5, '0005_taken_columns.sql', '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('plain/2026-11-18:published:0317bcff983dbc22', 1, 'plain', '2026-11-18', 1, 'published', '0317bcff983dbc22', '{"id":"plain/2026-11-18:published:0317bcff983dbc22","run":"plain/2026-11-18","state":"published","changeSet":"0317bcff983dbc22","subject":"nightfeed plain/2026-11-18: published","tables":{"items":{"rows":4,"inserted":3,"updated":0,"returned":0,"gone":0,"unchanged":0,"rejected":0,"filtered":1,"suspended":0,"engine":"duckdb"}},"holds":[],"warnings":[],"error":null}', '2026-11-29 22:16:45.343529+00', '2026-11-29 22:16:45.472428+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('plain/2026-11-19:published:8e71a8276523341f', 2, 'plain', '2026-11-19', 1, 'published', '8e71a8276523341f', '{"id":"plain/2026-11-19:published:8e71a8276523341f","run":"plain/2026-11-19","state":"published","changeSet":"8e71a8276523341f","subject":"nightfeed plain/2026-11-19: published","tables":{"items":{"rows":4,"inserted":2,"updated":1,"returned":0,"gone":1,"unchanged":1,"rejected":0,"filtered":0,"suspended":0,"engine":"lockstep"}},"holds":[],"warnings":[],"error":null}', '2026-11-29 22:16:49.118347+00', '2026-11-29 22:16:49.30287+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('shaped/2026-11-18:published:144328e9119256e1', 3, 'shaped', '2026-11-18', 1, 'published', '144328e9119256e1', '{"id":"shaped/2026-11-18:published:144328e9119256e1","run":"shaped/2026-11-18","state":"published","changeSet":"144328e9119256e1","subject":"nightfeed shaped/2026-11-18: published","tables":{"offers":{"rows":4,"inserted":4,"updated":0,"returned":0,"gone":0,"unchanged":0,"rejected":0,"filtered":0,"suspended":0,"engine":"duckdb"},"stock":{"rows":5,"inserted":5,"updated":0,"returned":0,"gone":0,"unchanged":0,"rejected":0,"filtered":0,"suspended":0,"engine":"duckdb"},"wide":{"rows":2,"inserted":2,"updated":0,"returned":0,"gone":0,"unchanged":0,"rejected":0,"filtered":0,"suspended":0,"engine":"duckdb"}},"holds":[],"warnings":[],"error":null}', '2026-11-29 22:16:52.325818+00', '2026-11-29 22:16:52.588003+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('shaped/2026-11-19:published:742630c0deeb15ff', 4, 'shaped', '2026-11-19', 1, 'published', '742630c0deeb15ff', '{"id":"shaped/2026-11-19:published:742630c0deeb15ff","run":"shaped/2026-11-19","state":"published","changeSet":"742630c0deeb15ff","subject":"nightfeed shaped/2026-11-19: published","tables":{"offers":{"rows":5,"inserted":0,"updated":1,"returned":0,"gone":1,"unchanged":2,"rejected":2,"filtered":0,"suspended":0,"engine":"lockstep"},"stock":{"rows":2,"inserted":0,"updated":1,"returned":0,"gone":3,"retained":1,"unchanged":1,"rejected":0,"filtered":0,"suspended":0,"engine":"lockstep"},"wide":{"rows":2,"inserted":0,"updated":1,"returned":0,"gone":0,"unchanged":1,"rejected":0,"filtered":0,"suspended":0,"engine":"duckdb"}},"holds":[],"warnings":[{"table":"wide","guard":"SCHEMA_EVOLVED","column":"no \"b\"","value":1,"limit":0,"unit":"count"}],"error":null}', '2026-11-29 22:16:56.832834+00', '2026-11-29 22:16:57.138784+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('waiting/2026-11-18:published:c224de0a38169757', 5, 'waiting', '2026-11-18', 1, 'published', 'c224de0a38169757', '{"id":"waiting/2026-11-18:published:c224de0a38169757","run":"waiting/2026-11-18","state":"published","changeSet":"c224de0a38169757","subject":"nightfeed waiting/2026-11-18: published","tables":{"prices":{"rows":4,"inserted":4,"updated":0,"returned":0,"gone":0,"unchanged":0,"rejected":0,"filtered":0,"suspended":0,"engine":"duckdb"}},"holds":[],"warnings":[],"error":null}', '2026-11-29 22:17:01.726062+00', '2026-11-29 22:17:01.88885+00');
INSERT INTO nightfeed.outbox OVERRIDING SYSTEM VALUE VALUES ('waiting/2026-11-19:held:5a8bf1a10a8ac7e7', 6, 'waiting', '2026-11-19', 1, 'held', '5a8bf1a10a8ac7e7', '{"id":"waiting/2026-11-19:held:5a8bf1a10a8ac7e7","run":"waiting/2026-11-19","state":"held","changeSet":"5a8bf1a10a8ac7e7","subject":"nightfeed waiting/2026-11-19: held","tables":{"prices":{"rows":3,"inserted":0,"updated":2,"returned":0,"gone":1,"unchanged":1,"rejected":0,"filtered":0,"suspended":0,"engine":"lockstep"}},"holds":[{"table":"prices","guard":"MASS_DELETE","value":0.25,"unit":"share","limit":0.05,"basis":"fixed"}],"warnings":[],"error":null}', '2026-11-29 22:17:05.913267+00', '2026-11-29 22:17:05.923533+00');
INSERT INTO nightfeed.quarantine VALUES ('shaped', '2026-11-19', 1, 'offers', 'TOO_LARGE', 2, NULL);
INSERT INTO nightfeed.run VALUES ('shaped', '2026-11-18', 1, 'published', 1, NULL, NULL, '2026-11-29 22:16:51.679838+00', '2026-11-29 22:16:52.56538+00', 'db307b0a106a42b2', '{folder}', '408686e814e05bb1', '64fa9619507f', 'e38ad21b3146d139', '144328e9119256e1', '{"wide": {"gone": 0, "rows": 2, "engine": "duckdb", "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 0}, "stock": {"gone": 0, "rows": 5, "engine": "duckdb", "updated": 0, "filtered": 0, "inserted": 5, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 0}, "offers": {"gone": 0, "rows": 4, "engine": "duckdb", "updated": 0, "filtered": 0, "inserted": 4, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 0}}', NULL, '[]', NULL, '{"wide": {"gone": 0, "updated": 0, "inserted": 2, "returned": 0}, "stock": {"gone": 0, "updated": 0, "inserted": 5, "returned": 0}, "offers": {"gone": 0, "updated": 0, "inserted": 4, "returned": 0}}', '{}', 'host', '{"tables": {"wide": {"rejected": 0}, "stock": {"rejected": 0}, "offers": {"rejected": 0}}}', '[]', NULL);
INSERT INTO nightfeed.run VALUES ('shaped', '2026-11-19', 1, 'published', 1, NULL, NULL, '2026-11-29 22:16:55.262889+00', '2026-11-29 22:16:56.966711+00', 'db307b0a106a42b2', '{folder}', '85b6905df26962ed', '64fa9619507f', '03e17c9b9957fc55', '742630c0deeb15ff', '{"wide": {"gone": 0, "rows": 2, "engine": "duckdb", "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 1}, "stock": {"gone": 3, "rows": 2, "engine": "lockstep", "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "retained": 1, "returned": 0, "suspended": 0, "unchanged": 1}, "offers": {"gone": 1, "rows": 5, "engine": "lockstep", "updated": 1, "filtered": 0, "inserted": 0, "rejected": 2, "returned": 0, "suspended": 0, "unchanged": 2}}', NULL, '[]', NULL, '{"wide": {"gone": 0, "updated": 1, "inserted": 0, "returned": 0}, "stock": {"gone": 3, "updated": 1, "inserted": 0, "retained": 1, "returned": 0}, "offers": {"gone": 1, "updated": 1, "inserted": 0, "returned": 0}}', '{}', 'host', '{"tables": {"wide": {"gone": 0, "rows": 0, "bytes": 0, "nulls": {"a": 0}, "updated": 0.5, "inserted": 0, "rejected": 0}, "stock": {"gone": 0.6, "rows": -0.6, "bytes": -0.5666666666666667, "nulls": {"note": 0, "quantity": 0}, "updated": 0.2, "inserted": 0, "rejected": 0}, "offers": {"gone": 0.25, "rows": -0.25, "bytes": 0.1891891891891892, "nulls": {"price": 0.08333333333333331, "quantity": 0, "opened_on": 0.08333333333333331}, "updated": 0.25, "inserted": 0, "rejected": 0.4}}}', '[{"unit": "count", "guard": "SCHEMA_EVOLVED", "limit": 0, "table": "wide", "value": 1, "column": "no \"b\""}]', NULL);
INSERT INTO nightfeed.run VALUES ('plain', '2026-11-18', 1, 'published', 1, NULL, NULL, '2026-11-29 22:16:44.418164+00', '2026-11-29 22:16:45.403583+00', '719c2ac5c5045368', '{folder}', 'bfc4e936c8e1c1fd', '341f59c14b67', '0da22e2080a7b9af', '0317bcff983dbc22', '{"items": {"gone": 0, "rows": 4, "engine": "duckdb", "updated": 0, "filtered": 1, "inserted": 3, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 0}}', NULL, '[]', NULL, '{"items": {"gone": 0, "updated": 0, "inserted": 3, "returned": 0}}', '{}', 'host', '{"tables": {"items": {"rejected": 0}}}', '[]', NULL);
INSERT INTO nightfeed.run VALUES ('waiting', '2026-11-18', 1, 'published', 1, NULL, NULL, '2026-11-29 22:17:00.705354+00', '2026-11-29 22:17:01.784493+00', '936c22d87699b1dd', '{folder}', 'f0e8d27a8a7ec502', 'fa872c347c50', '0fad59a6ef927ff8', 'c224de0a38169757', '{"prices": {"gone": 0, "rows": 4, "engine": "duckdb", "updated": 0, "filtered": 0, "inserted": 4, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 0}}', NULL, '[]', NULL, '{"prices": {"gone": 0, "updated": 0, "inserted": 4, "returned": 0}}', '{}', 'host', '{"tables": {"prices": {"rejected": 0}}}', '[]', NULL);
INSERT INTO nightfeed.run VALUES ('plain', '2026-11-19', 1, 'published', 1, NULL, NULL, '2026-11-29 22:16:47.96175+00', '2026-11-29 22:16:49.166421+00', '719c2ac5c5045368', '{folder}', 'bc2968def628fa26', '341f59c14b67', '81dcfb1d6d421e09', '8e71a8276523341f', '{"items": {"gone": 1, "rows": 4, "engine": "lockstep", "updated": 1, "filtered": 0, "inserted": 2, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 1}}', NULL, '[]', NULL, '{"items": {"gone": 1, "updated": 1, "inserted": 2, "returned": 0}}', '{}', 'host', '{"tables": {"items": {"gone": 0.3333333333333333, "rows": 0.3333333333333333, "bytes": 0.07317073170731707, "nulls": {"name": 0, "price": -0.3333333333333333}, "updated": 0.3333333333333333, "inserted": 0.6666666666666666, "rejected": 0}}}', '[]', NULL);
INSERT INTO nightfeed.run VALUES ('waiting', '2026-11-19', 1, 'held', 1, NULL, NULL, '2026-11-29 22:17:04.859639+00', '2026-11-29 22:17:05.914509+00', '936c22d87699b1dd', '{folder}', '65465c8c3ac93704', 'fa872c347c50', '8602f78a640c5653', '5a8bf1a10a8ac7e7', '{"prices": {"gone": 1, "rows": 3, "engine": "lockstep", "updated": 2, "filtered": 0, "inserted": 0, "rejected": 0, "returned": 0, "suspended": 0, "unchanged": 1}}', NULL, '[{"unit": "share", "basis": "fixed", "guard": "MASS_DELETE", "limit": 0.05, "table": "prices", "value": 0.25}]', NULL, NULL, '{}', 'host', '{"tables": {"prices": {"gone": 0.25, "rows": -0.25, "bytes": -0.16666666666666666, "nulls": {"price": 0.41666666666666663}, "updated": 0.5, "inserted": 0, "rejected": 0}}}', '[]', NULL);
INSERT INTO nightfeed.target_table VALUES ('public', 'items', 'plain', '["id"]', false, '2026-11-29 22:16:44.13732+00');
INSERT INTO nightfeed.target_table VALUES ('public', 'offers', 'shaped', '["id"]', false, '2026-11-29 22:16:51.642322+00');
INSERT INTO nightfeed.target_table VALUES ('public', 'stock', 'shaped', '["sku"]', true, '2026-11-29 22:16:51.642322+00');
INSERT INTO nightfeed.target_table VALUES ('public', 'wide', 'shaped', '["code"]', false, '2026-11-29 22:16:51.642322+00');
INSERT INTO nightfeed.target_table VALUES ('public', 'prices', 'waiting', '["id"]', false, '2026-11-29 22:17:00.561841+00');
INSERT INTO public.items VALUES (1, 'one', 1.00, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:16:45.343529+00');
INSERT INTO public.items VALUES (2, 'two', 2.50, '2026-11-18', '2026-11-19', NULL, '2026-11-29 22:16:49.118347+00');
INSERT INTO public.items VALUES (3, 'three', 3.00, '2026-11-19', '2026-11-19', NULL, '2026-11-29 22:16:49.118347+00');
INSERT INTO public.items VALUES (5, 'five', 5.00, '2026-11-19', '2026-11-19', NULL, '2026-11-29 22:16:49.118347+00');
INSERT INTO public.items VALUES (4, 'four', NULL, '2026-11-18', '2026-11-18', '2026-11-19', '2026-11-29 22:16:49.118347+00');
INSERT INTO public.offers VALUES (2, NULL, 7.00, 2, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:16:52.325818+00');
INSERT INTO public.offers VALUES (3, '2026-01-03', NULL, 3, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:16:52.325818+00');
INSERT INTO public.offers VALUES (1, '2026-01-01', 2000.50, 1, '2026-11-18', '2026-11-19', NULL, '2026-11-29 22:16:56.832834+00');
INSERT INTO public.offers VALUES (4, '2026-01-04', 4.00, 4, '2026-11-18', '2026-11-18', '2026-11-19', '2026-11-29 22:16:56.832834+00');
INSERT INTO public.prices VALUES (1, 1.00, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:17:01.726062+00');
INSERT INTO public.prices VALUES (2, NULL, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:17:01.726062+00');
INSERT INTO public.prices VALUES (3, 3.00, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:17:01.726062+00');
INSERT INTO public.prices VALUES (4, 4.00, '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:17:01.726062+00');
INSERT INTO public.stock VALUES ('c', 3, 'x', '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:16:52.325818+00');
INSERT INTO public.stock VALUES ('a', 10, '1', '2026-11-18', '2026-11-19', NULL, '2026-11-29 22:16:56.832834+00');
INSERT INTO public.stock VALUES ('d', 4, '5', '2026-11-18', '2026-11-18', '2026-11-19', '2026-11-29 22:16:56.832834+00');
INSERT INTO public.stock_history VALUES ('a', 1, '1', '2026-11-18', '2026-11-19');
INSERT INTO public.stock_history VALUES ('b', 2, '0', '2026-11-18', '2026-11-19');
INSERT INTO public.stock_history VALUES ('d', 4, '5', '2026-11-18', '2026-11-19');
INSERT INTO public.stock_history VALUES ('e', 5, 'y', '2026-11-18', '2026-11-19');
INSERT INTO public.wide VALUES ('k2', 'a2', 'b2', '2026-11-18', '2026-11-18', NULL, '2026-11-29 22:16:52.325818+00');
INSERT INTO public.wide VALUES ('k1', 'a1 again', 'b1', '2026-11-18', '2026-11-19', NULL, '2026-11-29 22:16:56.832834+00');
SELECT pg_catalog.setval('nightfeed.decision_position_seq', 1, false);
SELECT pg_catalog.setval('nightfeed.outbox_position_seq', 6, true);
ALTER TABLE ONLY nightfeed.applied_table
    ADD CONSTRAINT applied_table_pkey PRIMARY KEY (feed, table_name);
ALTER TABLE ONLY nightfeed.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY nightfeed.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (feed);
ALTER TABLE ONLY nightfeed.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (version);
ALTER TABLE ONLY nightfeed.outbox
    ADD CONSTRAINT outbox_feed_date_revision_state_change_set_key UNIQUE NULLS NOT DISTINCT (feed, date, revision, state, change_set);
ALTER TABLE ONLY nightfeed.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY nightfeed.outbox
    ADD CONSTRAINT outbox_position_key UNIQUE ("position");
ALTER TABLE ONLY nightfeed.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (feed, date, revision, table_name, code);
ALTER TABLE ONLY nightfeed.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (feed, date, revision);
ALTER TABLE ONLY nightfeed.target_table
    ADD CONSTRAINT target_table_pkey PRIMARY KEY (schema_name, table_name);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.offers
    ADD CONSTRAINT offers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.stock_history
    ADD CONSTRAINT stock_history_pkey PRIMARY KEY (sku, _valid_from);
ALTER TABLE ONLY public.stock
    ADD CONSTRAINT stock_pkey PRIMARY KEY (sku);
ALTER TABLE ONLY public.wide
    ADD CONSTRAINT wide_pkey PRIMARY KEY (code);
CREATE INDEX decision_of_run ON nightfeed.decision USING btree (feed, date, revision);
CREATE INDEX outbox_unsent ON nightfeed.outbox USING btree ("position") WHERE (sent_at IS NULL);
CREATE INDEX run_by_opening ON nightfeed.run USING btree (opened_at DESC);
CREATE INDEX run_by_worker ON nightfeed.run USING btree (worked_by, opened_at DESC);
CREATE INDEX run_published ON nightfeed.run USING btree (feed, date DESC, revision) WHERE (state = 'published'::text);
CREATE INDEX run_unfinished ON nightfeed.run USING btree (feed) WHERE (state = ANY (ARRAY['running'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text]));
ALTER TABLE ONLY nightfeed.applied_table
    ADD CONSTRAINT applied_table_feed_fkey FOREIGN KEY (feed) REFERENCES nightfeed.feed(feed);
ALTER TABLE ONLY nightfeed.decision
    ADD CONSTRAINT decision_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision);
ALTER TABLE ONLY nightfeed.outbox
    ADD CONSTRAINT outbox_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision);
ALTER TABLE ONLY nightfeed.quarantine
    ADD CONSTRAINT quarantine_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision);
ALTER TABLE ONLY nightfeed.run
    ADD CONSTRAINT run_feed_fkey FOREIGN KEY (feed) REFERENCES nightfeed.feed(feed);
