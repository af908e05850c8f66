-- Which lake holds a feed's snapshots, so that nobody goes on with another one unnoticed; and where it lies, for people. Null: not
-- known yet, as in a ledger of before.
ALTER TABLE nightfeed.feed ADD COLUMN lake text, ADD COLUMN lake_place text;
