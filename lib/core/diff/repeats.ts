import { z } from 'zod';
import { type Stored, storedCount, storedTexts } from '../objects/stored.ts';

export const repeatsSchema = z.object({
  /** Number of keys that occur in several files, with different rows and with equal rows. */
  different: storedCount,
  equal: storedCount,
  /** The largest share of a file's records that occur in another file too. */
  equalShare: z.number(),
  /** Number of files that share keys, and the names of those that share most. */
  files: storedCount,
  names: storedTexts,
  /** Some of the keys, the smallest. */
  keys: storedTexts,
  /** Number of records that equal an earlier one of their own file. */
  within: storedCount,
});

/** Records and keys that a table's delivery repeats. */
export type Repeats = Stored<typeof repeatsSchema>;

/** The same as an engine counts it. */
export interface RepeatCounts extends Pick<Repeats, 'different' | 'equal' | 'within' | 'keys'> {
  /** Counts of each file that shares keys, by its index among the table's files. */
  readonly files: readonly { readonly file: number; readonly different: number; readonly equal: number }[];
}

const SHOWN_FILES = 5;

/** Adds the files' names and sizes; null when nothing is repeated. */
export function repeatsOf(
  { files: found, ...counts }: RepeatCounts,
  files: readonly { readonly name: string; readonly rows: number }[],
): Repeats | null {
  if (counts.different + counts.equal + counts.within === 0) return null;
  const sharing = [...found].sort((a, b) => b.different + b.equal - (a.different + a.equal) || a.file - b.file);
  return {
    ...counts,
    equalShare: Math.max(0, ...found.map(({ file, equal }) => equal / files[file]!.rows)),
    files: sharing.length,
    names: sharing.slice(0, SHOWN_FILES).map(({ file }) => files[file]!.name),
  };
}

/** The repeats among these groups, told without their keys. */
export function countRepeats(groups: readonly Group[]): RepeatCounts {
  const counted = groups.map(({ copies, differ }) => ({
    differ,
    files: new Set(copies.map(({ file }) => file)),
    more: copies.length - new Set(copies.map(({ file }) => file)).size,
  }));
  const shared = counted.filter(({ files }) => files.size > 1);
  const count = (of: readonly { readonly differ: boolean }[]) => ({
    different: of.filter(({ differ }) => differ).length,
    equal: of.filter(({ differ }) => !differ).length,
  });
  const files = [...new Set(shared.flatMap(({ files }) => [...files]))].sort((a, b) => a - b);
  return {
    ...count(shared),
    within: counted.reduce((sum, { differ, more }) => sum + (differ ? 0 : more), 0),
    files: files.map((file) => ({ file, ...count(shared.filter((group) => group.files.has(file))) })),
    keys: [],
  };
}

/** The good records of a key. */
interface Group {
  readonly copies: readonly { readonly file: number }[];
  readonly differ: boolean;
}
