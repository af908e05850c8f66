import { type ErrorKind, failed, refused, transient, usage } from './error-kind.ts';

/** Ledger and tables in PostgreSQL. */
export const databaseErrors = {
  DATABASE_UNAVAILABLE: transient(
    'PostgreSQL does not answer, or the connection broke.',
    'Check that PostgreSQL accepts connections, then run the same command again.',
  ),
  STANDBY_MISSING: failed(
    'A COMMIT waits for a synchronous standby that does not answer. PostgreSQL has written it and shows it when the standby is back.',
    'Start the standby, or take it out of synchronous_standby_names; then run the same command again, which finds out whether it was committed.',
  ),
  DATABASE_LOCKED: transient(
    'Another session holds a lock on a table for too long.',
    'Another session holds a lock on the table. Find it in pg_stat_activity, then run again.',
  ),
  DATABASE_REFUSED: failed(
    'PostgreSQL refused a statement. Everything was rolled back. Of a row that a constraint refuses, constraint, table, column and key are named; [target.md](target.md) says what order and deferrable constraints can do.',
    'PostgreSQL refused a statement and everything was rolled back. Read its message.',
  ),
  DATABASE_SETTING: failed(
    "With a setting of the server it cannot be proved what was written. Set what the message names; `track_counts = on` is PostgreSQL's default.",
    'Production is untouched. Set on the server what the message names, then run the same command again.',
  ),
  LAKE_OTHER: usage(
    "The ledger says that the feed's snapshots lie in another lake than the one this command would work in. Nothing was done. After `migrate FEED --new-lake` the feed moves to the lake of its next run, and the base is read back from production.",
    'Set NIGHTFEED_HOME to the folder that holds that lake. When it is lost for good, or the feed moves to another bucket, run `nightfeed migrate FEED.yaml --new-lake` on this database: the feed then uses the lake of its next run.',
  ),
  LEDGER_MISSING: failed(
    'This database has no ledger of nightfeed.',
    'Run `nightfeed migrate FEED.yaml`; on AWS, deploy the Ledger stack of the stage. Check too that the URL names the right database.',
  ),
  LEDGER_FOREIGN: failed(
    'The schema `nightfeed` or `nightfeed_stage`, or something in it, belongs to a role that nightfeed does not trust: what such a role made would run with the rights of the role that you log in as. Nothing of it was used. The hint says how to say that it is trusted.',
    'Nothing of it was used. Log in as the owner that the message names, or have an administrator drop what none of your people made.',
  ),
  LEDGER_VERSION: failed(
    'The ledger and this version of nightfeed do not fit. Either the ledger has to be migrated first, or a newer version, of another feed perhaps, took something away that this one uses. The message says which. Nothing was written.',
    'Run `nightfeed migrate FEED.yaml` with this version of nightfeed; on AWS, deploy the Ledger stack of the stage.',
  ),
  BASE_MOVED: failed(
    'Another delivery was published between diff and publish, or somebody added a trigger or the like to the tables. The diff is made again; after the third time the run fails.',
    'Another delivery was published meanwhile. Run the same command again.',
  ),
  FENCED: failed(
    'Another process took this run over. This one stops without touching anything.',
    'Another process took this run over. Look at `nightfeed status`.',
  ),
  DRIFT: failed(
    'Rows in production are not what was published: somebody else wrote to the table. Everything was rolled back. Correct the rows; or, if the table is right as it is, start from it with `migrate FEED --restart TABLE`: the next night then updates what differs from the delivery.',
    'Somebody else changed the table. Compare it with `nightfeed audit` and mend it, then run again; or start from what it holds: `nightfeed migrate FEED.yaml --restart TABLE --by WHO --reason WHY`.',
  ),
  PROOF_FAILED: failed(
    'What was written is not what was computed, or something else (a trigger, a cascading key) wrote in the same transaction. Everything was rolled back.',
    'What was written does not match what was computed; everything was rolled back. Run `nightfeed audit`.',
  ),
  TABLE_EXISTS: usage(
    "The target has a table of this name that is not nightfeed's. `nightfeed adopt` takes it over.",
    'Take it over with `nightfeed adopt FEED.yaml`, rename or move that table, or choose another `target.schema`.',
  ),
  TARGET_MISSING: refused(
    'The ledger says that a table holds rows, but the table, its history or a column is not there; the message names each. nightfeed does not create it again unasked, because it would be empty. Bring it back, or start the table anew on purpose: [when something is gone](changing-a-feed.md#when-something-is-gone).',
    'Production is untouched. Bring back what was renamed, moved or dropped, or start the table anew: `nightfeed migrate FEED.yaml --restart TABLE --by WHO --reason WHY`.',
  ),
  MIGRATION_NEEDED: usage(
    'The feed file changed in a way that needs a decision of yours. The message has the SQL.',
    'Review the SQL, run it yourself, then run the same command again.',
  ),
} as const satisfies Record<string, ErrorKind>;
