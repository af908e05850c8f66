/** The state in which an error ends a run. `busy` and `usage` stop only the command. */
export type ErrorState = 'refused' | 'failed' | 'late' | 'busy' | 'usage';

interface ErrorKind {
  readonly state: ErrorState;
  /** What happened: docs/errors.md is made of it (Markdown, links from the folder docs/). */
  readonly meaning: string;
  /** `transient`: the same call may succeed a moment later, so the step itself tries again a few times. */
  readonly retry: 'transient' | 'never';
  /** What the operator does next, when the thrown error does not say it. */
  readonly hint: string;
}

const refused = (meaning: string, hint: string): ErrorKind => ({ state: 'refused', retry: 'never', meaning, hint });
const failed = (meaning: string, hint: string): ErrorKind => ({ state: 'failed', retry: 'never', meaning, hint });
const transient = (meaning: string, hint: string): ErrorKind => ({
  state: 'failed',
  retry: 'transient',
  meaning,
  hint,
});
const usage = (meaning: string, hint: string): ErrorKind => ({ state: 'usage', retry: 'never', meaning, hint });

const askVendor = 'Production is untouched. Ask the vendor for a whole file, then run the same command again.';

/** Every foreseen failure. The names are the contract with Step Functions, docs/errors.md and `--json` readers. */
export const errorKinds = {
  // The vendor's files cannot be a delivery.
  EMPTY_FILE: refused(
    'The file has no bytes. With `empty_parts: accept` some of several files may be empty. An empty delivery is never taken for “everything is gone”.',
    askVendor,
  ),
  BAD_MAGIC: refused(
    'The content is of another kind than the name says, such as a ZIP archive called `.csv`.',
    askVendor,
  ),
  NOT_GZIP: refused('The name ends in `.gz`, but the content is not gzip.', askVendor),
  GZIP_TRUNCATED: refused('The gzip stream ends early: the upload or the transfer was cut.', askVendor),
  GZIP_CRC: refused('The gzip stream is damaged, or something follows it.', askVendor),
  NOT_ZSTD: refused('The name ends in `.zst`, but the content is not zstd.', askVendor),
  ZSTD_TRUNCATED: refused('The zstd stream ends early.', askVendor),
  ZSTD_CORRUPT: refused('The zstd stream is damaged, or something follows it.', askVendor),
  NOT_ZIP: refused('The name ends in `.zip`, but the content is not a ZIP archive.', askVendor),
  ZIP_TRUNCATED: refused('The ZIP archive ends early.', askVendor),
  ZIP_CORRUPT: refused(
    'The ZIP archive is damaged: a checksum, a size or its directory is wrong, or something follows it.',
    askVendor,
  ),
  ARCHIVE_SHAPE: refused(
    'The archive does not hold exactly one plain file, or packs it in a way that few programs read.',
    'Production is untouched. Ask the vendor for one file in the archive.',
  ),
  ARCHIVE_PATH: refused(
    'A name in the archive leads out of its folder, or is a link.',
    'Production is untouched. Look at the archive: such names are made to harm.',
  ),
  ARCHIVE_ENCRYPTED: refused(
    'The archive is encrypted.',
    'Production is untouched. Ask the vendor for an archive without a password.',
  ),
  DECOMPRESSION_LIMIT: refused(
    'The file unpacks to more than 500 times its size.',
    'Production is untouched. Look at the file before you raise the limit: it may be an attack.',
  ),
  NO_FINAL_NEWLINE: refused(
    'The last record has no end, so nobody can tell whether it is whole. The message says what proves it, and which option takes that.',
    askVendor,
  ),
  UNTERMINATED_QUOTE: refused('A quote opens and never closes; everything behind it would be one field.', askVendor),
  TRAILER_MISMATCH: refused(
    'The last record is not the declared trailer, or the number of rows in it is not that of the file.',
    askVendor,
  ),
  MANIFEST_INVALID: refused(
    "The vendor's manifest cannot be read as the feed file says.",
    'Production is untouched. Compare the manifest with `ready.manifest` in the feed file.',
  ),
  MANIFEST_MISMATCH: refused(
    "The size, number of rows or checksum of a file is not what the vendor's manifest says, or the manifest does not name the file.",
    askVendor,
  ),
  MIXED_EOL: refused('Records end in different ways within one file.', askVendor),
  ENCODING: refused(
    'The file is in another encoding than the declared one, such as UTF-16, or UTF-8 where a single-byte encoding is declared.',
    'Production is untouched. Compare the file with `format.encoding` in the feed file.',
  ),
  RECORD_TOO_LONG: refused(
    'A record is longer than 2,000,000 bytes.',
    'Production is untouched. A quote that never closes or a missing line end is the usual cause.',
  ),
  TOO_WIDE: refused(
    'The table has more than 1,600 columns, or a row is too long for a page of PostgreSQL.',
    'Production is untouched. Compare the columns of the file with `columns` in the feed file.',
  ),
  TOO_MANY_REJECTS: refused(
    'More than a million records of a table were rejected: the format is not as declared.',
    'Production is untouched. Compare the first lines of the file with `format` in the feed file.',
  ),
  HEADER_MISMATCH: refused(
    'The header is not the declared one: renamed columns, another delimiter, no header, an error page.',
    'Production is untouched. Compare the header with `columns` in the feed file.',
  ),
  HEADER_DUPLICATE: refused(
    'Two columns of the file have the same name.',
    'Production is untouched. Ask the vendor which of the columns is meant.',
  ),
  HEADER_REPEATED: refused(
    'The header comes again in the data, perhaps in other quotes, case, blanks or order: files were concatenated.',
    'Production is untouched. Ask the vendor for a whole file; if the record is to be left out, say so with `drop_row_when`.',
  ),
  HEADER_UNDECLARED: refused(
    'With `header: false` a record holds the names of the columns. Declare the header, or leave the record out with `drop_row_when`.',
    'Production is untouched. Set `format.header: true` in the feed file; if only some files have the record, leave it out with `drop_row_when`.',
  ),
  SCHEMA_ADD: refused(
    "The file has a column that is not declared, and the table's contract refuses that.",
    'Production is untouched. Declare the column in the feed file, or set `contract: {added: hold}` or `evolve`.',
  ),
  SCHEMA_MISSING: refused(
    'A declared column is not in the file.',
    'Production is untouched. Ask the vendor for the column, or remove it from the feed file.',
  ),
  SCHEMA_REORDERED: refused(
    "The columns stand in another order than declared, and the table's contract refuses that.",
    'Production is untouched. Compare the header with `columns` in the feed file.',
  ),
  SCHEMA_RETYPED: refused(
    "None of a column's first values can be read as its type, and the table's contract refuses that.",
    'Production is untouched. Ask the vendor, or change the type in the feed file.',
  ),
  RULE_REFUSED: refused(
    'Rows break a rule that says `on_fail: refuse`. See [rules.md](rules.md).',
    'Production is untouched. Ask the vendor for corrected rows, or change the rule in the feed file.',
  ),
  FILE_NAME: refused(
    'The name of a file that the feed waits for has more than 255 bytes, which is more than file systems take.',
    'Production is untouched. Ask the vendor for a shorter name of the file.',
  ),
  AMBIGUOUS_FILE: refused(
    'A file fits the patterns of two tables; or several files fit a table that takes only one, or only the [newest](sources.md#which-files-make-a-table), and nothing tells which one that is.',
    'Production is untouched. Change the `files` patterns in the feed file so that each file fits one table.',
  ),
  DATE_AHEAD: refused(
    'The business date is later than tomorrow in the time zone of the schedule. Once published, it would have every earlier date refused as older. `--force --by WHO --reason WHY` lets it through (with `--stack`, without `--by`), and `status RUN` says who did.',
    'Nothing was touched. If the date is meant, add --force --by WHO --reason WHY, which is kept in the ledger. With --stack, leave --by out.',
  ),
  OLDER_DELIVERY: refused(
    'Production holds a newer business date.',
    'Production holds a newer delivery and keeps it. Nothing to do.',
  ),

  // The delivery is not there yet.
  LATE: {
    state: 'late',
    retry: 'never',
    meaning:
      'The delivery was not there, or not whole, in time. The message says where nightfeed looked, what lies there, and which of it may have been meant: another case, another date, a link, a file that is still being sent.',
    hint: 'Run the same command again when the vendor has delivered.',
  },

  // The connection to the vendor.
  SOURCE_UNREACHABLE: transient(
    'The connection could not be made, broke, or stalled.',
    'Check host, port and firewall, then run the same command again.',
  ),
  SOURCE_CHANGED: transient(
    'The file changed while it was listed or transferred.',
    'The vendor was still writing. Run the same command again.',
  ),
  SOURCE_SHORT: transient(
    'The server sent fewer bytes than it announced, whatever it said afterwards.',
    'The transfer ended early. Run the same command again.',
  ),
  SOURCE_LONG: transient(
    'The server sent more bytes than it announces, though the file did not change. It may translate line ends.',
    'The server sends more than it says. Most that do translate line ends; ask the vendor to serve files as they are (binary).',
  ),
  LISTING_UNREADABLE: failed(
    "A line of the server's listing cannot be understood. It may be a file of the delivery, so nothing was taken.",
    'Nothing was taken, since the line may be a part of the delivery. Ask the vendor for MLSD or SFTP, or report the line.',
  ),
  LISTING_TOO_LONG: failed(
    'The folder at the source has more names, or more files of the feed, than nightfeed reads ([how many](sources.md#how-much-a-server-may-send)). Nothing was taken.',
    'Nothing was taken. Have the vendor move old files away, or give the delivery a folder of its own, such as one with `{date}` in its path.',
  ),
  ANSWER_TOO_LONG: failed(
    "The server's answer to a command (not a listing or a file) is longer than any such answer should be.",
    'Nothing of it was taken. Check that the feed file names the right server, and ask the vendor.',
  ),
  SOURCE_SLOW: failed(
    'The transfer was still going on when the next night had to begin; or the server answers so slowly that the transfer would never end ([how long it may take](sources.md#how-much-a-server-may-send)). Before the deadline a listing that is too slow is tried again.',
    'The connection is too slow for the size of this delivery. Ask the vendor for compressed files or a faster connection.',
  ),
  SOURCE_LOGIN: failed(
    'The server refuses the user or the password. Not tried again, so that no account is locked.',
    'Check user and password in the vault, then run the same command again.',
  ),
  SOURCE_TLS: failed(
    "The server's certificate cannot be verified, or it offers no TLS where the feed wants it.",
    'Check the certificate and the host name with the vendor. Verification cannot be switched off.',
  ),
  SOURCE_HOST_KEY: failed(
    'The SFTP server showed another key than the feed file allows. User and password were not sent.',
    'Ask the vendor whether the key of the server changed. Only when they confirm the new fingerprint, put it into the feed file.',
  ),
  SOURCE_OUTDATED: failed(
    'The SFTP server offers only algorithms that are no longer safe.',
    'Ask the vendor to allow current algorithms on the server; old ones can be broken on the way and are not offered.',
  ),
  SOURCE_DENIED: failed(
    'The server denies the folder or the file.',
    'Check path and rights on the server, then run the same command again.',
  ),
  SECRET_REFUSED: usage(
    'The feed names a secret that is reserved, or that is not on the list in `NIGHTFEED_SECRETS`. Nothing was sent to anybody ([what a feed file may name](security.md#the-feed-file-and-its-secrets)).',
    "Nothing was sent. Give the vendor's secret a variable, a file or a name of its own; docs/security.md lists what is reserved.",
  ),
  FILE_REFUSED: usage(
    'A file or folder that the feed names lies in none of the folders that `NIGHTFEED_FILES` or `NIGHTFEED_SECRETS` names.',
    'Nothing was read. Put the file into a folder of NIGHTFEED_FILES, or add its folder there.',
  ),
  SECRET_MISSING: failed(
    'A variable or file that the feed names as a secret does not exist.',
    'Set the variable or the file that the feed file names, then run the same command again.',
  ),

  // Our own machinery.
  STORE_FULL: failed('The disk of the lake is full.', 'Free space for the lake, then run the same command again.'),
  STORE_UNAVAILABLE: transient(
    'The lake cannot be read or written.',
    'Check the lake, then run the same command again.',
  ),
  STORE_DENIED: failed(
    'The lake denies access: there is no such bucket, or nightfeed has no right to do this on the bucket or its key.',
    'Check the bucket and the rights on it and on its key, then run the same command again.',
  ),
  OBJECT_MISSING: failed(
    'An object of the lake that a receipt or the ledger names is gone. A snapshot of what production holds is read back from production by itself.',
    'A stored object is gone. Restore it, or remove its receipt and run again.',
  ),
  OBJECT_DAMAGED: failed(
    "An object of the lake is not what was written there; the message names it. A snapshot of what production holds is read back from production by itself. For an object of tonight's delivery, or of its change set, the message says which receipt to remove, so that it is made again.",
    'Restore the object from a copy, or remove the receipt that names it, and run again.',
  ),
  OBJECT_EXISTS: failed(
    'An object that was to be written is in the lake already and holds something else. Nothing was overwritten.',
    'Nothing was overwritten. Run the same command again: each attempt writes under names of its own.',
  ),
  ENGINE_FAILED: failed(
    'The engine that compares stopped with an error. On AWS also: the Glue job run failed, was stopped or took too long; the message has its id and state.',
    'Production is untouched. Read the message; when it names memory or disk, give more and run again.',
  ),
  ENGINE_EXHAUSTED: failed(
    'The engine that compares ran out of memory, or of disk in its scratch folder.',
    'Production is untouched. Give the engine more memory or free its scratch folder, then run the same command again.',
  ),
  ENGINE_UNAVAILABLE: transient(
    'Glue does not start the job, or does not say how the job is doing.',
    'Check the Glue job and its quotas, then run the same command again.',
  ),
  ENGINE_DISAGREES: failed(
    'Two readers of the same bytes came to different counts. Nothing was published.',
    'Production is untouched. Please report this with the message: two readers saw different rows.',
  ),
  CATALOG_UNAVAILABLE: transient(
    'The Glue Data Catalog does not show a table of `current/`. Production is published.',
    'Production is published; check the Glue Data Catalog and the rights on it. The next run shows the tables.',
  ),
  NOTIFIER_UNAVAILABLE: transient(
    'A message could not be sent. It stays in the outbox.',
    'The message stays in the outbox, and goes out with the next run. Check the topic and the role.',
  ),
  TOO_MANY_PARTITIONS: failed(
    'The columns in `lake.partition_by` have more than 1,000 different values together. `current/` stays as it was.',
    'Production is not touched by this. Partition by columns with fewer values.',
  ),
  ENGINE_MISSING: usage(
    'The feed wants an engine that is not here: `spark` on your own machine needs Java 17 and Python 3.12 or 3.13 with venv, and at its first use the way to a package index that has pyspark with the pinned hash.',
    'Install what the message names, or choose another `engine` in the feed file.',
  ),
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
    'Run `nightfeed migrate FEED.yaml`; on AWS, deploy the feed. Check too that the URL names the right database.',
  ),
  LEDGER_FOREIGN: failed(
    'The schema `nightfeed` or `nightfeed_stage`, or something in it, belongs to a role that nightfeed does not trust: what such a role made would run with the rights of the role that you log in as. Nothing of it was used. The hint says how to say that it is trusted.',
    'Nothing of it was used. Log in as the owner that the message names, or have an administrator drop what none of your people made.',
  ),
  LEDGER_VERSION: failed(
    'The ledger was written by another version of nightfeed.',
    'Run `nightfeed migrate FEED.yaml` with this version of nightfeed.',
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
  NODE_VERSION: usage(
    'This Node is too old: nightfeed needs 22.22 or newer. In a clone, `npm run nightfeed` uses the Node that comes with it.',
    'Install Node 24, or 22.22 and newer. In a clone, `npm run nightfeed` brings its own Node.',
  ),
  TARGET_MISSING: refused(
    'The ledger says that a table holds rows, but the table, its history or a column is not there; the message names each. nightfeed does not create it again unasked, because it would be empty. Bring it back, or start the table anew on purpose: [when something is gone](changing-a-feed.md#when-something-is-gone).',
    'Production is untouched. Bring back what was renamed, moved or dropped, or start the table anew: `nightfeed migrate FEED.yaml --restart TABLE --by WHO --reason WHY`.',
  ),
  MIGRATION_NEEDED: usage(
    'The feed file changed in a way that needs a decision of yours. The message has the SQL.',
    'Review the SQL, run it yourself, then run the same command again.',
  ),
  EXECUTION_DIED: failed(
    'On AWS: the execution was stopped, ran out of time, or lost a task that could not say why (often memory). The run was released.',
    'Production is as it was or fully published. Look at the execution and at the log of its last task, then run again.',
  ),
  UNFORESEEN: failed(
    'A fault of nightfeed itself.',
    'This is a fault of nightfeed. Production is untouched unless the run is published. Please report it.',
  ),

  // The command, and who gives it.
  BUSY: {
    state: 'busy',
    retry: 'never',
    meaning: 'Another process works on this feed.',
    hint: 'Wait for the other process, or look at `nightfeed status`.',
  },
  FEED_OTHER: usage(
    'The input of an execution on AWS names another feed document than the deployed one. Who deploys decides which rules apply, not who starts an execution.',
    'Start the execution without `feed`; to change the document, deploy it.',
  ),
  FEED_INVALID: usage(
    'The feed file has faults. The message names each with its line, what was received and what is allowed.',
    'Correct the feed file; `nightfeed validate FEED.yaml` checks it.',
  ),
  USAGE: usage('Unknown command or option, or a missing argument.', 'See `nightfeed --help`.'),
  OTHER_USER: usage(
    'A folder or a file that nightfeed would use belongs to another user of the machine, who could read or change what is in it. Nothing was done.',
    'Run the command as that user, or set NIGHTFEED_HOME to a folder of your own.',
  ),
  RUN_UNKNOWN: usage('There is no run of this name.', '`nightfeed history` lists the runs.'),
  SECOND_PERSON: usage(
    'This guard wants two people, and the same person approved it twice. On AWS all sessions of one role count as one person, except the sessions of Identity Center.',
    'Somebody else has to approve it too; `nightfeed status RUN` shows who did. On AWS all sessions of a role count as one person: the second person has to sign in as another user of Identity Center or IAM, or with another role.',
  ),
  NOT_HELD: usage(
    'Only a held run can be approved or rejected, and only for the guards that hold it.',
    'Only a held run can be approved or rejected; `nightfeed status` shows which.',
  ),
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof errorKinds;
