import { asNightfeedError } from '../core/errors.ts';
import { judge } from '../core/run/guard.ts';
import { compareRuns, type RunId } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import { isFinished } from '../core/run/state.ts';
import { NightfeedError } from '../core/errors.ts';
import { arriveUnclaimed, lookOnce } from './arrive.ts';
import { diff, isApplied } from './diff.ts';
import { type OpenRun, type Order, readingOf } from './order.ts';
import type { Ports } from './ports.ts';
import { pull } from './pull.ts';
import { answered, type NightResult } from './result.ts';
import { summaries } from './summary.ts';

/**
 * What `night` would do, without a word to ledger or target. What it lands and compares is kept: the night finds the
 * receipts and need not do it again.
 */
export async function plan(order: Order, ports: Ports, attempt: string): Promise<NightResult> {
  let run: RunId = { feed: order.feed.feed, date: order.date, revision: 1 };
  try {
    const applied = (await ports.ledger.exists()) ? await ports.ledger.applied(order.feed.feed) : null;
    if (applied && order.date < applied.run.date) {
      throw new NightfeedError('OLDER_DELIVERY', `asked for ${order.date}; production holds ${applied.run.date}`);
    }
    const latest = await latestRun(order, ports);
    if (latest) run = latest.run;
    if (latest && isFinished(latest.state)) {
      const same = (await lookOnce(order, ports)) === latest.listing && latest.reading === readingOf(order.feed);
      if (same) return answered(run, latest.state === 'published' ? 'unchanged' : latest.state);
      run = { ...run, revision: run.revision + 1 };
    }
    const open: OpenRun = { order, run, fence: 0, attempt };
    const arrival = await arriveUnclaimed(open, ports);
    const pulled = await pull(open, arrival, ports);
    if (isApplied(pulled, applied)) return answered(run, 'unchanged');
    const { receipt, id } = await diff(open, pulled, applied, ports);
    const holds = judge(order.feed, arrival, receipt);
    const approved = latest !== undefined && holds.length > 0 && (await ports.ledger.approved(run, id));
    return { ...answered(run, holds.length > 0 && !approved ? 'held' : 'published'), tables: summaries(receipt), holds };
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    const state = error.state === 'refused' || error.state === 'late' ? error.state : 'failed';
    return answered(run, state, reportOf(error));
  }
}

async function latestRun(order: Order, ports: Ports) {
  if (!(await ports.ledger.exists())) return undefined;
  const runs = await ports.ledger.runs({ feed: order.feed.feed, limit: 100 });
  return runs.filter((row) => row.run.date === order.date).sort((a, b) => compareRuns(b.run, a.run))[0];
}
