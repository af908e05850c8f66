import type { GuardName } from '../guards/guard-names.ts';

/** What guards watch, Markdown with links from the folder docs/. */
interface ExplainedGuard {
  /** The option of the feed file that sets it. */
  readonly option?: string;
  /** Guards of one option. */
  readonly names: readonly GuardName[];
  readonly watches: string;
  readonly limit: string;
}

export const explainedGuards: readonly ExplainedGuard[] = [
  {
    option: 'gone',
    names: ['MASS_DELETE'],
    watches: 'rows that vanish',
    limit: 'holds above 5 %',
  },
  {
    option: 'updated',
    names: ['MASS_UPDATE'],
    watches: 'rows that change',
    limit: 'holds above 30 %',
  },
  {
    option: 'inserted',
    names: ['MASS_INSERT'],
    watches: 'rows that are new',
    limit: 'no limit',
  },
  {
    option: 'rejected',
    names: ['REJECTED_LIMIT'],
    watches: 'rejected rows, of those delivered',
    limit: 'holds above 0.1 %; and whatever it says, when every record of a first load is rejected',
  },
  {
    option: 'duplicates',
    names: ['DUPLICATE_ROWS'],
    watches: 'rows that are equal to another row of their file, of those delivered',
    limit: 'no limit',
  },
  {
    option: 'collapsed',
    names: ['OLDER_VERSIONS'],
    watches:
      'older [versions of a key](bad-input.md#versions-of-a-key), of the rows delivered, where the table has `collapse`',
    limit: 'no limit',
  },
  {
    option: 'reverted',
    names: ['ROWS_REVERTED'],
    watches:
      'updated rows whose newest version is older than the one that production holds, where the table has `collapse`',
    limit: 'warns above 0',
  },
  {
    option: 'overlap',
    names: ['FILES_OVERLAP'],
    watches: 'keys that occur in several files of the table',
    limit: 'holds above 0',
  },
  {
    option: 'suspended',
    names: ['DELETES_SUSPENDED'],
    watches: 'nights in a row in which rows stay because the key of a rejected record cannot be read',
    limit: 'warns of 2, holds 3',
  },
  {
    option: 'rows',
    names: ['ROWCOUNT_DROP', 'ROWCOUNT_RISE'],
    watches: 'growth of the row count',
    limit: 'holds below −20 % and above +50 %',
  },
  {
    option: 'bytes',
    names: ['BYTES_DROP', 'BYTES_RISE'],
    watches: 'growth of what the vendor sends, decompressed',
    limit: 'no limit',
  },
  {
    option: 'nulls',
    names: ['NULL_SHARE'],
    watches: 'each compared column: the change in its share of rows with null, in percentage points',
    limit: 'no limit',
  },
  {
    option: 'late',
    names: ['DELIVERED_LATE'],
    watches: "minutes from `schedule.at` to the vendor's last write, by the times that the source gives",
    limit: 'no limit',
  },
  {
    names: ['RULE_BROKEN'],
    watches: 'rows that break a [rule](rules.md) of the feed file',
    limit: 'holds or warns, as the rule says',
  },
  {
    names: ['SCHEMA_ADD', 'SCHEMA_MISSING', 'SCHEMA_RENAMED', 'SCHEMA_REORDERED', 'SCHEMA_RETYPED'],
    watches: 'columns that are not those declared',
    limit: "as the table's [contract](changing-a-feed.md#when-the-vendor-changes-the-columns) says",
  },
  {
    names: ['SCHEMA_EVOLVED'],
    watches: 'column changes that the contract accepted without an approval',
    limit: 'warns',
  },
  {
    names: ['SWALLOWED_RECORDS'],
    watches: 'quoted fields with three or more lines that look like [records of the table](#records-that-are-none)',
    limit: 'always holds',
  },
  {
    option: 'backslashes',
    names: ['BACKSLASHES'],
    watches: 'records in which backslashes look like [escapes](#records-that-are-none), from two on',
    limit: 'holds above 1 %',
  },
  {
    option: 'longest_record',
    names: ['RECORD_BYTES', 'RECORD_LINES'],
    watches: 'bytes and lines of the longest record',
    limit: 'no limit',
  },
  {
    names: ['FILE_ENDINGS'],
    watches: 'files without a last line end where the files of the delivery before had one, or the other way round',
    limit: 'warns',
  },
  {
    names: ['FILES_MISSING', 'FILES_EXTRA'],
    watches: 'fewer files than `expect`, or more',
    limit: 'always holds',
  },
  {
    option: 'files',
    names: ['FILES_UNUSUAL'],
    watches: 'the number of files of a table',
    limit: 'no limit, only [what is usual](#what-is-usual)',
  },
  {
    names: ['TARGET_OBJECT'],
    watches: 'a trigger, a cascading key or another [thing on the table](target.md) that can change rows unseen',
    limit: 'holds until `target: {accept: …}` names it',
  },
  {
    option: 'resent',
    names: ['RESENT'],
    watches: 'all tables with the bytes that production holds already, under a new date',
    limit: 'warns',
  },
];
