import type { Column } from '../feed/spec.ts';

/** Canonical texts by column name; a long one is cut and ends in `…`. */
type Values = Readonly<Record<string, string | null>>;

/** A row that a night changes; of an update only the columns that differ. */
export interface SampleRow {
  readonly key: Values;
  readonly before?: Values;
  readonly after?: Values;
}

export interface SampleReject {
  readonly code: string;
  readonly column: string | null;
  readonly key: string | null;
  readonly raw: string;
}

/** Where a rejected record stands. */
export interface SampleUnreadable extends SampleReject {
  readonly file: string;
  /** Offset in the unpacked file, from 0. */
  readonly byte: number;
  /** It is the last record of its file. */
  readonly isLast: boolean;
}

/** Some rows of each kind of a table's change set, to explain a guard's number. Every engine picks the same ones. */
export interface Samples {
  readonly inserted: readonly SampleRow[];
  readonly updated: readonly SampleRow[];
  readonly gone: readonly SampleRow[];
  /** By column: rows whose value became null or stopped being null. */
  readonly nulls: Readonly<Record<string, readonly SampleRow[]>>;
  /** By name of a rule that does not reject: rows that break it. Absent when an older version took them. */
  readonly broken?: Readonly<Record<string, readonly SampleRow[]>>;
  readonly rejected: readonly SampleReject[];
  /** The first record with an unreadable key; absent if there is none. */
  readonly unreadable?: SampleUnreadable;
  /** Lines of the delivery, safe to be shown, by the guard that they explain. Absent when an older version took them. */
  readonly signs?: Readonly<Record<string, readonly string[] | undefined>>;
}

export const noSamples: Samples = { inserted: [], updated: [], gone: [], nulls: {}, rejected: [] };

export const SAMPLE_ROWS = 10;
export const SAMPLE_CHARACTERS = 200;
/** Share of the base's rows. No guard needs samples of a column whose null count changed by less. */
export const NULL_SHARE = 0.005;
export const NULL_COLUMNS = 5;
/** Number of values of a row that are shown besides its key. */
const MAX_VALUES = 20;

/** Reads a row of `sampleSql`: `b0…` and `n0…` as text, null if there is no value. With `only`, of this column alone. */
export function sampleRow(
  columns: readonly Column[],
  kind: 'inserted' | 'updated' | 'gone',
  found: Readonly<Record<string, unknown>>,
  only?: number,
): SampleRow {
  const text = (side: 'b' | 'n', index: number) => (found[`${side}${index}`] ?? null) as string | null;
  const differs = (index: number) => text('b', index) !== text('n', index) || isCut(text('n', index));
  const indexes = [...columns.keys()];
  const shown = indexes
    .filter(
      (index) => !columns[index]!.key && (only === undefined ? kind !== 'updated' || differs(index) : index === only),
    )
    .slice(0, MAX_VALUES);
  const values = (side: 'b' | 'n', of: readonly number[]) =>
    Object.fromEntries(of.map((index) => [columns[index]!.name, shorten(text(side, index))]));
  return {
    key: values(
      kind === 'gone' ? 'b' : 'n',
      indexes.filter((index) => columns[index]!.key),
    ),
    ...(kind === 'inserted' ? {} : { before: values('b', shown) }),
    ...(kind === 'gone' ? {} : { after: values('n', shown) }),
  };
}

/** The difference may lie behind the cut. */
const isCut = (text: string | null) => text !== null && text.length > SAMPLE_CHARACTERS;

export function shorten<T extends string | null>(text: T): T | string {
  return text !== null && isCut(text) ? `${text.slice(0, SAMPLE_CHARACTERS)}…` : text;
}
