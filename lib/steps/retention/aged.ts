import type { Keep } from '../../core/feed/spec/keep.ts';
import { compareRuns, isRemoval, placeOfKey, type RunId, runName } from '../../core/run/keys.ts';
import { type AgingZone, agingZones } from '../../core/run/removal.ts';
import type { Store } from '../../ports/store.ts';
import { DAY_MS } from './day.ts';
import type { Need, NeedPorts } from './need.ts';
import type { Needed } from './needed.ts';

/** Objects of a run in a zone, all of them older than the feed file keeps them. */
export interface Aged {
  readonly zone: AgingZone;
  readonly run: RunId;
  /** Days. */
  readonly limit: number;
  /** Those that may go. */
  readonly objects: readonly StoredObject[];
  /** Those that something needs. */
  readonly needed: readonly (StoredObject & { readonly need: Need })[];
}

type StoredObject = Awaited<ReturnType<Store['list']>>[number];

/** What is older than its limit, oldest run first, and what of it has to stay. An object counts from when the lake got it. */
export async function agedOf(
  feed: string,
  keep: Keep,
  needed: Needed,
  ports: Pick<NeedPorts, 'store' | 'now'>,
): Promise<Aged[]> {
  const limits = agingZones.flatMap((zone) => {
    const limit = limitOf(zone, keep);
    return limit === undefined ? [] : [{ zone, limit }];
  });
  const found: Aged[] = [];
  for (const { zone, limit } of limits)
    for (const folder of await oldFolders(`${zone}/${feed}/`, limit, ports))
      found.push({ zone, limit, run: folder.run, ...(await sorted(folder.objects, needed)) });
  return found.sort((a, b) => compareRuns(a.run, b.run));
}

/** Copies of files go with the receipts that name them, which go with landing; manifests with the receipts of diff. */
function limitOf(zone: AgingZone, { landing, raw, changes, receipts, logs }: Keep): number | undefined {
  return { landing, raw: raw ?? landing, changes, snapshots: changes, receipts, logs }[zone];
}

/** A run's folder goes as a whole, when its youngest object is old enough. */
async function oldFolders(
  prefix: string,
  limit: number,
  { store, now }: Pick<NeedPorts, 'store' | 'now'>,
): Promise<{ readonly run: RunId; readonly objects: readonly StoredObject[] }[]> {
  const before = now().getTime() - limit * DAY_MS;
  const objects = (await store.list(prefix)).filter(({ key }) => placeOfKey(key) !== undefined && !isRemoval(key));
  const folders = [...Map.groupBy(objects, ({ key }) => runName(placeOfKey(key)!.run)).values()];
  return folders
    .filter((folder) => folder.every(({ modified }) => modified.getTime() < before))
    .map((folder) => ({ run: placeOfKey(folder[0]!.key)!.run, objects: folder }));
}

async function sorted(folder: readonly StoredObject[], needed: Needed): Promise<Pick<Aged, 'objects' | 'needed'>> {
  const objects: StoredObject[] = [];
  const kept: (StoredObject & { need: Need })[] = [];
  for (const object of folder) {
    const need = await needed.of(object.key);
    if (need === undefined) objects.push(object);
    else kept.push({ ...object, need });
  }
  return { objects, needed: kept };
}
