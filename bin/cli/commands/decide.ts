import type { Decided } from '../../../lib/cloud/operator.ts';
import { guardsOf } from '../../../lib/core/guards/approval.ts';
import { keys, parseRunName, runName } from '../../../lib/core/run/keys.ts';
import { readFeed } from '../../../lib/steps/run/feed-document.ts';
import { checkLake } from '../../../lib/steps/run/lake.ts';
import { type Approver, approveRun, type Decider, rejectRun } from '../../../lib/workflows/decide.ts';
import { listedRun } from '../../../lib/workflows/runs.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import { reportApproval, reportRejection } from '../output/decision-report.ts';
import { runRelease } from './release.ts';
import { runNight } from './run.ts';

/** Approves a held run, and then continues it, unless somebody else has to approve too. */
export async function approve(cli: Cli, name: string, approver: Approver & { run: boolean }): Promise<number> {
  const { output } = cli;
  const of = parseRunName(name)?.feed;
  const workplace = await openWorkplace(cli, { feed: of });
  try {
    // To continue the run we need the lake in which its objects lie.
    if (of !== undefined && approver.run) await checkLake(of, workplace.ports);
    const { row, open } = await approveRun(name, approver, workplace.ports);
    const decided: Decided = { ...listedRun(row), by: approver.by, open: guardsOf(open) };
    if (open.length > 0 || !approver.run) return reportApproval(output, decided, { isLast: !approver.run });
    const { run, feedHash, folder } = row;
    const feed = await readFeed(workplace.ports, keys.feed(run.feed, feedHash));
    if (row.origin?.kind === 'release') {
      const { table, code } = row.origin;
      const released = parseRunName(row.origin.run)!;
      return await runRelease(output, workplace, { feed, folder, run: released, table, code });
    }
    return await runNight(output, workplace, { feed, folder, date: run.date, resumes: run });
  } finally {
    await workplace.close();
  }
}

export async function reject(cli: Cli, name: string, decider: Decider): Promise<number> {
  const { output } = cli;
  const { ports, close } = await openWorkplace(cli, { feed: parseRunName(name)?.feed });
  try {
    const row = await rejectRun(name, decider, ports);
    return reportRejection(output, { ...listedRun(row), run: runName(row.run), by: decider.by, open: [] });
  } finally {
    await close();
  }
}
