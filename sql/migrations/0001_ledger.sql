-- The ledger: who worked on which night, what production holds, what people decided, what is still to be told.
-- Runs in schema nightfeed, which exists already together with its table of migrations.

-- One row a feed. claim and publish lock it, so it serialises all work on the feed.
CREATE TABLE nightfeed.feed (
  feed text PRIMARY KEY,
  applied_date date,
  applied_revision integer,
  applied_delivery text,
  applied_at timestamptz,
  CHECK (num_nulls(applied_date, applied_revision, applied_delivery, applied_at) IN (0, 4))
);

-- Relations in the target schemas that are ours. Any other of the same name is left alone.
CREATE TABLE nightfeed.target_table (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  feed text NOT NULL,
  key_columns jsonb NOT NULL,
  history boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (schema_name, table_name)
);

-- What production holds of each table: live rows, and the columns that their fingerprint is over, in order.
CREATE TABLE nightfeed.applied_table (
  feed text NOT NULL REFERENCES nightfeed.feed,
  table_name text NOT NULL,
  schema_name text NOT NULL,
  snapshot text NOT NULL,
  columns jsonb NOT NULL,
  live_rows bigint NOT NULL,
  hi numeric(20) NOT NULL,
  lo numeric(20) NOT NULL,
  PRIMARY KEY (feed, table_name)
);

CREATE TABLE nightfeed.run (
  feed text NOT NULL REFERENCES nightfeed.feed,
  date date NOT NULL,
  revision integer NOT NULL CHECK (revision >= 1),
  state text NOT NULL CHECK (state IN
    ('running', 'published', 'unchanged', 'held', 'late', 'refused', 'failed', 'rejected', 'superseded')),
  fence integer NOT NULL CHECK (fence >= 1),
  owner jsonb,
  lease timestamptz,
  opened_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  feed_hash text NOT NULL,
  folder text NOT NULL,
  listing text,
  reading text,
  delivery text,
  change_set text,
  tables jsonb,
  steps jsonb,
  holds jsonb NOT NULL DEFAULT '[]',
  error json,
  published jsonb,
  PRIMARY KEY (feed, date, revision),
  CHECK ((state = 'running') = (owner IS NOT NULL AND lease IS NOT NULL AND ended_at IS NULL)),
  CHECK ((state = 'published') = (published IS NOT NULL))
);
CREATE INDEX run_by_opening ON nightfeed.run (opened_at DESC);
CREATE INDEX run_unfinished ON nightfeed.run (feed) WHERE state IN ('running', 'held', 'late', 'refused', 'failed');

CREATE TABLE nightfeed.quarantine (
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  table_name text NOT NULL,
  code text NOT NULL,
  rows bigint NOT NULL CHECK (rows > 0),
  PRIMARY KEY (feed, date, revision, table_name, code),
  FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run
);

CREATE TABLE nightfeed.decision (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  change_set text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('approved', 'rejected')),
  decided_by text NOT NULL,
  reason text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run
);
CREATE INDEX decision_of_run ON nightfeed.decision (feed, date, revision);

-- One message per run, state and change set; `position` is the order of sending.
CREATE TABLE nightfeed.outbox (
  id text PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  change_set text,
  message json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  UNIQUE NULLS NOT DISTINCT (feed, date, revision, state, change_set),
  FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run
);
CREATE INDEX outbox_unsent ON nightfeed.outbox (position) WHERE sent_at IS NULL;

-- A first load needs two changes of a table's definition. These functions make exactly them, for a role without such rights.

CREATE FUNCTION nightfeed.keyless_table(of_schema text, of_table text) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
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

-- Constant defaults for the business dates, so that COPY needs no other columns than the vendor's.
CREATE FUNCTION nightfeed.begin_first_load(of_schema text, of_table text, of_date date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

REVOKE ALL ON FUNCTION
  nightfeed.keyless_table(text, text),
  nightfeed.begin_first_load(text, text, date),
  nightfeed.finish_first_load(text, text)
FROM PUBLIC;
