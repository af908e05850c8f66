import { z } from 'zod';
import type { Column } from '../feed/spec.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedByName, storedBySome, storedCount, storedTexts } from '../objects/stored.ts';

/** Canonical texts by column name; a long one is cut and ends in `…`. */
const values = storedByName(z.string().nullable());

const row = z.object({ key: values, before: values.exactOptional(), after: values.exactOptional() });

/** A row that a night changes; of an update only the columns that differ. */
export type SampleRow = Stored<typeof row>;

const reject = z.object({
  code: z.string(),
  column: z.string().nullable(),
  key: z.string().nullable(),
  raw: z.string(),
});

export type SampleReject = Stored<typeof reject>;

const unreadable = reject.extend({
  file: z.string(),
  /** Offset in the unpacked file, from 0; in its text in the lake where there is `record`. */
  byte: storedCount,
  /** Its number among the records of the file, from 1, where bytes of the text are not those of the file. */
  record: storedCount.exactOptional(),
  /** It is the last record of its file. */
  isLast: z.boolean(),
});

/** Where a rejected record stands. */
export type SampleUnreadable = Stored<typeof unreadable>;

const rows = z.array(row);
const schema = z.object({
  inserted: rows,
  updated: rows,
  gone: rows,
  /** By column: rows whose value became null or stopped being null. */
  nulls: storedByName(rows),
  /** By name of a rule that does not reject: rows that break it. Absent when an older version took them. */
  broken: storedByName(rows).exactOptional(),
  rejected: z.array(reject),
  /** The first record with an unreadable key; absent if there is none. */
  unreadable: unreadable.exactOptional(),
  /** Lines of the delivery, safe to be shown, by the guard that they explain. Absent when an older version took them. */
  signs: storedBySome<string>()(storedTexts).exactOptional(),
});

/** Some rows of each kind of a table's change set, to explain a guard's number. Every engine picks the same ones. */
export type Samples = Stored<typeof schema>;

export const samplesObject: ObjectKind<Samples> = { name: 'object of samples', version: 1, schema, isSealed: false };

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
