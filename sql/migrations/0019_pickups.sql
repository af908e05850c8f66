-- The vendor's files that are taken away after they are published: first kept, then taken, then marked with what came of them.
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
  planned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  outcome text,
  ended_at timestamptz,
  tried_at timestamptz,
  reason text,
  PRIMARY KEY (feed, date, revision, name)
);
CREATE INDEX pickup_log_open ON nightfeed.pickup_log (feed, date, revision) WHERE outcome IS NULL;

ALTER TABLE nightfeed.pickup_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.pickup_log USING (nightfeed.may_work_on(feed));
