-- Feeds under different versions of nightfeed share one ledger. A version knows the migrations up to a number. One that knows fewer than
-- `oldest_writer` may not write the ledger any more, and one that knows fewer than `oldest_reader` may not read it. A migration that only
-- adds leaves both numbers as they are; one that takes away what older versions use raises them.
CREATE TABLE nightfeed.compatibility (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  oldest_reader integer NOT NULL,
  oldest_writer integer NOT NULL,
  CHECK (oldest_reader <= oldest_writer)
);
INSERT INTO nightfeed.compatibility (oldest_reader, oldest_writer) VALUES (12, 12);

-- Versions that know 12 migrations know nothing of this. They ask `migration` for the newest one, and go on only when it is the 12th.
-- So what they see there is a view, which leaves out the migrations that leave them what they use.
ALTER TABLE nightfeed.migration RENAME TO ledger_migration;
CREATE VIEW nightfeed.migration AS
  SELECT version, name, applied_at FROM nightfeed.ledger_migration
  WHERE version <= (SELECT oldest_writer FROM nightfeed.compatibility);

-- Whoever may use the schema may know its version: every login has to ask for it before anything else.
GRANT SELECT ON nightfeed.compatibility, nightfeed.ledger_migration, nightfeed.migration TO PUBLIC;
