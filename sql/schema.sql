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

CREATE TABLE nightfeed.compatibility (
  single boolean NOT NULL DEFAULT true,
  oldest_reader integer NOT NULL,
  oldest_writer integer NOT NULL,
  CONSTRAINT compatibility_check CHECK ((oldest_reader <= oldest_writer)),
  CONSTRAINT compatibility_pkey PRIMARY KEY (single),
  CONSTRAINT compatibility_single_check CHECK (single)
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

CREATE TABLE nightfeed.ledger_migration (
  version integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT migration_pkey PRIMARY KEY (version)
);

CREATE TABLE nightfeed.load_file_log (
  ending bigint NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  "position" integer NOT NULL,
  table_name text NOT NULL,
  file text NOT NULL,
  member text,
  size_bytes bigint,
  modified_at timestamp with time zone,
  sha256 text,
  unpacked_bytes bigint,
  unpacked_sha256 text,
  format text,
  rows_in bigint,
  rejected bigint,
  CONSTRAINT load_file_log_ending_fkey FOREIGN KEY (ending) REFERENCES nightfeed.load_log(ending) ON DELETE CASCADE,
  CONSTRAINT load_file_log_pkey PRIMARY KEY (ending, "position")
);

CREATE TABLE nightfeed.load_log (
  ending bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  error text,
  fence integer NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  begun_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone NOT NULL,
  deadline timestamp with time zone,
  margin_seconds double precision,
  delivery text,
  change_set text,
  files bigint,
  size_bytes numeric,
  rows_in bigint,
  accepted bigint,
  rejected bigint,
  filtered bigint,
  inserted bigint,
  updated bigint,
  gone bigint,
  logged_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT load_log_pkey PRIMARY KEY (ending)
);

CREATE TABLE nightfeed.load_table_log (
  ending bigint NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  table_name text NOT NULL,
  rows_in bigint,
  accepted bigint,
  rejected bigint,
  filtered bigint,
  collapsed bigint,
  inserted bigint,
  updated bigint,
  returned bigint,
  gone bigint,
  unchanged bigint,
  suspended bigint,
  engine text,
  CONSTRAINT load_table_log_ending_fkey FOREIGN KEY (ending) REFERENCES nightfeed.load_log(ending) ON DELETE CASCADE,
  CONSTRAINT load_table_log_pkey PRIMARY KEY (ending, table_name)
);

CREATE TABLE nightfeed.login (
  role_name name NOT NULL,
  feed text NOT NULL,
  kind text NOT NULL,
  steps text[] NOT NULL,
  facts text[] NOT NULL,
  CONSTRAINT login_pkey PRIMARY KEY (role_name)
);

CREATE TABLE nightfeed.missed (
  feed text NOT NULL,
  date date NOT NULL,
  found_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  found_by text NOT NULL,
  CONSTRAINT missed_pkey PRIMARY KEY (feed, date)
);

CREATE TABLE nightfeed.outbox (
  id text NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer,
  state text NOT NULL,
  change_set text,
  message json NOT NULL,
  sent_at timestamp with time zone,
  CONSTRAINT outbox_feed_date_revision_fkey FOREIGN KEY (feed, date, revision) REFERENCES nightfeed.run(feed, date, revision),
  CONSTRAINT outbox_feed_date_revision_state_change_set_key UNIQUE NULLS NOT DISTINCT (feed, date, revision, state, change_set),
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_position_key UNIQUE ("position")
);

CREATE TABLE nightfeed.outbox_channel (
  id text NOT NULL,
  feed text NOT NULL,
  channel text NOT NULL,
  attempts integer NOT NULL,
  tried_at timestamp with time zone NOT NULL,
  telling_until timestamp with time zone,
  teller jsonb,
  sent_at timestamp with time zone,
  refusal text,
  CONSTRAINT outbox_channel_attempts_check CHECK ((attempts >= 1)),
  CONSTRAINT outbox_channel_check CHECK ((num_nonnulls(telling_until, sent_at, refusal) = 1)),
  CONSTRAINT outbox_channel_id_fkey FOREIGN KEY (id) REFERENCES nightfeed.outbox(id),
  CONSTRAINT outbox_channel_pkey PRIMARY KEY (id, channel)
);

CREATE TABLE nightfeed.pickup_log (
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  name text NOT NULL,
  size bigint NOT NULL,
  modified text,
  version text,
  action text NOT NULL,
  target text,
  planned_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  outcome text,
  ended_at timestamp with time zone,
  tried_at timestamp with time zone,
  reason text,
  CONSTRAINT pickup_log_pkey PRIMARY KEY (feed, date, revision, name)
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

CREATE TABLE nightfeed.retired_login (
  role_name name NOT NULL,
  feed text NOT NULL,
  CONSTRAINT retired_login_pkey PRIMARY KEY (role_name, feed)
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
  begun_at timestamp with time zone DEFAULT now(),
  deadline timestamp with time zone,
  files jsonb,
  CONSTRAINT run_check CHECK (((state = 'running'::text) = ((owner IS NOT NULL) AND (lease IS NOT NULL) AND (ended_at IS NULL)))),
  CONSTRAINT run_check1 CHECK (((state = 'published'::text) = (published IS NOT NULL))),
  CONSTRAINT run_feed_fkey FOREIGN KEY (feed) REFERENCES nightfeed.feed(feed),
  CONSTRAINT run_fence_check CHECK ((fence >= 1)),
  CONSTRAINT run_pkey PRIMARY KEY (feed, date, revision),
  CONSTRAINT run_revision_check CHECK ((revision >= 1)),
  CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text, 'rejected'::text, 'superseded'::text])))
);

