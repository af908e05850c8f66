import type { LogLine } from '../../../lib/core/run/log-line.ts';
import type { RunLines } from '../../../lib/workflows/run-log.ts';
import type { Output } from './output.ts';

/** The log of a run, for people: one line of text each, so that it can be searched. */
export function reportLog(output: Output, found: RunLines): number {
  output.answer(found);
  if (found.left_out > 0) output.print(`The log begins later: ${found.left_out} older parts are not shown.`);
  if (found.lines.length === 0) output.print(`${found.run} has a log, but no line that was asked for.`);
  for (const line of found.lines) output.print(shownLine(line, output));
  return 0;
}

/** Says where the processes on AWS log; every line there is the same JSON object. */
export function reportStackLog(output: Output, stack: string, run: string): number {
  const [, stage, feed] = /^([^-]+)-(.+)$/.exec(stack) ?? [];
  const groups = `nightfeed-${stage}-Pipeline-${feed}`;
  const query = `fields @timestamp, level, step, message | filter run = "${run}" | sort @timestamp`;
  output.answer({ run, groups, query });
  output.print(`On AWS the processes log to CloudWatch, in the log groups whose names begin with ${groups}.`);
  output.print('Ask all of them in Logs Insights:');
  output.print(`  ${query}`);
  return 0;
}

function shownLine({ time, level, step, attempt, message }: LogLine, output: Output): string {
  const moment = output.paint('dim', time.slice(0, 19).replace('T', ' '));
  const grave = level === 'info' ? level.padEnd(5) : output.paint(level === 'warn' ? 'yellow' : 'red', level.padEnd(5));
  return `${moment}  ${grave}  ${String(attempt ?? '').padStart(2)}  ${(step ?? '').padEnd(7)}  ${message}`;
}
