import { keys, runName } from '../../lib/core/run/keys.ts';
import { approveRun, type Decider, rejectRun } from '../../lib/steps/decide.ts';
import { readFeed } from '../../lib/steps/feed-document.ts';
import type { RunRow } from '../../lib/steps/ledger-port.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';
import { runNight } from './run.ts';

/** Approves, then goes on with the night. */
export async function approve(output: Output, name: string, decider: Decider & { run: boolean }): Promise<number> {
  const open = await openWorkplace(output);
  try {
    const row = await approveRun(name, decider, open.ports);
    if (!decider.run) return reportDecision(output, row, 'approved', decider.by);
    const feed = await readFeed(open.ports, keys.feed(row.run.feed, row.feedHash));
    return await runNight(output, open, { feed, folder: row.folder, date: row.run.date, resumes: row.run });
  } finally {
    await open.close();
  }
}

export async function reject(output: Output, name: string, decider: Decider): Promise<number> {
  const { ports, close } = await openWorkplace(output);
  try {
    return reportDecision(output, await rejectRun(name, decider, ports), 'rejected', decider.by);
  } finally {
    await close();
  }
}

function reportDecision(output: Output, row: RunRow, verdict: 'approved' | 'rejected', by: string): number {
  const { run, state, fence, tables = {}, holds } = row;
  const nothing = { error: null, seconds: 0, steps: {} };
  output.answer({ run: runName(run), state, date: run.date, attempt: fence, tables, holds, ...nothing });
  output.print(`${runName(run)}  ${verdict} by ${by}`);
  return 0;
}
