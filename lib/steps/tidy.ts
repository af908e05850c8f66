import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import { compareRuns, type RunId, runPrefixes } from '../core/run/keys.ts';
import type { Removed } from '../core/run/removal.ts';
import { shownSize } from '../core/shown-size.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { writeCurrent } from './current.ts';
import type { NeedPorts } from './retention/need.ts';
import { removeAged } from './retention/remove-aged.ts';
import type { Kept } from './run/receipts.ts';
import type { OpenRun } from './run/run-request.ts';

export type TidyPorts = Pick<Ports, 'store' | 'catalog' | 'reach' | 'now' | 'say'> &
  Using<'engine', 'exportRows'> &
  Using<'target', 'tidy'> &
  NeedPorts;

/**
 * After the run is published: writes `current/`, and removes what nobody needs and what is older than the feed file keeps it; answers what
 * that was. A failure here is left to the next run.
 */
export async function tidy(
  open: Pick<OpenRun, 'request' | 'run'>,
  changes: Kept<DiffReceipt>,
  ports: TidyPorts,
): Promise<Removed> {
  try {
    await removeLosers(open.run, ports);
    const applied = await ports.ledger.applied(open.run.feed);
    // When a release was published after this night, its `current/` is newer.
    if (applied && compareRuns(applied.run, open.run) === 0) await writeCurrent(open, changes.receipt, ports);
    await ports.target.tidy();
    const removed = await keepToLimits(open, ports);
    await ports.reach('tidy.done');
    return removed;
  } catch (error) {
    ports.say(`tidying is left to the next run: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

async function keepToLimits(
  { request, run }: Pick<OpenRun, 'request' | 'run'>,
  ports: NeedPorts & Pick<Ports, 'say'>,
): Promise<Removed> {
  const { keep } = request.feed;
  if (keep === undefined) return {};
  const { removed, isWhole } = await removeAged({ feed: run.feed, by: run }, keep, ports);
  for (const [zone, { objects, bytes }] of Object.entries(removed))
    ports.say(
      `keep: ${zone}, objects: ${objects}, ${shownSize(bytes)}, were older than the feed file keeps them and are removed`,
    );
  if (!isWhole) ports.say('more is older than the feed file keeps it; the next night goes on');
  return removed;
}

/** Objects of plans and releases stay for this long, because a plan at work may still write the receipt that names them, and a release may read them. */
const PLAN_MS = 24 * 3600 * 1000;

/** Removes objects of lost attempts: those that no receipt of the run names. */
async function removeLosers(run: RunId, ports: Pick<Ports, 'store' | 'now'>): Promise<void> {
  const { receipts, snapshots, others } = runPrefixes(run);
  const texts: string[] = [];
  for (const { key } of await ports.store.list(receipts)) texts.push((await ports.store.readText(key)) ?? '');
  for (const { key } of await ports.store.list(snapshots)) {
    if (key.endsWith('manifest.json') && texts.some((text) => text.includes(key)))
      texts.push((await ports.store.readText(key)) ?? '');
  }
  const known = texts.join('\n');
  const found = (await Promise.all([snapshots, ...others].map((prefix) => ports.store.list(prefix)))).flat();
  const isInUse = (object: { key: string; modified: Date }) =>
    known.includes(`"${object.key}"`) ||
    (/\/(plan|release)-/.test(object.key) && ports.now().getTime() - object.modified.getTime() < PLAN_MS);
  await ports.store.remove(found.filter((object) => !isInUse(object)).map((object) => object.key));
}
