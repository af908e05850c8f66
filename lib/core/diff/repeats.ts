/** What a table's records bring more than once. */
export interface Repeats {
  /** Keys that stand in several files: with other rows in each, and with the same. */
  readonly different: number;
  readonly equal: number;
  /** The largest share of a file's records whose rows stand in another file, too. */
  readonly equalShare: number;
  /** How many files share keys, and the names of those that share most. */
  readonly files: number;
  readonly names: readonly string[];
  /** Some of the keys, the smallest. */
  readonly keys: readonly string[];
  /** Records that are equal to an earlier one of their own file. */
  readonly within: number;
}

/** Where they were found, as an engine counts. */
export interface RepeatCounts extends Pick<Repeats, 'different' | 'equal' | 'within' | 'keys'> {
  /** Of each file that shares keys, by its place among the table's. */
  readonly files: readonly { readonly file: number; readonly different: number; readonly equal: number }[];
}

const SHOWN_FILES = 5;

/** With the files' names and sizes; null where nothing comes twice. */
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
