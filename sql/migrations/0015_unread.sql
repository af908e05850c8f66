-- What no version of nightfeed ever read, and all leave to its default.
ALTER TABLE nightfeed.outbox DROP COLUMN created_at;
ALTER TABLE nightfeed.target_table DROP COLUMN created_at;

-- As before, without steps: no version ever noted any here, and `note_steps` is for them.
CREATE OR REPLACE FUNCTION nightfeed.note_run(of_feed text, of_date date, of_revision integer, of_fence integer, facts jsonb) RETURNS boolean
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
    measures = coalesce(facts -> 'measures', measures),
    warnings = coalesce(facts -> 'warnings', warnings),
    look = coalesce(facts -> 'look', look)
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence AND state = 'running';
  RETURN FOUND;
END $$;