CREATE TABLE nightfeed.step_log (
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  step text NOT NULL,
  fence integer NOT NULL,
  attempt integer NOT NULL,
  outcome text,
  error text,
  host text NOT NULL,
  began_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone NOT NULL,
  seconds double precision NOT NULL,
  bytes numeric,
  rows bigint,
  cpu_seconds double precision,
  peak_memory_bytes numeric,
  free_disk_bytes numeric,
  received_bytes numeric,
  sent_bytes numeric,
  CONSTRAINT step_log_check CHECK ((num_nonnulls(outcome, error) = 1)),
  CONSTRAINT step_log_pkey PRIMARY KEY ("position")
);

CREATE TABLE nightfeed.storage_log (
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  zone text NOT NULL,
  table_name text,
  bytes numeric NOT NULL,
  objects bigint NOT NULL,
  growth_bytes numeric NOT NULL,
  growth_objects bigint NOT NULL,
  measured_at timestamp with time zone NOT NULL,
  CONSTRAINT storage_log_pkey PRIMARY KEY ("position")
);

CREATE TABLE nightfeed.target_table (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  feed text NOT NULL,
  key_columns jsonb NOT NULL,
  history boolean NOT NULL,
  CONSTRAINT target_table_pkey PRIMARY KEY (schema_name, table_name)
);

CREATE VIEW nightfeed.migration AS
 SELECT version,
    name,
    applied_at
   FROM nightfeed.ledger_migration
  WHERE (version <= ( SELECT oldest_writer
           FROM nightfeed.compatibility));

GRANT SELECT ON nightfeed.compatibility TO PUBLIC;
GRANT SELECT ON nightfeed.ledger_migration TO PUBLIC;
GRANT SELECT ON nightfeed.migration TO PUBLIC;

CREATE INDEX decision_of_run ON nightfeed.decision USING btree (feed, date, revision);
CREATE INDEX load_log_of_run ON nightfeed.load_log USING btree (feed, date, revision, ending);
CREATE INDEX outbox_unsent ON nightfeed.outbox USING btree ("position") WHERE (sent_at IS NULL);
CREATE INDEX pickup_log_open ON nightfeed.pickup_log USING btree (feed, date, revision) WHERE (outcome IS NULL);
CREATE INDEX run_by_opening ON nightfeed.run USING btree (opened_at DESC);
CREATE INDEX run_by_worker ON nightfeed.run USING btree (worked_by, opened_at DESC);
CREATE INDEX run_published ON nightfeed.run USING btree (feed, date DESC, revision) WHERE (state = 'published'::text);
CREATE INDEX run_unfinished ON nightfeed.run USING btree (feed) WHERE (state = ANY (ARRAY['running'::text, 'held'::text, 'late'::text, 'refused'::text, 'failed'::text]));
CREATE INDEX step_log_of_run ON nightfeed.step_log USING btree (feed, date, revision);
CREATE INDEX storage_log_newest ON nightfeed.storage_log USING btree (feed, zone, table_name, "position");

