-- Logins that each work for one feed and one kind of process. A role that is not named here is a person's, or the owner's: it may do
-- on every feed what it was granted.
CREATE TABLE nightfeed.login (
  role_name name PRIMARY KEY,
  feed text NOT NULL,
  kind text NOT NULL,
  -- Whose outcomes it may leave, and which facts of a run it may note.
  steps text[] NOT NULL,
  facts text[] NOT NULL
);

-- A login of all feeds, as there was before, works no more on the feeds that have logins of their own since.
CREATE TABLE nightfeed.retired_login (
  role_name name NOT NULL,
  feed text NOT NULL,
  PRIMARY KEY (role_name, feed)
);

CREATE FUNCTION nightfeed.may_work_on(of_feed text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM nightfeed.login WHERE role_name = session_user AND feed <> of_feed)
    AND NOT EXISTS (SELECT FROM nightfeed.retired_login WHERE role_name = session_user AND feed = of_feed)
$$;

ALTER TABLE nightfeed.feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.run ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.applied_table ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.restart ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.feed USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.run USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.applied_table USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.quarantine USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.decision USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.restart USING (nightfeed.may_work_on(feed));
-- An id of another feed's would keep that feed's message out, because each id is told once.
CREATE POLICY own_feed ON nightfeed.outbox USING (nightfeed.may_work_on(feed))
  WITH CHECK (nightfeed.may_work_on(feed) AND starts_with(id, feed || '/'));

