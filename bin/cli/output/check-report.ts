import { errorKinds } from '../../../lib/core/error-kinds.ts';
import type { Check } from '../../../lib/workflows/doctor/area.ts';
import { exitCodeOf, type Output } from './output.ts';
import { tableLines } from './table.ts';

const styles = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** Characters of the longest verdict, and of the longest name of a area. */
const [VERDICT, AREA] = [4, 8];

/** A check as soon as it is known: what was found, and under it what to do. */
export function printCheck(output: Output, { verdict, area, found, error, hint }: Check): void {
  const paint = (text: string) => output.paint(styles[verdict], text);
  const text = error === null ? found : `${error}: ${found}`;
  for (const [index, line] of text.split('\n').entries())
    printLine(output, index === 0 ? [verdict, area, line] : ['', '', line], paint);
  const [advice, ...typed] = hint === null ? [] : hint.split('\n');
  if (advice) printLine(output, ['', '', advice]);
  // As they are, because a command that is broken into lines is another command.
  for (const line of typed) output.print(`    ${line}`);
}

function printLine(output: Output, [verdict, area, text]: readonly [string, string, string], paint = same): void {
  const columns = [{ least: VERDICT, paint }, { least: AREA }, {}];
  const room = Math.max(output.room, VERDICT + AREA + 40);
  for (const line of tableLines([[verdict.padEnd(VERDICT), area.padEnd(AREA), text]], columns, room))
    output.print(line);
}

const same = (text: string) => text;

interface Checked {
  readonly feed: string | null;
  readonly date: string | null;
  /** Of the feed file. */
  readonly path: string;
  readonly checks: readonly Check[];
}

/** What all checks come to; returns the exit code of the first that failed. */
export function reportChecks(output: Output, { feed, date, path, checks }: Checked): number {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const warned = checks.filter(({ verdict }) => verdict === 'warn');
  output.answer({ feed, date, healthy: failed.length === 0, checks });
  const warnings = warned.length === 1 ? '1 warning' : `${warned.length} warnings`;
  output.print(`${failed.length} of ${checks.length} checks failed, ${warnings}.`);
  if (failed.length === 0) output.print(`What the night would do:\n    nightfeed plan ${path} --date ${date}`);
  const [first] = failed;
  return first ? exitCodeOf(errorKinds[first.error!].state) : 0;
}
