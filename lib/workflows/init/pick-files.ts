import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import {
  commonPattern,
  generationPattern,
  guessPattern,
  newestFirst,
  tableNameOf,
} from '../../core/infer/file-pattern.ts';
import type { GuessedPick } from '../../core/infer/table.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { type FileReading, readFiles } from './read-samples.ts';
import type { SampledRows } from './sample-rows.ts';

interface Picking {
  readonly newest: SourceFile;
  /** Further samples of the same date. */
  readonly parts: readonly SourceFile[];
  readonly first: SampledRows;
  /** Places of the columns that name a row in the newest file. */
  readonly key: readonly number[];
  readonly reading: FileReading;
}

interface Picked {
  /** Pattern of the table's files. */
  readonly files: string;
  readonly pick: GuessedPick | undefined;
  /** The samples that are parts of the table, beside the newest, and their rows. */
  readonly parts: readonly SourceFile[];
  readonly others: Omit<SampledRows, 'names'>;
}

/**
 * Tells whether files of one name are parts of a table or generations of one file. Generations have most of their keys in common. Where
 * files lie beside the samples that nobody named, one of them is looked at.
 */
export async function pickFiles({ newest, parts, first, key, reading }: Picking, source: Source): Promise<Picked> {
  const none = { rows: [], areAll: true };
  const names = [newest, ...parts].map(({ name }) => name);
  const beside = await filesBeside(source, names);
  // An archive is one delivery: its members are parts.
  const isMember = newest.name.includes('/');
  const [other] = parts.length > 0 ? parts : beside;
  const rows =
    other &&
    (await readFiles(source, [other], { ...reading, most: Math.min(reading.most, GLANCE) }).catch(() => none)).rows;
  if (!isMember && other && rows && shareAgain(rows, first.rows, key) >= GENERATION) {
    const reason = `${excerpt(other.name)} has mostly the same rows as ${excerpt(newest.name)}: the file with the highest number counts`;
    return { files: generationPattern(newest.name), pick: { value: 'newest', reason }, parts: [], others: none };
  }
  const files = commonPattern(names);
  if (files === undefined)
    throw new NightfeedError('USAGE', `no pattern fits ${names.map((name) => excerpt(name)).join(' and ')} alone`);
  const others = parts.length > 0 ? await readFiles(source, parts, reading) : none;
  const fitting = beside.filter(({ name }) => guessPattern(name).pattern === files);
  if (fitting.length === 0) return { files, pick: undefined, parts, others };
  const reason = `${excerpt(fitting[0]!.name)} fits this name too, so a second file is refused; say all when they are parts of the table`;
  return { files, pick: { value: 'only', reason }, parts, others };
}

/** Bytes of another file that are looked at to see whether its rows are the same. */
const GLANCE = 8_000_000;

/** From this share of common keys on files are generations of one file. */
const GENERATION = 0.5;

/** Files of the same table and date that nobody named, the newest first. */
async function filesBeside(source: Source, names: readonly string[]): Promise<SourceFile[]> {
  const [newest] = names;
  const { date } = guessPattern(newest!);
  const found = await source.list(
    (name) =>
      !names.includes(name) &&
      tableNameOf(name) === tableNameOf(newest!) &&
      guessPattern(name).date === date &&
      commonPattern([...names, name]) !== undefined,
  );
  return newestFirst(found.map(({ name }) => name)).map((name) => found.find((file) => file.name === name)!);
}

function shareAgain(rows: SampledRows['rows'], first: SampledRows['rows'], key: readonly number[]): number {
  const keyOf = (row: SampledRows['rows'][number]) => JSON.stringify(key.map((place) => row[place]));
  const known = new Set(first.map(keyOf));
  return rows.filter((row) => known.has(keyOf(row))).length / Math.max(1, Math.min(rows.length, first.length));
}
