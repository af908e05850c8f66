CREATE SCHEMA nightfeed;
CREATE SCHEMA nightfeed_stage;

CREATE TABLE nightfeed.applied_table (
  feed text NOT NULL,
  table_name text NOT NULL,
  schema_name text NOT NULL,
  snapshot text NOT NULL,
  columns jsonb NOT NULL,
  live_rows bigint NOT NULL,
  hi numeric(20,0) NOT NULL,
  lo numeric(20,0) NOT NULL,
  stored jsonb,
  CONSTRAINT applied_table_feed_fkey FOREIGN KEY (feed) REFERENCES nightfeed.feed(feed),
  CONSTRAINT applied_table_pkey PRIMARY KEY (feed, table_name)
);

CREATE TABLE nightfeed.decision (
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  change_set text NOT NULL,
  verdict text NOT NULL,
  decided_by text NOT NULL,
  reason text NOT NULL,
  decided_at timestamp with time zone NOT NULL DEFAULT now(),
  guards jsonb,
  CONSTRAINT decision_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision),
  CONSTRAINT decision_pkey PRIMARY KEY ("position"),
  CONSTRAINT decision_verdict_check CHECK ((verdict = ANY (ARRAY['approved'::text, 'rejected'::text])))
);

CREATE TABLE nightfeed.feed (
  feed text NOT NULL,
  applied_date date,
  applied_revision integer,
  applied_delivery text,
  applied_at timestamp with time zone,
  lake text,
  lake_place text,
  CONSTRAINT feed_check CHECK ((num_nulls(applied_date, applied_revision, applied_delivery, applied_at) = ANY (ARRAY[0, 4]))),
  CONSTRAINT feed_pkey PRIMARY KEY (feed)
);

CREATE TABLE nightfeed.migration (
  version integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT migration_pkey PRIMARY KEY (version)
);

CREATE TABLE nightfeed.outbox (
  id text NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  change_set text,
  message json NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  sent_at timestamp with time zone,
  CONSTRAINT outbox_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision),
  CONSTRAINT outbox_feed_date_revision_state_change_set_key UNIQUE NULLS NOT DISTINCT (feed, date, revision, state, change_set),
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_position_key UNIQUE ("position")
);

CREATE TABLE nightfeed.quarantine (
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  table_name text NOT NULL,
  code text NOT NULL,
  rows bigint NOT NULL,
  object text,
  CONSTRAINT quarantine_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision),
  CONSTRAINT quarantine_pkey PRIMARY KEY (feed, date, revision, table_name, code),
  CONSTRAINT quarantine_rows_check CHECK ((rows > 0))
);

CREATE TABLE nightfeed.restart (
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  restarted_by text NOT NULL,
  reason text NOT NULL,
  restarted_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT restart_pkey PRIMARY KEY ("position")
);

CREATE TABLE nightfeed.run (
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  fence integer NOT NULL,
  owner jsonb,
  lease timestamp with time zone,
  opened_at timestamp with time zone NOT NULL DEFAULT now(),
  ended_at timestamp with time zone,
  feed_hash text NOT NULL,
  folder text NOT NULL,
  listing text,
  reading text,
  delivery text,
  change_set text,
  tables jsonb,
  steps jsonb,
  holds jsonb NOT NULL DEFAULT '[]'::jsonb,
  error json,
  published jsonb,
  outcomes jsonb NOT NULL DEFAULT '{}'::jsonb,
  worked_by text,
  measures jsonb,
  warnings jsonb NOT NULL DEFAULT '[]'::jsonb,
  origin jsonb,
  forced jsonb NOT NULL DEFAULT '[]'::jsonb,
  look jsonb,
  CONSTRAINT run_check CHECK (((state = 'running'::text) = ((owner IS NOT NULL) AND (lease IS NOT NULL) AND (ended_at IS NULL)))),
  CONSTRAINT run_check1 CHECK (((state = 'published'::text) = (published IS NOT NULL))),
  CONSTRAINT run_feed_fkey FOREIGN KEY (feed) REFERENCES nightfeed.feed(feed),
  CONSTRAINT run_fence_check CHECK ((fence >= 1)),
  CONSTRAINT run_pkey PRIMARY KEY (feed, date, revision),
  CONSTRAINT run_revision_check CHECK ((revision >= 1)),
  CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text, 'rejected'::text, 'superseded'::text])))
);

CREATE TABLE nightfeed.target_table (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  feed text NOT NULL,
  key_columns jsonb NOT NULL,
  history boolean NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT target_table_pkey PRIMARY KEY (schema_name, table_name)
);

CREATE INDEX decision_of_run ON nightfeed.decision USING btree (feed, date, revision);
CREATE INDEX outbox_unsent ON nightfeed.outbox USING btree ("position") WHERE (sent_at IS NULL);
CREATE INDEX run_by_opening ON nightfeed.run USING btree (opened_at DESC);
CREATE INDEX run_by_worker ON nightfeed.run USING btree (worked_by, opened_at DESC);
CREATE INDEX run_published ON nightfeed.run USING btree (feed, date DESC, revision) WHERE (state = 'published'::text);
CREATE INDEX run_unfinished ON nightfeed.run USING btree (feed) WHERE (state = ANY (ARRAY['running'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text]));

CREATE OR REPLACE FUNCTION nightfeed.add_text_column(of_schema text, of_table text, of_column text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  has_history boolean;
  relation text;
  target regclass;
  found text;
  closed_columns text;
  open_columns text;
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
  SELECT string_agg(quote_ident(shown.attname), ', ' ORDER BY shown.attnum),
    string_agg(
      CASE WHEN stored.attname IS NULL THEN 'NULL::' || format_type(shown.atttypid, shown.atttypmod) ELSE quote_ident(shown.attname) END,
      ', ' ORDER BY shown.attnum)
  INTO closed_columns, open_columns
  FROM pg_attribute shown
  LEFT JOIN pg_attribute stored ON stored.attrelid = format('%I.%I', of_schema, of_table)::regclass
    AND stored.attname = shown.attname AND stored.attnum > 0 AND NOT stored.attisdropped
  WHERE shown.attrelid = target AND shown.attnum > 0 AND NOT shown.attisdropped
    AND shown.attname NOT IN ('_valid_from', '_valid_to');
  EXECUTE format(
    'CREATE OR REPLACE VIEW %s AS SELECT _valid_from, _valid_to, %s, %I FROM %I.%I '
    'UNION ALL SELECT _last_changed, NULL::date, %s, %I FROM %I.%I WHERE _gone_since IS NULL',
    target, closed_columns, of_column, of_schema, of_table || '_history', open_columns, of_column, of_schema, of_table);
END $function$;
REVOKE ALL ON FUNCTION nightfeed.add_text_column(text,text,text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.begin_first_load(of_schema text, of_table text, of_date date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$;
REVOKE ALL ON FUNCTION nightfeed.begin_first_load(text,text,date) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.finish_first_load(of_schema text, of_table text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$;
REVOKE ALL ON FUNCTION nightfeed.finish_first_load(text,text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.keyless_table(of_schema text, of_table text)
 RETURNS regclass
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$;
REVOKE ALL ON FUNCTION nightfeed.keyless_table(text,text) FROM PUBLIC;

