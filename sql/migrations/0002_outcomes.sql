-- Where each step is a process of its own: what it came to, by step, and who worked on the run last (a host, or the ARN of an
-- execution). A process writes its outcome, another one reads it and decides where to go.
ALTER TABLE nightfeed.run
  ADD COLUMN outcomes jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN worked_by text;
CREATE INDEX run_by_worker ON nightfeed.run (worked_by, opened_at DESC);
