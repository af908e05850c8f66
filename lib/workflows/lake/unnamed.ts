import { placeOfKey, runName } from '../../core/run/keys.ts';
import type { Store } from '../../ports/store.ts';
import { DAY_MS } from '../../steps/retention/day.ts';
import type { LakePorts } from './ports.ts';

type StoredObject = Awaited<ReturnType<Store['list']>>[number];

/**
 * Objects that no receipt, no manifest that a receipt names, and no table of the ledger leads to: what lost attempts left, and older
 * adoptions. What is younger than a day may still be named.
 */
export async function unnamedOf(feed: string, { store, ledger, now }: LakePorts): Promise<StoredObject[]> {
  const isOld = ({ modified }: StoredObject) => now().getTime() - modified.getTime() > DAY_MS;
  const named = new Set<string>();
  const read = async (key: string) => {
    const text = await store.readText(key);
    for (const [, found] of text?.matchAll(/"((?:landing|raw|changes|snapshots)\/[^"\\]+)"/g) ?? []) named.add(found!);
  };
  for (const { key } of await store.list(`receipts/${feed}/`)) if (/\/(pull|diff)\/[^/]+$/.test(key)) await read(key);
  const applied = (await ledger.exists()) ? await ledger.applied(feed) : null;
  for (const { snapshot } of Object.values(applied?.tables ?? {})) named.add(snapshot);
  const waiting = (await ledger.exists()) ? await ledger.quarantined({ feed }) : [];
  for (const { object } of waiting) if (object !== null) named.add(object);
  for (const key of [...named]) if (key.endsWith('/manifest.json')) await read(key);
  const found: StoredObject[] = [];
  for (const zone of ['landing', 'raw', 'changes', 'snapshots'])
    for (const object of await store.list(`${zone}/${feed}/`))
      if (!named.has(object.key) && isOld(object)) found.push(object);
  const running = await runningRuns(feed, { ledger });
  return found.filter(({ key }) => {
    const place = placeOfKey(key);
    return place !== undefined && !running.has(runName(place.run));
  });
}

/** A run at work has objects that no receipt names yet. */
async function runningRuns(feed: string, { ledger }: Pick<LakePorts, 'ledger'>): Promise<Set<string>> {
  if (!(await ledger.exists())) return new Set();
  const rows = await ledger.runs({ feed, limit: RUNS_BACK });
  return new Set(rows.filter(({ state }) => state === 'running').map(({ run }) => runName(run)));
}

/** A feed has one run at work; others that count as running were given up. */
const RUNS_BACK = 1000;
