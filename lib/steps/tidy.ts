import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import { compareRuns, type RunId, runPrefixes } from '../core/run/keys.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { writeCurrent } from './current.ts';
import type { Kept } from './run/receipts.ts';
import type { OpenRun } from './run/run-request.ts';

export type TidyPorts = Pick<Ports, 'store' | 'catalog' | 'reach' | 'now' | 'say'> &
  Using<'engine', 'exportRows'> &
  Using<'target', 'tidy'> &
  WithLedger<AppliedState>;

/** After the run is published: writes `current/` and removes what nobody needs. A failure here is left to the next run. */
export async function tidy(
  open: Pick<OpenRun, 'request' | 'run'>,
  changes: Kept<DiffReceipt>,
  ports: TidyPorts,
): Promise<void> {
  try {
    await removeLosers(open.run, ports);
    const applied = await ports.ledger.applied(open.run.feed);
    // When a release was published after this night, its `current/` is newer.
    if (applied && compareRuns(applied.run, open.run) === 0) await writeCurrent(open, changes.receipt, ports);
    await ports.target.tidy();
    await ports.reach('tidy.done');
  } catch (error) {
    ports.say(`tidying is left to the next run: ${error instanceof Error ? error.message : String(error)}`);
  }
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
