import { NightfeedError } from '../../lib/core/errors.ts';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { keys, parseRunName, runName } from '../../lib/core/run/keys.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import { notify } from '../../lib/steps/notify.ts';
import type { Ports, RunRow } from '../../lib/steps/ports.ts';
import { openWorkplace, type Workplace } from './compose.ts';
import type { Output } from './output.ts';
import { runNight } from './run.ts';

interface Decider {
  readonly by: string;
  readonly reason: string;
}

/** Records the approval of the change set that was seen, then goes on with the night; asked again, it only goes on. */
export async function approve(output: Output, name: string, decider: Decider & { run: boolean }): Promise<number> {
  return deciding(output, name, async (row, open) => {
    if (!(await isApproved(open.ports, row))) await decide(open.ports, row, 'approved', decider);
    if (!decider.run) return recorded(output, row, 'approved', decider);
    const text = await open.ports.store.readText(keys.feed(row.run.feed, row.feedHash));
    if (text === null)
      throw new NightfeedError('OBJECT_MISSING', `the feed file that ${name} was held under is not in the lake`);
    return runNight(output, open, {
      feed: JSON.parse(text) as Feed,
      folder: row.folder,
      date: row.run.date,
      resumes: row.run,
    });
  });
}

export async function reject(output: Output, name: string, decider: Decider): Promise<number> {
  return deciding(output, name, async (row, { ports }) => {
    await decide(ports, row, 'rejected', decider);
    await notify(ports);
    return recorded(output, row, 'rejected', decider);
  });
}

async function deciding(
  output: Output,
  name: string,
  work: (row: RunRow, open: Workplace) => Promise<number>,
): Promise<number> {
  const run = parseRunName(name);
  if (!run)
    throw new NightfeedError(
      'RUN_UNKNOWN',
      `${JSON.stringify(name)} is no run; runs are named like catalog/2026-11-20`,
    );
  const open = await openWorkplace(output);
  try {
    const row = (await open.ports.ledger.exists()) ? await open.ports.ledger.find(run) : null;
    if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${name}`);
    return await work(row, open);
  } finally {
    await open.close();
  }
}

async function decide(
  ports: Ports,
  row: RunRow,
  verdict: 'approved' | 'rejected',
  { by, reason }: Decider,
): Promise<void> {
  const name = runName(row.run);
  if (row.state !== 'held' || !row.changeSet) throw new NightfeedError('NOT_HELD', `${name} is ${row.state}`);
  const { run, changeSet, tables = {}, holds } = row;
  const message = runMessage({ run, state: 'rejected', changeSet, tables, holds });
  await ports.ledger.decide(run, { changeSet, verdict, by, reason }, message);
}

async function isApproved({ ledger }: Ports, { run, changeSet }: RunRow): Promise<boolean> {
  return changeSet !== undefined && (await ledger.approved(run, changeSet));
}

function recorded(output: Output, row: RunRow, verdict: string, { by }: Decider): number {
  const state = verdict === 'rejected' ? 'rejected' : row.state;
  const { tables = {}, holds, fence } = row;
  output.answer({
    run: runName(row.run),
    state,
    date: row.run.date,
    attempt: fence,
    tables,
    holds,
    error: null,
    seconds: 0,
    steps: {},
  });
  output.print(`${runName(row.run)}  ${verdict} by ${by}`);
  return 0;
}