CREATE POLICY own_feed ON nightfeed.applied_table USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.decision USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.feed USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.load_file_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.load_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.load_table_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.missed USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.outbox USING (nightfeed.may_work_on(feed)) WITH CHECK ((nightfeed.may_work_on(feed) AND starts_with(id, (feed || '/'::text))));
CREATE POLICY own_feed ON nightfeed.outbox_channel USING (nightfeed.may_work_on(feed)) WITH CHECK ((nightfeed.may_work_on(feed) AND starts_with(id, (feed || '/'::text))));
CREATE POLICY own_feed ON nightfeed.pickup_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.quarantine USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.restart USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.run USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.step_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.storage_log USING (nightfeed.may_work_on(feed));

CREATE TRIGGER begin_again BEFORE UPDATE OF owner ON nightfeed.run FOR EACH ROW WHEN (((new.state = 'running'::text) AND ((old.state <> 'running'::text) OR (old.owner IS DISTINCT FROM new.owner)))) EXECUTE FUNCTION nightfeed.begin_again();
CREATE TRIGGER log_ending AFTER UPDATE OF state ON nightfeed.run FOR EACH ROW WHEN (((new.state <> 'running'::text) AND (old.state <> new.state))) EXECUTE FUNCTION nightfeed.log_ending();
CREATE TRIGGER log_ending_at_once AFTER INSERT ON nightfeed.run FOR EACH ROW WHEN ((new.state <> 'running'::text)) EXECUTE FUNCTION nightfeed.log_ending();

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
  PERFORM nightfeed.require_ours(of_schema, of_table);
  SELECT history INTO has_history FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table;
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

CREATE OR REPLACE FUNCTION nightfeed.begin_again()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  NEW.begun_at := clock_timestamp();
  NEW.tables := NULL;
  NEW.files := NULL;
  RETURN NEW;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.begin_again() FROM PUBLIC;

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

CREATE OR REPLACE FUNCTION nightfeed.begun_step(known jsonb, step text, of_fence integer)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN step IS NULL THEN known ELSE coalesce(known, '{}') || jsonb_build_object(step, jsonb_build_object(
    'began', nightfeed.instant(), 'ended', NULL, 'fence', of_fence,
    'earlier', attempts, 'attempts', attempts + 1)) END
  FROM (SELECT coalesce((known -> step ->> 'attempts')::integer, 0) AS attempts) AS before
