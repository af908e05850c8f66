import { hintText, messageText } from './error-text.ts';

/** The state in which an error ends a run. `busy` and `usage` stop only the command. */
export type ErrorState = 'refused' | 'failed' | 'late' | 'busy' | 'usage';

interface ErrorKind {
  readonly state: ErrorState;
  /** `transient`: the same call may succeed a moment later, so the step itself tries again a few times. */
  readonly retry: 'transient' | 'never';
  /** What the operator does next, when the thrown error does not say it. */
  readonly hint: string;
}

const refused = (hint: string): ErrorKind => ({ state: 'refused', retry: 'never', hint });
const failed = (hint: string): ErrorKind => ({ state: 'failed', retry: 'never', hint });
const transient = (hint: string): ErrorKind => ({ state: 'failed', retry: 'transient', hint });
const usage = (hint: string): ErrorKind => ({ state: 'usage', retry: 'never', hint });

const askVendor = 'Production is untouched. Ask the vendor for a whole file, then run the same command again.';

/** Every foreseen failure. The names are the contract with Step Functions, the README and `--json` readers. */
export const errorKinds = {
  // The vendor's files cannot be a delivery.
  EMPTY_FILE: refused(askVendor),
  BAD_MAGIC: refused(askVendor),
  NOT_GZIP: refused(askVendor),
  GZIP_TRUNCATED: refused(askVendor),
  GZIP_CRC: refused(askVendor),
  NOT_ZSTD: refused(askVendor),
  ZSTD_TRUNCATED: refused(askVendor),
  ZSTD_CORRUPT: refused(askVendor),
  NOT_ZIP: refused(askVendor),
  ZIP_TRUNCATED: refused(askVendor),
  ZIP_CORRUPT: refused(askVendor),
  ARCHIVE_SHAPE: refused('Production is untouched. Ask the vendor for one file in the archive.'),
  ARCHIVE_PATH: refused('Production is untouched. Look at the archive: such names are made to harm.'),
  ARCHIVE_ENCRYPTED: refused('Production is untouched. Ask the vendor for an archive without a password.'),
  DECOMPRESSION_LIMIT: refused(
    'Production is untouched. Look at the file before you raise the limit: it may be an attack.',
  ),
  NO_FINAL_NEWLINE: refused(askVendor),
  UNTERMINATED_QUOTE: refused(askVendor),
  TRAILER_MISMATCH: refused(askVendor),
  MANIFEST_INVALID: refused('Production is untouched. Compare the manifest with `ready.manifest` in the feed file.'),
  MANIFEST_MISMATCH: refused(askVendor),
  MIXED_EOL: refused(askVendor),
  ENCODING: refused('Production is untouched. Compare the file with `format.encoding` in the feed file.'),
  RECORD_TOO_LONG: refused(
    'Production is untouched. A quote that never closes or a missing line end is the usual cause.',
  ),
  TOO_WIDE: refused('Production is untouched. Compare the columns of the file with `columns` in the feed file.'),
  TOO_MANY_REJECTS: refused(
    'Production is untouched. Compare the first lines of the file with `format` in the feed file.',
  ),
  HEADER_MISMATCH: refused('Production is untouched. Compare the header with `columns` in the feed file.'),
  HEADER_DUPLICATE: refused('Production is untouched. Ask the vendor which of the columns is meant.'),
  HEADER_REPEATED: refused(
    'Production is untouched. Ask the vendor for a whole file; if the record is to be left out, say so with `drop_row_when`.',
  ),
  HEADER_UNDECLARED: refused(
    'Production is untouched. Set `format.header: true` in the feed file; if only some files have the record, leave it out with `drop_row_when`.',
  ),
  SCHEMA_ADD: refused(
    'Production is untouched. Declare the column in the feed file, or set `contract: {added: hold}` or `evolve`.',
  ),
  SCHEMA_MISSING: refused('Production is untouched. Ask the vendor for the column, or remove it from the feed file.'),
  SCHEMA_REORDERED: refused('Production is untouched. Compare the header with `columns` in the feed file.'),
  SCHEMA_RETYPED: refused('Production is untouched. Ask the vendor, or change the type in the feed file.'),
  RULE_REFUSED: refused(
    'Production is untouched. Ask the vendor for corrected rows, or change the rule in the feed file.',
  ),
  FILE_NAME: refused('Production is untouched. Ask the vendor for a shorter name of the file.'),
  AMBIGUOUS_FILE: refused('Production is untouched. Make the `files` patterns of the tables disjoint.'),
  DATE_AHEAD: refused(
    'Nothing was touched. If the date is meant, add --force --by WHO --reason WHY, which is kept in the ledger; with --stack without --by.',
  ),
  OLDER_DELIVERY: refused('Production holds a newer delivery and keeps it. Nothing to do.'),

  // The delivery is not there yet.
  LATE: { state: 'late', retry: 'never', hint: 'Run the same command again when the vendor has delivered.' },

  // The connection to the vendor.
  SOURCE_UNREACHABLE: transient('Check host, port and firewall, then run the same command again.'),
  SOURCE_CHANGED: transient('The vendor was still writing. Run the same command again.'),
  SOURCE_SHORT: transient('The transfer ended early. Run the same command again.'),
  SOURCE_LONG: transient(
    'The server sends more than it says. Most that do translate line ends; ask the vendor to serve files as they are (binary).',
  ),
  LISTING_UNREADABLE: failed(
    'Nothing was taken, since the line may be a part of the delivery. Ask the vendor for MLSD or SFTP, or report the line.',
  ),
  LISTING_TOO_LONG: failed(
    'Nothing was taken. Have the vendor move old files away, or give the delivery a folder of its own, such as one with `{date}` in its path.',
  ),
  ANSWER_TOO_LONG: failed(
    'Nothing was taken of it. Check that the feed file names the right server, and ask the vendor.',
  ),
  SOURCE_SLOW: failed('A night is too short for this line. Ask the vendor for compressed files or a faster line.'),
  SOURCE_LOGIN: failed('Check user and password in the vault, then run the same command again.'),
  SOURCE_TLS: failed('Check the certificate and the host name with the vendor. Verification cannot be switched off.'),
  SOURCE_HOST_KEY: failed(
    'Ask the vendor whether the key of the server changed. Only when they confirm the new fingerprint, put it into the feed file.',
  ),
  SOURCE_OUTDATED: failed(
    'Ask the vendor to allow current algorithms on the server; old ones can be broken on the way and are not offered.',
  ),
  SOURCE_DENIED: failed('Check path and rights on the server, then run the same command again.'),
  SECRET_REFUSED: usage(
    "Nothing was sent. Give the vendor's secret a variable, a file or a name of its own; docs/security.md lists what is reserved.",
  ),
  FILE_REFUSED: usage('Nothing was read. Put the file into a folder of NIGHTFEED_FILES, or add its folder there.'),
  SECRET_MISSING: failed('Set the variable or the file that the feed file names, then run the same command again.'),

  // Our own machinery.
  STORE_FULL: failed('Free space for the lake, then run the same command again.'),
  STORE_UNAVAILABLE: transient('Check the lake, then run the same command again.'),
  STORE_DENIED: failed('Check the bucket and the rights on it and on its key, then run the same command again.'),
  OBJECT_MISSING: failed('A stored object is gone. Restore it, or remove its receipt and run again.'),
  OBJECT_DAMAGED: failed('Restore the object from a copy, or remove the receipt that names it, and run again.'),
  OBJECT_EXISTS: failed(
    'Nothing was overwritten. Run the same command again: each attempt writes under names of its own.',
  ),
  ENGINE_FAILED: failed(
    'Production is untouched. Read the message; when it names memory or disk, give more and run again.',
  ),
  ENGINE_EXHAUSTED: failed(
    'Production is untouched. Give the engine more memory or free its scratch folder, then run the same command again.',
  ),
  ENGINE_UNAVAILABLE: transient('Check the Glue job and its quotas, then run the same command again.'),
  ENGINE_DISAGREES: failed(
    'Production is untouched. Please report this with the message: two readers saw different rows.',
  ),
  CATALOG_UNAVAILABLE: transient(
    'Production is published; check the Glue Data Catalog and the rights on it. The next run shows the tables.',
  ),
  NOTIFIER_UNAVAILABLE: transient(
    'The message stays in the outbox, and goes out with the next run. Check the topic and the role.',
  ),
  TOO_MANY_PARTITIONS: failed('Production is not touched by this. Partition by columns with fewer values.'),
  ENGINE_MISSING: usage('Install what the message names, or choose another `engine` in the feed file.'),
  DATABASE_UNAVAILABLE: transient('Check that PostgreSQL accepts connections, then run the same command again.'),
  STANDBY_MISSING: failed(
    'Start the standby, or take it out of synchronous_standby_names; then run the same command again, which finds out whether it was committed.',
  ),
  DATABASE_LOCKED: transient('Another session holds a lock on the table. Find it in pg_stat_activity, then run again.'),
  DATABASE_REFUSED: failed('PostgreSQL refused a statement and everything was rolled back. Read its message.'),
  DATABASE_SETTING: failed(
    'Production is untouched. Set on the server what the message names, then run the same command again.',
  ),
  LAKE_OTHER: usage(
    'Set NIGHTFEED_HOME to the folder that holds that lake. When it is lost for good, or the feed moves to another bucket, run `nightfeed migrate FEED.yaml --new-lake` on this database: the lake of the next run is it then.',
  ),
  LEDGER_MISSING: failed(
    'Run `nightfeed migrate FEED.yaml`; on AWS, deploy the feed. Compare the database of the URL, too.',
  ),
  LEDGER_FOREIGN: failed(
    'Nothing of it was used. Log in as the owner that the message names, or have an administrator drop what nobody of yours made.',
  ),
  LEDGER_VERSION: failed('Run `nightfeed migrate FEED.yaml` with this version of nightfeed.'),
  BASE_MOVED: failed('Another delivery was published meanwhile. Run the same command again.'),
  FENCED: failed('Another process took this run over. Look at `nightfeed status`.'),
  DRIFT: failed(
    'Somebody else changed the table. Compare it with `nightfeed audit` and mend it, then run again; or start from what it holds: `nightfeed migrate FEED.yaml --restart TABLE --by WHO --reason WHY`.',
  ),
  PROOF_FAILED: failed(
    'What was written does not match what was computed; everything was rolled back. Run `nightfeed audit`.',
  ),
  TABLE_EXISTS: usage(
    'Take it over with `nightfeed adopt FEED.yaml`, rename or move that table, or choose another `target.schema`.',
  ),
  NODE_VERSION: usage(
    'Install Node 24, or any version from 22.18 on; a clone brings its own with `npm run nightfeed`.',
  ),
  TARGET_MISSING: refused(
    'Production is untouched. Bring back what was renamed, moved or dropped, or start the table anew: `nightfeed migrate FEED.yaml --restart TABLE --by WHO --reason WHY`.',
  ),
  MIGRATION_NEEDED: usage('Review the SQL, run it yourself, then run the same command again.'),
  EXECUTION_DIED: failed(
    'Production is as it was or fully published. Look at the execution and at the log of its last task, then run again.',
  ),
  UNFORESEEN: failed(
    'This is a fault of nightfeed. Production is untouched unless the run is published. Please report it.',
  ),

  // The command, and who gives it.
  BUSY: { state: 'busy', retry: 'never', hint: 'Wait for the other process, or look at `nightfeed status`.' },
  FEED_OTHER: usage('Start the execution without `feed`; to change the document, deploy it.'),
  FEED_INVALID: usage('Correct the feed file; `nightfeed validate FEED.yaml` checks it.'),
  USAGE: usage('See `nightfeed --help`.'),
  OTHER_USER: usage('Run the command as that user, or set NIGHTFEED_HOME to a folder of your own.'),
  RUN_UNKNOWN: usage('`nightfeed history` lists the runs.'),
  SECOND_PERSON: usage(
    'Somebody else has to approve it too; `nightfeed status RUN` shows who did. On AWS all sessions of a role are one person: another one signs in as another user of Identity Center or IAM, or with another role.',
  ),
  NOT_HELD: usage('Only a held run can be approved or rejected; `nightfeed status` shows which.'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof errorKinds;

interface ErrorOptions {
  hint?: string;
  cause?: unknown;
  /** May hold vendor data, so it is not enumerable, which keeps it out of logs. */
  details?: unknown;
}

/** A foreseen failure: what was received and what was allowed in `message`, what to do next in `hint`. */
export class NightfeedError extends Error {
  override readonly name: ErrorName;
  readonly hint: string;
  declare readonly details: unknown;

  constructor(name: ErrorName, message: string, options: ErrorOptions = {}) {
    const { state, hint } = errorKinds[name];
    const text = messageText(message, state === 'usage');
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.hint = hintText(options.hint ?? hint);
    Object.defineProperty(this, 'details', { value: options.details, enumerable: false });
  }

  get state(): ErrorState {
    return errorKinds[this.name].state;
  }

  get transient(): boolean {
    return errorKinds[this.name].retry === 'transient';
  }
}

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorKinds, name);
}

/** Any thrown value as a NightfeedError. An unforeseen one becomes UNFORESEEN and keeps its cause. */
export function asNightfeedError(thrown: unknown): NightfeedError {
  if (thrown instanceof NightfeedError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new NightfeedError('UNFORESEEN', message, { cause: thrown });
}
