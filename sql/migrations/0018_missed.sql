-- Dates of a schedule that nobody ran: no run, no exit code. `found_by` is the process that noticed.
CREATE TABLE nightfeed.missed (
  feed text,
  date date,
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  found_by text NOT NULL,
  PRIMARY KEY (feed, date)
);
ALTER TABLE nightfeed.missed ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_feed ON nightfeed.missed USING (nightfeed.may_work_on(feed));

-- A message about a date that has no run has no revision. `change_set` says then what the message is about.
ALTER TABLE nightfeed.outbox ALTER COLUMN revision DROP NOT NULL;