$function$;
REVOKE ALL ON FUNCTION nightfeed.begun_step(jsonb,text,integer) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.counted(found jsonb, name text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN jsonb_typeof(found -> name) = 'number' AND abs((found ->> name)::numeric) < 9e15
    THEN (found ->> name)::numeric::bigint END
$function$;
REVOKE ALL ON FUNCTION nightfeed.counted(jsonb,text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.decide(of_feed text, of_date date, of_revision integer, of_change_set text, of_verdict text, of_guards jsonb, by_whom text, for_reason text, of_message json)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  found_state text;
  held text;
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  SELECT state, change_set INTO found_state, held FROM nightfeed.run
  WHERE feed = of_feed AND date = of_date AND revision = of_revision FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF found_state <> 'held' OR held IS DISTINCT FROM of_change_set THEN
    RETURN jsonb_build_object('state', found_state, 'held', held, 'recorded', false);
  END IF;
  INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, guards, decided_by, reason)
  VALUES (of_feed, of_date, of_revision, of_change_set, of_verdict, of_guards, by_whom, for_reason);
  IF of_verdict = 'rejected' THEN
    UPDATE nightfeed.run SET state = 'rejected', ended_at = clock_timestamp()
    WHERE feed = of_feed AND date = of_date AND revision = of_revision;
    IF NOT starts_with(of_message ->> 'id', of_feed || '/') THEN
      RAISE EXCEPTION 'a message of % may not be named %', of_feed, of_message ->> 'id' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO nightfeed.outbox (id, feed, date, revision, state, change_set, message)
    VALUES (of_message ->> 'id', of_feed, of_date, of_revision, 'rejected', of_change_set, of_message) ON CONFLICT DO NOTHING;
  END IF;
  RETURN jsonb_build_object('state', found_state, 'held', held, 'recorded', true);
END $function$;
REVOKE ALL ON FUNCTION nightfeed.decide(text,date,integer,text,text,jsonb,text,text,json) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.drop_stage(of_stage text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF EXISTS (
    SELECT FROM nightfeed.run
    WHERE (state = 'running' OR NOT nightfeed.may_work_on(feed)) AND left(encode(sha256(convert_to(
      feed || '/' || to_char(date, 'YYYY-MM-DD') || CASE WHEN revision > 1 THEN '-r' || revision ELSE '' END, 'UTF8')), 'hex'), 16)
      = left(of_stage, 16)
  ) THEN
    RETURN false;
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS nightfeed_stage.%I', of_stage);
  RETURN true;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.drop_stage(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.enter_run(of_feed text, of_date date, of_revision integer, of_owner jsonb, lease_seconds double precision, begins text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  raised integer;
BEGIN
  PERFORM nightfeed.require_own(of_feed), nightfeed.require_step(begins);
  UPDATE nightfeed.run SET fence = fence + 1, lease = clock_timestamp() + make_interval(secs => least(lease_seconds, 86400)),
    outcomes = outcomes - coalesce(begins, ''),
    steps = CASE WHEN outcomes -> begins ->> 'outcome' = 'waiting' THEN steps ELSE nightfeed.begun_step(steps, begins, fence + 1) END
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND state = 'running' AND owner = of_owner
  RETURNING fence INTO raised;
  IF raised IS NULL AND begins IS NOT NULL THEN
    UPDATE nightfeed.run SET steps = nightfeed.begun_step(steps, begins, fence)
    WHERE feed = of_feed AND date = of_date AND revision = of_revision AND state <> 'running' AND worked_by = of_owner ->> 'host';
  END IF;
  RETURN raised;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.enter_run(text,date,integer,jsonb,double precision,text) FROM PUBLIC;

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

CREATE OR REPLACE FUNCTION nightfeed.instant()
 RETURNS text
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$function$;
REVOKE ALL ON FUNCTION nightfeed.instant() FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.keyless_table(of_schema text, of_table text)
 RETURNS regclass
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  target regclass := to_regclass(format('%I.%I', of_schema, of_table));
BEGIN
  PERFORM nightfeed.require_ours(of_schema, of_table);
  IF target IS NULL THEN
    RAISE EXCEPTION '%.% is not there', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  IF EXISTS (SELECT FROM pg_index WHERE indrelid = target AND indisprimary) THEN
    RAISE EXCEPTION '%.% has its primary key already', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  RETURN target;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.keyless_table(text,text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.log_ending()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  this bigint;
  ended timestamptz := coalesce(NEW.ended_at, clock_timestamp());
  known_tables jsonb := CASE WHEN jsonb_typeof(NEW.tables) = 'object' THEN NEW.tables ELSE '{}' END;
  listed jsonb := CASE WHEN jsonb_typeof(NEW.files -> 'listed') = 'array' THEN NEW.files -> 'listed' ELSE '[]' END;
BEGIN
  INSERT INTO nightfeed.load_log (feed, date, revision, kind, state, error, fence, opened_at, begun_at, ended_at, deadline, margin_seconds,
    delivery, change_set, files, size_bytes)
  SELECT NEW.feed, NEW.date, NEW.revision, coalesce(NEW.origin ->> 'kind', 'night'), NEW.state, NEW.error ->> 'name', NEW.fence, NEW.opened_at,
    coalesce(NEW.begun_at, NEW.opened_at), ended, NEW.deadline, extract(epoch FROM NEW.deadline - ended),
    NEW.delivery, NEW.change_set, CASE WHEN NEW.files ? 'listed' THEN files.count END, files.bytes
  FROM (
    SELECT count(*) AS count, sum(bytes) AS bytes FROM (
      SELECT max(nightfeed.counted(file, 'size')) AS bytes FROM jsonb_array_elements(listed) AS file GROUP BY file ->> 'file'
    ) AS distinct_files
  ) AS files
  RETURNING ending INTO this;

  INSERT INTO nightfeed.load_file_log (ending, feed, date, revision, state, "position", table_name, file, member, size_bytes, modified_at,
    sha256, unpacked_bytes, unpacked_sha256, format, rows_in, rejected)
  SELECT this, NEW.feed, NEW.date, NEW.revision, NEW.state, place, coalesce(file ->> 'table', ''), coalesce(file ->> 'file', ''),
    file ->> 'member', nightfeed.counted(file, 'size'), to_timestamp(nightfeed.counted(file, 'modified') / 1000.0),
    file ->> 'sha256', nightfeed.counted(file, 'unpacked'), file ->> 'unpackedSha256', file ->> 'format', nightfeed.counted(file, 'rows'),
    CASE WHEN NEW.files -> 'rejected' ? (file ->> 'table')
      THEN coalesce(nightfeed.counted(NEW.files -> 'rejected' -> (file ->> 'table'), concat_ws('/', file ->> 'file', file ->> 'member')), 0)
      WHEN nightfeed.counted(known_tables -> (file ->> 'table'), 'rejected') = 0 THEN 0 END
  FROM jsonb_array_elements(listed) WITH ORDINALITY AS each (file, place);

  INSERT INTO nightfeed.load_table_log (ending, feed, date, revision, state, table_name, rows_in, accepted, rejected, filtered, collapsed,
    inserted, updated, returned, gone, unchanged, suspended, engine)
  SELECT this, NEW.feed, NEW.date, NEW.revision, NEW.state, name, coalesce(nightfeed.counted(told, 'rows'), landed.rows),
    nightfeed.counted(told, 'rows') - nightfeed.counted(told, 'rejected') - nightfeed.counted(told, 'filtered')
      - coalesce(nightfeed.counted(told, 'collapsed'), 0),
    nightfeed.counted(told, 'rejected'), nightfeed.counted(told, 'filtered'), nightfeed.counted(told, 'collapsed'),
    nightfeed.counted(told, 'inserted'), nightfeed.counted(told, 'updated'), nightfeed.counted(told, 'returned'),
    nightfeed.counted(told, 'gone'), nightfeed.counted(told, 'unchanged'), nightfeed.counted(told, 'suspended'), told ->> 'engine'
  FROM jsonb_each(known_tables) AS known (name, told)
  FULL JOIN (
    SELECT table_name AS name, sum(rows_in)::bigint AS rows FROM nightfeed.load_file_log WHERE ending = this GROUP BY table_name
  ) AS landed USING (name);

  UPDATE nightfeed.load_log AS l SET (rows_in, accepted, rejected, filtered, inserted, updated, gone) = (
    SELECT sum(t.rows_in), sum(t.accepted), sum(t.rejected), sum(t.filtered), sum(t.inserted), sum(t.updated), sum(t.gone)
    FROM nightfeed.load_table_log AS t WHERE t.ending = this
  ) WHERE l.ending = this;
  RETURN NULL;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.log_ending() FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.log_step(of_feed text, of_date date, of_revision integer, of_fence integer, told jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  INSERT INTO nightfeed.step_log (feed, date, revision, step, fence, attempt, outcome, error, host, began_at, ended_at, seconds, bytes, rows,
    cpu_seconds, peak_memory_bytes, free_disk_bytes, received_bytes, sent_bytes)
  SELECT of_feed, of_date, of_revision, t.step, of_fence,
    1 + (SELECT count(*) FROM nightfeed.step_log AS s
      WHERE s.feed = of_feed AND s.date = of_date AND s.revision = of_revision AND s.step = t.step),
    t.outcome, t.error, t.host, t."beganAt", t."endedAt", t.seconds, t.bytes, t.rows, t."cpuSeconds", t."peakMemoryBytes", t."freeDiskBytes",
    t."receivedBytes", t."sentBytes"
  FROM jsonb_to_record(told) AS t (step text, outcome text, error text, host text, "beganAt" timestamptz, "endedAt" timestamptz,
    seconds double precision, bytes numeric, rows bigint, "cpuSeconds" double precision, "peakMemoryBytes" numeric, "freeDiskBytes" numeric,
    "receivedBytes" numeric, "sentBytes" numeric)
  WHERE EXISTS (SELECT FROM nightfeed.run AS r
    WHERE r.feed = of_feed AND r.date = of_date AND r.revision = of_revision AND r.fence = of_fence);
  RETURN FOUND;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.log_step(text,date,integer,integer,jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.log_storage(of_feed text, of_date date, of_revision integer, sizes jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  INSERT INTO nightfeed.storage_log (feed, date, revision, zone, table_name, bytes, objects, growth_bytes, growth_objects, measured_at)
  SELECT of_feed, of_date, of_revision, place.zone, place.table_name, coalesce(now.bytes, 0), coalesce(now.objects, 0),
    coalesce(now.bytes, 0) - coalesce(before.bytes, 0), coalesce(now.objects, 0) - coalesce(before.objects, 0), clock_timestamp()
  FROM (
    SELECT zone, "table" AS table_name FROM jsonb_to_recordset(sizes) AS s (zone text, "table" text)
    UNION SELECT zone, table_name FROM nightfeed.storage_log WHERE feed = of_feed
  ) AS place
  LEFT JOIN jsonb_to_recordset(sizes) AS now (zone text, "table" text, bytes numeric, objects bigint)
    ON now.zone = place.zone AND now."table" IS NOT DISTINCT FROM place.table_name
  LEFT JOIN LATERAL (
    SELECT bytes, objects FROM nightfeed.storage_log AS s
    WHERE s.feed = of_feed AND s.zone = place.zone AND s.table_name IS NOT DISTINCT FROM place.table_name ORDER BY s."position" DESC LIMIT 1
  ) AS before ON true
  WHERE now.zone IS NOT NULL OR before.objects > 0
  ORDER BY place.zone, place.table_name;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.log_storage(text,date,integer,jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.may_work_on(of_feed text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT NOT EXISTS (SELECT FROM nightfeed.login WHERE role_name = session_user AND feed <> of_feed)
    AND NOT EXISTS (SELECT FROM nightfeed.retired_login WHERE role_name = session_user AND feed = of_feed)
$function$;

CREATE OR REPLACE FUNCTION nightfeed.merged_steps(known jsonb, news jsonb, of_fence integer)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN news IS NULL THEN known ELSE coalesce(known, '{}') || (
    SELECT coalesce(jsonb_object_agg(name, told || jsonb_build_object(
      'fence', of_fence, 'earlier', earlier, 'attempts', earlier + (told ->> 'attempts')::integer)), '{}')
    FROM jsonb_each(news) AS new (name, told)
    CROSS JOIN LATERAL (SELECT coalesce(CASE (known -> name ->> 'fence')::integer
      WHEN of_fence THEN (known -> name ->> 'earlier')::integer
      ELSE (known -> name ->> 'attempts')::integer END, 0) AS earlier) AS before) END
$function$;

CREATE OR REPLACE FUNCTION nightfeed.merged_tables(known jsonb, news jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN news IS NULL THEN known ELSE (
    SELECT coalesce(jsonb_object_agg(name, CASE
      WHEN jsonb_typeof(old.value) = 'object' AND jsonb_typeof(new.value) = 'object' THEN old.value || new.value
      ELSE coalesce(new.value, old.value) END), '{}')
    FROM jsonb_each(coalesce(known, '{}')) AS old (name, value)
    FULL JOIN jsonb_each(news) AS new (name, value) USING (name)) END
$function$;

CREATE OR REPLACE FUNCTION nightfeed.note_run(of_feed text, of_date date, of_revision integer, of_fence integer, facts jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  others text := (
    SELECT string_agg(fact, ', ') FROM jsonb_object_keys(note_run.facts) AS fact, nightfeed.login AS l
    WHERE l.role_name = session_user AND fact <> ALL (l.facts)
  );
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  IF others IS NOT NULL THEN
    RAISE EXCEPTION '% does not note: %', session_user, others USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE nightfeed.run SET
    listing = coalesce(facts ->> 'listing', listing),
    reading = coalesce(facts ->> 'reading', reading),
    delivery = coalesce(facts ->> 'delivery', delivery),
    change_set = coalesce(facts ->> 'changeSet', change_set),
    tables = nightfeed.merged_tables(tables, facts -> 'tables'),
    files = CASE WHEN jsonb_typeof(facts -> 'files') = 'object' THEN coalesce(files, '{}') || (facts -> 'files') ELSE files END,
    measures = coalesce(facts -> 'measures', measures),
    warnings = coalesce(facts -> 'warnings', warnings),
    look = coalesce(facts -> 'look', look)
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence AND state = 'running';
  RETURN FOUND;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.note_run(text,date,integer,integer,jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.note_steps(of_feed text, of_date date, of_revision integer, of_fence integer, news jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  UPDATE nightfeed.run SET steps = nightfeed.merged_steps(steps, news, of_fence)
  WHERE (feed, date, revision) IN (
    SELECT r.feed, r.date, r.revision FROM nightfeed.run AS r
    WHERE r.feed = of_feed AND r.date = of_date AND r.revision = of_revision AND r.fence = of_fence
    FOR UPDATE SKIP LOCKED);
  RETURN FOUND;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.note_steps(text,date,integer,integer,jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.record_outcome(of_feed text, of_date date, of_revision integer, of_fence integer, of_step text, of_outcome jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nightfeed.require_own(of_feed), nightfeed.require_step(of_step);
  UPDATE nightfeed.run SET outcomes = outcomes || jsonb_build_object(of_step, of_outcome),
    steps = CASE
      WHEN steps -> of_step -> 'ended' = 'null' AND of_outcome ->> 'outcome' IS DISTINCT FROM 'waiting'
      THEN jsonb_set(steps, ARRAY[of_step, 'ended'], to_jsonb(nightfeed.instant()))
      ELSE steps END
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence;
  RETURN FOUND;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.record_outcome(text,date,integer,integer,text,jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.renew_lease(of_feed text, of_date date, of_revision integer, of_fence integer, lease_seconds double precision)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  UPDATE nightfeed.run SET lease = clock_timestamp() + make_interval(secs => least(lease_seconds, 86400))
  WHERE (feed, date, revision) IN (
    SELECT r.feed, r.date, r.revision FROM nightfeed.run AS r
    WHERE r.feed = of_feed AND r.date = of_date AND r.revision = of_revision AND r.fence = of_fence AND r.state = 'running'
    FOR UPDATE SKIP LOCKED);
END $function$;
REVOKE ALL ON FUNCTION nightfeed.renew_lease(text,date,integer,integer,double precision) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.require_ours(of_schema text, of_table text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  owner text := (SELECT feed FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table);
BEGIN
  IF owner IS NULL THEN
    RAISE EXCEPTION '%.% is no table of nightfeed', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  PERFORM nightfeed.require_own(owner);
END $function$;
REVOKE ALL ON FUNCTION nightfeed.require_ours(text,text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.require_own(of_feed text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF NOT nightfeed.may_work_on(of_feed) THEN
    RAISE EXCEPTION '% does not work on the feed %', session_user, of_feed USING ERRCODE = 'insufficient_privilege';
  END IF;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.require_own(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION nightfeed.require_step(of_step text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF EXISTS (SELECT FROM nightfeed.login WHERE role_name = session_user AND of_step <> ALL (steps)) THEN
    RAISE EXCEPTION '% does not do the step %', session_user, of_step USING ERRCODE = 'insufficient_privilege';
  END IF;
END $function$;
REVOKE ALL ON FUNCTION nightfeed.require_step(text) FROM PUBLIC;

