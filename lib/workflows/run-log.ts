import { NightfeedError } from '../core/errors.ts';
import { keys, parseRunName, runName } from '../core/run/keys.ts';
import { isWanted, type LogLine, parseLogLine, type WantedLines } from '../core/run/log-line.ts';
import type { Store } from '../ports/store.ts';
import { removedByKeep } from '../steps/retention/removed-by-keep.ts';

/** The lines of a run: a contract, in `--json`. */
export interface RunLines {
  readonly run: string;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** Older objects of the log that were not read, because the run has more than anybody reads. */
  readonly left_out: number;
}

/** How much is read; a line has some hundred bytes. */
const MOST_BYTES = 20_000_000;

/** Reads what the processes of a run told. It asks the lake alone, so it answers when the database does not. Throws REMOVED_BY_KEEP and RUN_UNKNOWN. */
export async function runLog(
  name: string,
  wanted: WantedLines,
  { store }: { readonly store: Pick<Store, 'identity' | 'list' | 'readText'> },
): Promise<RunLines> {
  const run = parseRunName(name);
  const objects = run ? await store.list(keys.logs(run)) : [];
  if (!run || objects.length === 0)
    throw (
      (run && (await removedByKeep(keys.logs(run), { store }))) ??
      new NightfeedError('RUN_UNKNOWN', `the lake in ${(await store.identity()).place} has no log of ${name}`)
    );
  const newestFirst = objects.sort((a, b) => (a.key < b.key ? 1 : -1));
  let bytes = 0;
  const read = newestFirst.filter(({ size }, index) => {
    bytes += size;
    return index === 0 || bytes <= MOST_BYTES;
  });
  const lines: LogLine[] = [];
  for (const { key } of read.reverse())
    for (const text of ((await store.readText(key)) ?? '').split('\n')) {
      const line = parseLogLine(text);
      if (line && isWanted(line, wanted)) lines.push(line);
    }
  const byTime = lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return { run: runName(run), lines: byTime, left_out: objects.length - read.length };
}
