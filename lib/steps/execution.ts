import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { businessDateAt } from '../core/feed/business-date.ts';
import { contentHash } from '../core/feed/reading-spec.ts';
import type { ClaimAnswer, ClaimEvent, StepEvent } from '../core/run/contract.ts';
import { requireDue } from '../core/run/due-date.ts';
import { keys, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import { cloudLease } from '../core/run/timeouts.ts';
import { claim } from './claim.ts';
import { executionOwner } from './entry.ts';
import { readFeed } from './feed-document.ts';
import { notify } from './notify.ts';
import type { Order } from './order.ts';
import { plan } from './plan.ts';
import type { Ports } from './ports.ts';
import { answered, type NightResult } from './result.ts';

/** The claim of an execution. `deployed` is the key of the feed that its pipeline was deployed with. */
export async function claimExecution(event: ClaimEvent, deployed: string, ports: Ports): Promise<ClaimAnswer> {
  if (!(await ports.ledger.exists())) throw new NightfeedError('LEDGER_MISSING', 'this database has no ledger');
  const order = await orderOf(event, deployed, ports);
  const { feed, date } = { feed: order.feed.feed, date: order.date };
  const { plan: isPlan, errand } = event.input;
  if (isPlan) requireDue(order, ports.now());
  if (isPlan || errand) return { run: runName({ feed, date, revision: 1 }), outcome: errand ?? 'plan' };
  const opening = await claim(order, ports);
  if (opening.kind === 'open') return { run: runName(opening.open.run), outcome: 'opened' };
  // A process that was killed after its commit may have left a message.
  await notify(ports);
  return { run: runName(opening.run), outcome: opening.state };
}

/** What the night would do, kept in the lake for whoever started the execution. */
export async function planExecution(event: StepEvent, deployed: string, ports: Ports): Promise<void> {
  const { date } = parseRunName(event.run)!;
  const feed = await readFeed(ports, deployed);
  const order = { feed, date, folder: '', owner: executionOwner(event.execution) };
  const result = await ports.warehouse
    .inspect(feed)
    .then(() => plan(order, ports))
    .catch((thrown: unknown) => answered(null, 'failed', reportOf(asNightfeedError(thrown))));
  await ports.store.create(planKey(feed.feed, event.execution), JSON.stringify(result));
}

/** null while the plan is at work. */
export async function planOf(
  feed: string,
  execution: string,
  ports: Pick<Ports, 'store'>,
): Promise<NightResult | null> {
  const text = await ports.store.readText(planKey(feed, execution));
  return text === null ? null : (JSON.parse(text) as NightResult);
}

function planKey(feed: string, execution: string): string {
  return keys.plan(feed, contentHash(execution).slice(0, 16));
}

async function orderOf({ input, execution, started }: ClaimEvent, deployed: string, ports: Ports): Promise<Order> {
  const resumes = input.resumes === undefined ? undefined : parseRunName(input.resumes)!;
  const key = resumes ? await feedOf(resumes, ports) : (input.feed ?? deployed);
  const feed = await readFeed(ports, key);
  const night = new Date(input.scheduledTime ?? started);
  return {
    feed,
    date: resumes?.date ?? input.date ?? businessDateAt(feed, night),
    folder: '',
    owner: executionOwner(execution),
    lease: cloudLease('claim'),
    ...(resumes ? { resumes } : {}),
    ...(input.force ? { force: input.force } : {}),
  };
}

/** A held run goes on under the feed that it was held under. */
async function feedOf(run: RunId, ports: Ports): Promise<string> {
  const row = await ports.ledger.find(run);
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  return keys.feed(run.feed, row.feedHash);
}
