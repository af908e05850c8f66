import type { Keep } from '../../core/feed/spec/keep.ts';
import { sizedZones } from '../../core/run/lake-size.ts';
import { type AgingZone, agingZones } from '../../core/run/removal.ts';
import type { Store } from '../../ports/store.ts';
import { agedOf } from '../../steps/retention/aged.ts';
import { DAY_MS } from '../../steps/retention/day.ts';
import type { Need } from '../../steps/retention/need.ts';
import { neededOf } from '../../steps/retention/needed.ts';
import type { LakePorts } from './ports.ts';
import { unnamedOf } from './unnamed.ts';

/** A feed to look at, and the limits that are tried out; undefined for none. */
export interface AskedFeed {
  readonly feed: string;
  readonly keep: Keep | undefined;
}

/** What the lake holds: a contract, in `--json`. */
export type LakeAnswer = Awaited<ReturnType<typeof lakeOf>>;

/** Zones in the order of the table. Only the lake of a machine of one's own has logs. */
const shownZones = [...sizedZones, 'logs'] as const;

const GROWTH_DAYS = 30;

/** Sizes and growth of feeds in the lake, what nothing names, and what limits would free. Changes nothing. */
export async function lakeOf(asked: readonly AskedFeed[], ports: LakePorts) {
  const { place } = await ports.store.identity();
  const feeds = [];
  for (const { feed, keep } of asked) feeds.push(await feedOf(feed, keep, ports));
  return { lake: place, feeds };
}

/** Names of the feeds that have something in the lake. */
export async function feedsIn({ store }: { readonly store: Pick<Store, 'list'> }): Promise<string[]> {
  const documents = await store.list('feeds/');
  return [...new Set(documents.flatMap(({ key }) => key.split('/')[1] ?? []))].sort();
}

async function feedOf(feed: string, keep: Keep | undefined, ports: LakePorts) {
  const zones = [];
  for (const zone of shownZones)
    zones.push({ zone, ...growthOf(await ports.store.list(`${zone}/${feed}/`), ports.now()) });
  const hasLedger = await ports.ledger.exists();
  return {
    feed,
    zones,
    unnamed: summed(await unnamedOf(feed, ports)),
    freed: keep && hasLedger ? await freedBy(feed, keep, ports) : null,
  };
}

function growthOf(objects: Awaited<ReturnType<Store['list']>>, now: Date) {
  const since = now.getTime() - GROWTH_DAYS * DAY_MS;
  const times = objects.map(({ modified }) => modified.getTime()).sort((a, b) => a - b);
  return {
    ...summed(objects),
    grown: summed(objects.filter(({ modified }) => modified.getTime() >= since)).bytes,
    oldest: times[0] === undefined ? null : new Date(times[0]).toISOString(),
  };
}

/** What the next nights would remove by these limits, by zone, and what is as old and has to stay, by what needs it. */
async function freedBy(feed: string, keep: Keep, ports: LakePorts) {
  const aged = await agedOf(feed, keep, await neededOf(feed, keep.quarantine, ports), ports);
  const zones: { zone: AgingZone; days: number; objects: number; bytes: number }[] = [];
  for (const zone of agingZones) {
    const here = aged.filter((each) => each.zone === zone);
    if (here[0]) zones.push({ zone, days: here[0].limit, ...summed(here.flatMap(({ objects }) => objects)) });
  }
  const kept = Map.groupBy(
    aged.flatMap(({ needed }) => needed),
    ({ need }) => need,
  );
  const needed = [...kept].map(([need, objects]): { need: Need; objects: number; bytes: number } => ({
    need,
    ...summed(objects),
  }));
  return { zones, needed };
}

function summed(objects: readonly { readonly size: number }[]) {
  return { objects: objects.length, bytes: objects.reduce((sum, { size }) => sum + size, 0) };
}
