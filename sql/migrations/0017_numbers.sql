-- Numbers that stay, for people who report on nights. One row of `load_log` for each ending of a run, with its tables and files beside it;
-- one of `step_log` for each step that ended; `storage_log` is what the lake held then. Nobody but the owner of the ledger may change or
-- delete a row: the functions below write them, and whoever owns the ledger decides how long they stay.

-- `begun_at`: when the run was opened last, after an earlier ending too. `deadline`: of its delivery, by the feed file of its opening.
-- `files`: `listed`, what came; `rejected`, how many records of each file were rejected, by table.
ALTER TABLE nightfeed.run ADD COLUMN begun_at timestamptz, ADD COLUMN deadline timestamptz, ADD COLUMN files jsonb;
ALTER TABLE nightfeed.run ALTER COLUMN begun_at SET DEFAULT now();

CREATE TABLE nightfeed.load_log (
  ending bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  error text,
  fence integer NOT NULL,
  opened_at timestamptz NOT NULL,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  deadline timestamptz,
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
  logged_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX load_log_of_run ON nightfeed.load_log (feed, date, revision, ending);

CREATE TABLE nightfeed.load_table_log (
  ending bigint REFERENCES nightfeed.load_log (ending) ON DELETE CASCADE,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  table_name text,
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
  PRIMARY KEY (ending, table_name)
);

CREATE TABLE nightfeed.load_file_log (
  ending bigint REFERENCES nightfeed.load_log (ending) ON DELETE CASCADE,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL,
  "position" integer,
  table_name text NOT NULL,
  file text NOT NULL,
  member text,
  size_bytes bigint,
  modified_at timestamptz,
  sha256 text,
  unpacked_bytes bigint,
  unpacked_sha256 text,
  format text,
  rows_in bigint,
  rejected bigint,
  PRIMARY KEY (ending, "position")
);

CREATE TABLE nightfeed.step_log (
  "position" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  step text NOT NULL,
  fence integer NOT NULL,
  attempt integer NOT NULL,
  outcome text,
  error text,
  host text NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  seconds double precision NOT NULL,
  bytes numeric,
  rows bigint,
  cpu_seconds double precision,
  peak_memory_bytes numeric,
  free_disk_bytes numeric,
  received_bytes numeric,
  sent_bytes numeric,
  CHECK (num_nonnulls(outcome, error) = 1)
);
CREATE INDEX step_log_of_run ON nightfeed.step_log (feed, date, revision);

CREATE TABLE nightfeed.storage_log (
  "position" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  date date NOT NULL,
  revision integer NOT NULL,
  zone text NOT NULL,
  table_name text,
  bytes numeric NOT NULL,
  objects bigint NOT NULL,
  growth_bytes numeric NOT NULL,
  growth_objects bigint NOT NULL,
  measured_at timestamptz NOT NULL
);
CREATE INDEX storage_log_newest ON nightfeed.storage_log (feed, zone, table_name, "position");

ALTER TABLE nightfeed.load_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.load_table_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.load_file_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.step_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE nightfeed.storage_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.load_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.load_table_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.load_file_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.step_log USING (nightfeed.may_work_on(feed));
CREATE POLICY own_feed ON nightfeed.storage_log USING (nightfeed.may_work_on(feed));

-- A number in JSON; null for anything else, so that no note on a run can keep it from ending.
CREATE FUNCTION nightfeed.counted(found jsonb, name text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN jsonb_typeof(found -> name) = 'number' AND abs((found ->> name)::numeric) < 9e15
    THEN (found ->> name)::numeric::bigint END
$$;

-- What an earlier process found of a run says nothing about the one that begins now.
CREATE FUNCTION nightfeed.begin_again() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.begun_at := clock_timestamp();
  NEW.tables := NULL;
  NEW.files := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER begin_again BEFORE UPDATE OF owner ON nightfeed.run FOR EACH ROW
  WHEN (NEW.state = 'running' AND (OLD.state <> 'running' OR OLD.owner IS DISTINCT FROM NEW.owner))
  EXECUTE FUNCTION nightfeed.begin_again();

-- In the statement that ends the run, whoever makes it: a night, a publication, a decision, or a newer delivery that overtakes it.
CREATE FUNCTION nightfeed.log_ending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
CREATE TRIGGER log_ending AFTER UPDATE OF state ON nightfeed.run FOR EACH ROW
  WHEN (NEW.state <> 'running' AND OLD.state <> NEW.state) EXECUTE FUNCTION nightfeed.log_ending();
CREATE TRIGGER log_ending_at_once AFTER INSERT ON nightfeed.run FOR EACH ROW
  WHEN (NEW.state <> 'running') EXECUTE FUNCTION nightfeed.log_ending();

-- False when the run is somebody else's by now.
CREATE FUNCTION nightfeed.log_step(of_feed text, of_date date, of_revision integer, of_fence integer, told jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

-- What the feed's part of the lake holds, by zone and table. What it held at the last look and does not hold now is a row of zeros.
CREATE FUNCTION nightfeed.log_storage(of_feed text, of_date date, of_revision integer, sizes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

-- As before, and `files` too: its parts are told one by one.
CREATE OR REPLACE FUNCTION nightfeed.note_run(of_feed text, of_date date, of_revision integer, of_fence integer, facts jsonb)
RETURNS boolean
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
    files = CASE WHEN jsonb_typeof(facts -> 'files') = 'object' THEN coalesce(files, '{}') || (facts -> 'files') ELSE files END,
    measures = coalesce(facts -> 'measures', measures),
    warnings = coalesce(facts -> 'warnings', warnings),
    look = coalesce(facts -> 'look', look)
  WHERE feed = of_feed AND date = of_date AND revision = of_revision AND fence = of_fence AND state = 'running';
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION
  nightfeed.counted(jsonb, text),
  nightfeed.begin_again(),
  nightfeed.log_ending(),
  nightfeed.log_step(text, date, integer, integer, jsonb),
  nightfeed.log_storage(text, date, integer, jsonb)
FROM PUBLIC;

-- Roles of people that note what their runs find go on with these. Logins get their rights from their deployment.
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
    EXECUTE format('GRANT EXECUTE ON FUNCTION nightfeed.log_step(text, date, integer, integer, jsonb), '
      'nightfeed.log_storage(text, date, integer, jsonb) TO %s', role);
  END LOOP;
END $grants$;
