import type { Repeats } from '../diff/repeats.ts';
import { startOf } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import type { ArriveReceipt } from '../run/arrive-receipt.ts';
import type { DiffReceipt, TableDiff } from '../run/diff-receipt.ts';

/** The numbers of a night that guards evaluate, each in the unit of its limit. The run keeps them, so that later nights learn from them. */
export interface Measures {
  /** Minutes after `schedule.at` at which the vendor last wrote; absent when the source does not tell. */
  readonly late?: number;
  readonly tables: Readonly<Record<string, TableMeasures>>;
}

/** An earlier night that was published, with its numbers. */
export interface PastNight {
  readonly date: string;
  readonly measures: Measures;
}

/** Shares of the base; `rejected`, `duplicates` and `collapsed` are shares of the delivery. Absent when there is nothing to take a share of. */
export interface TableMeasures {
  /** Number of files; absent when an older version measured. */
  readonly files?: number;
  readonly rows?: number;
  readonly bytes?: number;
  readonly inserted?: number;
  readonly updated?: number;
  readonly gone?: number;
  readonly rejected?: number;
  /** Rows that equal another row of their file. */
  readonly duplicates?: number;
  /** Older versions of a key; absent where the feed does not collapse versions. */
  readonly collapsed?: number;
  /** Updated rows whose version is older than that of production's row; absent where the feed does not collapse versions. */
  readonly reverted?: number;
  /** Keys that occur in several files, as far as guards count them. */
  readonly overlap?: number;
  /** Rows that stay because a reject's key cannot be read. */
  readonly suspended?: number;
  /** Size of the longest record; absent when an older version landed it, and in a release. */
  readonly recordBytes?: number;
  readonly recordLines?: number;
  /** By column: by how much the share of rows with null grew. */
  readonly nulls?: Readonly<Record<string, number>>;
}

export function measure(feed: Feed, date: string, arrival: ArriveReceipt, diff: DiffReceipt): Measures {
  const late = minutesLate(feed, date, arrival);
  return {
    ...(late === null ? {} : { late }),
    tables: Object.fromEntries(
      Object.entries(diff.tables).map(([name, table]) => {
        const delivered = arrival.files.filter((file) => file.table === name);
        const members = delivered.some((file) => file.members) ? table.files?.picked.length : undefined;
        return [name, { files: members ?? delivered.length, ...measureTable(table) }];
      }),
    ),
  };
}

function measureTable(diff: TableDiff): TableMeasures {
  const { base, accepted, carried, suspended, bytes } = diff;
  const delivered = {
    ...(diff.rows > 0
      ? { rejected: rejectedRows(diff) / diff.rows, duplicates: (diff.repeats?.within ?? 0) / diff.rows }
      : {}),
    ...(diff.rows > 0 && diff.collapsed !== undefined ? { collapsed: diff.collapsed / diff.rows } : {}),
    ...(diff.reverted === undefined ? {} : { reverted: diff.reverted }),
    overlap: overlapOf(diff.repeats),
    ...(diff.signs ? { recordBytes: diff.signs.longest.bytes, recordLines: diff.signs.longest.lines } : {}),
  };
  if (base === 0) return delivered;
  const held = accepted + carried + suspended;
  return {
    ...delivered,
    suspended,
    rows: (accepted - base) / base,
    ...(bytes.base > 0 ? { bytes: (bytes.next - bytes.base) / bytes.base } : {}),
    inserted: diff.inserted / base,
    updated: diff.updated / base,
    gone: diff.gone / base,
    nulls: Object.fromEntries(
      Object.entries(diff.nulls).flatMap(([column, nulls]) =>
        nulls.base === null || held === 0 ? [] : [[column, nulls.next / held - nulls.base / base]],
      ),
    ),
  };
}

/** Vendors cut a table into files that share some rows; two dumps of it share most of them. */
const EQUAL_SHARE = 0.1;

/** A key that two files bring with different values always counts, because nobody knows which one is right. */
function overlapOf(repeats: Repeats | undefined): number {
  if (!repeats) return 0;
  return repeats.different + (repeats.equalShare > EQUAL_SHARE ? repeats.equal : 0);
}

/** An equal row in the same file is harmless: the first one counts. */
function rejectedRows({ rejected }: TableDiff): number {
  return Object.entries(rejected).reduce((sum, [code, count]) => sum + (code === 'DUP_ROW' ? 0 : count), 0);
}

/** Measured by the vendor's own times, so that a second run of a night is not later. */
function minutesLate(feed: Feed, date: string, { files }: ArriveReceipt): number | null {
  const start = startOf(feed, date);
  const written = files.map(({ modified }) => (modified === null ? Number.NaN : Date.parse(modified)));
  const last = Math.max(...written);
  if (!start || files.length === 0 || Number.isNaN(last)) return null;
  return Math.round((last - start.getTime()) / 60_000);
}
