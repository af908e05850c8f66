-- The numbers of a night that guards watch, for later nights to learn from; what was warned of without holding; and which
-- guards an approval is for (null: all of them).
ALTER TABLE nightfeed.run
  ADD COLUMN measures jsonb,
  ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]';
CREATE INDEX run_published ON nightfeed.run (feed, date DESC, revision) WHERE state = 'published';
ALTER TABLE nightfeed.decision ADD COLUMN guards jsonb;
