import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../../lib/core/run/fail-point.ts';
import { LocalEngine } from '../../lib/engines/engine.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import { postgresTarget } from '../../lib/target/postgres/postgres-target.ts';
import { night } from '../../lib/workflows/night.ts';
import type { Arena, Side } from '../arena.ts';
import type { Cluster } from '../cluster.ts';
import type { Contestant, Outcome, Stopwatch } from '../contestant.ts';
import { dates, feed } from '../items.ts';
import { requestOf } from '../landing.ts';
import { engineLimits } from '../limits.ts';
import { runOnce } from '../race.ts';

interface Prepared {
  readonly side: Side;
  readonly database: string;
  readonly url: string;
  readonly vendor: string;
  readonly lake: string;
  readonly scratch: string;
}

const BASE = 'night_base';
const TIDY = 'tidy';

/** Our first night: the landed base into a new table, with its key, proved. */
export const firstLoad: Contestant<Prepared> = {
  name: 'first-load',
  title: 'nightfeed, first load',
  group: 'load',
  against: 'copy-key',
  apart: [TIDY],
  isSlow: true,
  async prepare(arena) {
    const cluster = await arena.cluster();
    await cluster.create('first_load');
    return prepareNight(arena, 'base', 'first_load');
  },
  run: runNight,
  /** The last one is the whole night's base. */
  async finish(arena, { database }, { isLast }) {
    const cluster = await arena.cluster();
    if (isLast) await arena.once(BASE, () => keepBase(cluster, database));
    else await cluster.drop(database);
  },
};

/** Our night: what is landed, from claim to committed, proved and told. */
export const wholeNight: Contestant<Prepared> = {
  name: 'whole-night',
  title: 'nightfeed, whole night',
  group: 'night',
  against: 'merge-script',
  apart: [TIDY],
  async prepare(arena, { isLast }) {
    const cluster = await arena.cluster();
    await arena.once(BASE, () => loadBase(arena));
    return prepareNight(arena, 'next', isLast ? BASE : await cluster.copy(BASE));
  },
  run: runNight,
  async finish(arena, { database }) {
    await (await arena.cluster()).drop(database);
    if (database === BASE) arena.forget(BASE);
  },
};

/** The same, except that the dump is not landed yet: it is compared while it lands, and the clock starts after its last byte. */
export const arrivingNight: Contestant<Prepared> = {
  name: 'arriving-night',
  title: 'nightfeed, compared while it landed',
  group: 'night',
  against: 'merge-script',
  apart: ['arrive', 'pull', TIDY],
  async prepare(arena) {
    const cluster = await arena.cluster();
    await arena.once(BASE, () => loadBase(arena));
    const prepared = await prepareNight(arena, 'next', await cluster.copy(BASE));
    arena.clearLanding('next');
    return prepared;
  },
  run: runNight,
  async finish(arena, { database }) {
    await (await arena.cluster()).drop(database);
  },
};

async function loadBase(arena: Arena): Promise<void> {
  const database = 'first_load';
  const cluster = await arena.cluster();
  await cluster.create(database);
  const asBase = {
    ...firstLoad,
    prepare: () => prepareNight(arena, 'base', database),
    finish: () => keepBase(cluster, database),
  };
  await runOnce(asBase, arena, false);
}

async function keepBase(cluster: Cluster, database: string): Promise<void> {
  await cluster.rename(database, BASE);
  await cluster.vacuum(BASE);
}

async function prepareNight(arena: Arena, side: Side, database: string): Promise<Prepared> {
  await arena.landing();
  arena.clearNight(side);
  const cluster = await arena.cluster();
  await cluster.checkpoint();
  const { vendor, lake, scratch } = arena;
  return { side, database, url: cluster.url(database), vendor, lake, scratch };
}

async function runNight(prepared: Prepared, watch: Stopwatch): Promise<Outcome> {
  const { side, url, lake, scratch } = prepared;
  const store = folderStore(lake);
  const engine = new LocalEngine({ store, scratch, ...engineLimits });
  const reach = async (point: FailPoint) => {
    const lap = lapsAfter[point];
    if (lap) watch.lap(lap);
  };
  const { ledger, target, close } = postgresTarget(url, { isDead: () => false, reach });
  try {
    await target.migrate(feed);
    watch.lap('claim');
    const result = await night(
      requestOf(dates[side]),
      portsOf(prepared, { store, engine, ledger, target: target, reach }, watch),
    );
    watch.stop();
    if (result.state !== 'published') throw new Error(`the night ended ${result.state}: ${result.error?.message}`);
    const { inserted, updated, gone, rows } = result.tables.items!;
    return { counts: side === 'base' ? { base: inserted } : { rows, inserted, updated, gone } };
  } finally {
    await engine.close();
    await close();
  }
}

/** Parts of a step that say where its time goes. */
const lapsAfter: Partial<Record<FailPoint, string>> = {
  'diff.engine': 'diff: keep',
  'publish.staged': 'publish: begin',
  'publish.begun': 'publish: apply',
  'publish.written': 'publish: commit',
};

type Own = Pick<Ports, 'store' | 'engine' | 'ledger' | 'target' | 'reach'>;

function portsOf({ vendor }: Prepared, own: Own, watch: Stopwatch): Ports {
  return {
    ...own,
    formats,
    openSource: async (_feed, date) => folderSource(join(vendor, date), { own: vendor }),
    sightings: { last: async () => null, keep: async () => {} },
    channels: async () => [],
    now: () => new Date(),
    elapsed: () => performance.now(),
    sleep: (milliseconds) => sleep(milliseconds),
    begin: (step) => watch.lap(step),
    progress: () => {},
    say: (text) => console.error(text),
  };
}