CREATE FUNCTION nightfeed.require_own(of_feed text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT nightfeed.may_work_on(of_feed) THEN
    RAISE EXCEPTION '% does not work on the feed %', session_user, of_feed USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

CREATE FUNCTION nightfeed.require_step(of_step text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM nightfeed.login WHERE role_name = session_user AND of_step <> ALL (steps)) THEN
    RAISE EXCEPTION '% does not do the step %', session_user, of_step USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- What a process tells of its run, for logins that write nothing else. No step lasts longer than a day, and neither does a lease.

-- Takes up a run for its owner, and forgets the outcome of the step that begins; the new fence, or null.
CREATE FUNCTION nightfeed.enter_run(
  of_feed text, of_date date, of_revision integer, of_owner jsonb, lease_seconds double precision, begins text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  raised integer;
BEGIN
  PERFORM nightfeed.require_own(of_feed), nightfeed.require_step(begins);
  UPDATE nightfeed.run SET fence = fence + 1, lease = clock_timestamp() + make_interval(secs => least(lease_seconds, 86400)),
    outcomes = outcomes - coalesce(begins, '')
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND state = 'running' AND owner = of_owner
  RETURNING fence INTO raised;
  RETURN raised;
END $$;

-- Never waits: a publish of this run may have the row.
CREATE FUNCTION nightfeed.renew_lease(
  of_feed text, of_date date, of_revision integer, of_fence integer, lease_seconds double precision
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  UPDATE nightfeed.run SET lease = clock_timestamp() + make_interval(secs => least(lease_seconds, 86400))
  WHERE (feed, date, revision) IN (
    SELECT r.feed, r.date, r.revision FROM nightfeed.run AS r
    WHERE r.feed = of_feed AND r.date = of_date AND r.revision = of_revision AND r.fence = of_fence AND r.state = 'running'
    FOR UPDATE SKIP LOCKED);
END $$;

-- `tables` of a run with what is new: numbers of a table are added to those that it has.
CREATE FUNCTION nightfeed.merged_tables(known jsonb, news jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN news IS NULL THEN known ELSE (
    SELECT coalesce(jsonb_object_agg(name, CASE
      WHEN jsonb_typeof(old.value) = 'object' AND jsonb_typeof(new.value) = 'object' THEN old.value || new.value
      ELSE coalesce(new.value, old.value) END), '{}')
    FROM jsonb_each(coalesce(known, '{}')) AS old (name, value)
    FULL JOIN jsonb_each(news) AS new (name, value) USING (name)) END
$$;

-- Adds facts to a run; of `tables` and `steps` the named ones. False when the run is not running under this fence.
CREATE FUNCTION nightfeed.note_run(of_feed text, of_date date, of_revision integer, of_fence integer, facts jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
    steps = CASE WHEN facts ? 'steps' THEN coalesce(steps, '{}') || (facts -> 'steps') ELSE steps END,
    measures = coalesce(facts -> 'measures', measures),
    warnings = coalesce(facts -> 'warnings', warnings),
    look = coalesce(facts -> 'look', look)
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence AND state = 'running';
  RETURN FOUND;
END $$;

-- Also after the run ended, as long as nobody opened it again: false then.
CREATE FUNCTION nightfeed.record_outcome(
  of_feed text, of_date date, of_revision integer, of_fence integer, of_step text, of_outcome jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM nightfeed.require_own(of_feed), nightfeed.require_step(of_step);
  UPDATE nightfeed.run SET outcomes = outcomes || jsonb_build_object(of_step, of_outcome)
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence;
  RETURN FOUND;
END $$;

-- The only way to a decision: on a run that is held, for the change set that was seen. A rejection ends the run and leaves its message.
-- Answers how the run stood, and whether this was recorded; null for a run that is not there.
CREATE FUNCTION nightfeed.decide(
  of_feed text, of_date date, of_revision integer, of_change_set text, of_verdict text, of_guards jsonb, by_whom text, for_reason text,
  of_message json
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

-- Whoever tidies up owns no stages. Those of a run that is at work stay: false then.
CREATE FUNCTION nightfeed.drop_stage(of_stage text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM nightfeed.run
    WHERE state = 'running' AND left(encode(sha256(convert_to(
      feed || '/' || to_char(date, 'YYYY-MM-DD') || CASE WHEN revision > 1 THEN '-r' || revision ELSE '' END, 'UTF8')), 'hex'), 16)
      = left(of_stage, 16)
  ) THEN
    RETURN false;
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS nightfeed_stage.%I', of_stage);
  RETURN true;
END $$;

-- The owner's functions for tables of a feed are for its own logins only.

CREATE FUNCTION nightfeed.require_ours(of_schema text, of_table text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner text := (SELECT feed FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table);
BEGIN
  IF owner IS NULL THEN
    RAISE EXCEPTION '%.% is no table of nightfeed', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  PERFORM nightfeed.require_own(owner);
END $$;

CREATE OR REPLACE FUNCTION nightfeed.keyless_table(of_schema text, of_table text) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

CREATE OR REPLACE FUNCTION nightfeed.add_text_column(of_schema text, of_table text, of_column text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

REVOKE ALL ON FUNCTION
  nightfeed.require_own(text),
  nightfeed.require_step(text),
  nightfeed.require_ours(text, text),
  nightfeed.enter_run(text, date, integer, jsonb, double precision, text),
  nightfeed.renew_lease(text, date, integer, integer, double precision),
  nightfeed.note_run(text, date, integer, integer, jsonb),
  nightfeed.record_outcome(text, date, integer, integer, text, jsonb),
  nightfeed.decide(text, date, integer, text, text, jsonb, text, text, json),
  nightfeed.drop_stage(text)
FROM PUBLIC;

-- Roles that wrote runs and decisions until now go on: they do the same through the functions.
DO $grants$
DECLARE
  role text;
  functions text;
BEGIN
  FOR role, functions IN
    SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END, given.functions
    FROM (VALUES
      ('nightfeed.run'::regclass, 'UPDATE',
        'nightfeed.enter_run, nightfeed.renew_lease, nightfeed.note_run, nightfeed.record_outcome, nightfeed.drop_stage'),
      ('nightfeed.decision'::regclass, 'INSERT', 'nightfeed.decide')
    ) AS given (relation, wrote, functions)
    JOIN pg_class AS c ON c.oid = given.relation
    CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
    WHERE acl.privilege_type = given.wrote AND acl.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', functions, role);
  END LOOP;
END $grants$;
