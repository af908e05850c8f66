-- `steps` of a run was never filled. By step: when it began last and when that ended (instants in UTC, as JSON writes them; no end
-- while it is at work, or when its process died), and `attempts`, how often it was begun. `fence` and `earlier` serve the counting: under
-- which fence it was told of last, and how many of the attempts were made under fences before.

-- `steps` of a run with what the process tells that has it under this fence. Of `attempts` it tells its own.
CREATE FUNCTION nightfeed.merged_steps(known jsonb, news jsonb, of_fence integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN news IS NULL THEN known ELSE coalesce(known, '{}') || (
    SELECT coalesce(jsonb_object_agg(name, told || jsonb_build_object(
      'fence', of_fence, 'earlier', earlier, 'attempts', earlier + (told ->> 'attempts')::integer)), '{}')
    FROM jsonb_each(news) AS new (name, told)
    CROSS JOIN LATERAL (SELECT coalesce(CASE (known -> name ->> 'fence')::integer
      WHEN of_fence THEN (known -> name ->> 'earlier')::integer
      ELSE (known -> name ->> 'attempts')::integer END, 0) AS earlier) AS before) END
$$;

CREATE FUNCTION nightfeed.instant() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- A process that takes several steps tells of them, also after the run ended. Never waits: a publish of this run may have the row.
-- False when the row was not to be had, or the run is somebody else's.
CREATE FUNCTION nightfeed.note_steps(of_feed text, of_date date, of_revision integer, of_fence integer, news jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM nightfeed.require_own(of_feed);
  UPDATE nightfeed.run SET steps = nightfeed.merged_steps(steps, news, of_fence)
  WHERE (feed, date, revision) IN (
    SELECT r.feed, r.date, r.revision FROM nightfeed.run AS r
    WHERE r.feed = of_feed AND r.date = of_date AND r.revision = of_revision AND r.fence = of_fence
    FOR UPDATE SKIP LOCKED);
  RETURN FOUND;
END $$;

-- As before, and `steps` has that the step began. A step that was told to wait goes on, and one may also begin after the run ended.
CREATE OR REPLACE FUNCTION nightfeed.enter_run(
  of_feed text, of_date date, of_revision integer, of_owner jsonb, lease_seconds double precision, begins text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

CREATE FUNCTION nightfeed.begun_step(known jsonb, step text, of_fence integer) RETURNS jsonb
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN step IS NULL THEN known ELSE coalesce(known, '{}') || jsonb_build_object(step, jsonb_build_object(
    'began', nightfeed.instant(), 'ended', NULL, 'fence', of_fence,
    'earlier', attempts, 'attempts', attempts + 1)) END
  FROM (SELECT coalesce((known -> step ->> 'attempts')::integer, 0) AS attempts) AS before
$$;

-- As before, and `steps` has that the step ended, unless it has to wait.
CREATE OR REPLACE FUNCTION nightfeed.record_outcome(
  of_feed text, of_date date, of_revision integer, of_fence integer, of_step text, of_outcome jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM nightfeed.require_own(of_feed), nightfeed.require_step(of_step);
  UPDATE nightfeed.run SET outcomes = outcomes || jsonb_build_object(of_step, of_outcome),
    steps = CASE
      WHEN steps -> of_step -> 'ended' = 'null' AND of_outcome ->> 'outcome' IS DISTINCT FROM 'waiting'
      THEN jsonb_set(steps, ARRAY[of_step, 'ended'], to_jsonb(nightfeed.instant()))
      ELSE steps END
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION
  nightfeed.instant(),
  nightfeed.begun_step(jsonb, text, integer),
  nightfeed.note_steps(text, date, integer, integer, jsonb)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nightfeed.merged_steps(jsonb, jsonb, integer) TO PUBLIC;

-- Roles of people that note what their runs find go on with what they took. Logins get their rights from their deployment.
DO $grants$
DECLARE
  role text;
BEGIN
  FOR role IN
    SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
    FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS acl
    WHERE p.oid = 'nightfeed.note_run'::regproc AND acl.privilege_type = 'EXECUTE' AND acl.grantee <> p.proowner
      AND NOT EXISTS (SELECT FROM nightfeed.login WHERE acl.grantee <> 0 AND role_name = pg_get_userbyid(acl.grantee))
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION nightfeed.note_steps(text, date, integer, integer, jsonb) TO %s', role);
  END LOOP;
END $grants$;
