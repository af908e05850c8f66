import { join } from 'node:path';
import { readingSpecOf } from '../lib/core/feed/reading-spec.ts';
import type { LandedTable } from '../lib/core/run/pull-receipt.ts';
import type { SnapshotManifest } from '../lib/core/run/snapshot-manifest.ts';
import type { Feed } from '../lib/feed-file/feed.ts';
import { formats } from '../lib/formats/index.ts';
import type { EngineInput } from '../lib/ports/comparison.ts';
import type { Ports, Using } from '../lib/ports/ports.ts';
import type { Source } from '../lib/ports/source.ts';
import { folderSource } from '../lib/sources/folder/folder.ts';
import { arrive } from '../lib/steps/arrive.ts';
import { pull } from '../lib/steps/pull.ts';
import type { OpenRun, RunRequest } from '../lib/steps/run/run-request.ts';
import { folderStore } from '../lib/stores/folder/folder.ts';
import type { Arena } from './arena.ts';
import { columns, dates, feed, items } from './items.ts';

/** Both deliveries in the lake, with the receipts that a night finds. */
export interface Landing {
  readonly base: LandedTable;
  readonly next: LandedTable;
}

export async function land(arena: Pick<Arena, 'vendor' | 'lake'>): Promise<Landing> {
  return { base: await landOne(arena, dates.base), next: await landOne(arena, dates.next) };
}

/** Lands the table as a feed describes it, which is asked for no engine unless its format reads files from disk. */
export async function landOne(
  { vendor, lake }: Pick<Arena, 'vendor' | 'lake'>,
  date: string,
  how: {
    readonly feed: Feed;
    readonly engine: Using<'engine', 'canStream'>['engine'];
    readonly source?: Source;
  } = { feed, engine: { canStream: false } },
  arrived = () => {},
): Promise<LandedTable> {
  const ports = landingPorts(how.source ?? folderSource(join(vendor, date)), lake, how.engine);
  const open: OpenRun = {
    request: { ...requestOf(date), feed: how.feed },
    run: { feed: feed.feed, date, revision: 1 },
    fence: 0,
    attempt: 'landed',
  };
  const arrival = await arrive(open, ports);
  arrived();
  const { pulled } = await pull(open, arrival, ports);
  return pulled.tables.items!;
}

export function requestOf(date: string): RunRequest {
  return { feed, date, folder: '.', owner: { host: 'bench', pid: process.pid, started: '' } };
}

/** One night's work for an engine. Nobody looks at the base's hashes: only its rows are counted against. */
export function engineInput({ base, next }: Landing, engine: string): EngineInput {
  const reading = readingSpecOf(items);
  const manifest: SnapshotManifest = {
    id: base.snapshot,
    table: 'items',
    reading,
    compared: columns.map(({ name }) => name),
    files: base.files,
    drops: null,
    carried: null,
    fingerprint: { rows: base.rows, hi: '0', lo: '0' },
    nulls: {},
  };
  return {
    table: 'items',
    columns,
    asked: { engine },
    base: manifest,
    next: { landed: next, reading },
    into: 'bench/',
  };
}

/** What arrive and pull need of the world. */
function landingPorts(source: Source, lake: string, engine: Using<'engine', 'canStream'>['engine']): Ports {
  const nothing = async () => {};
  return {
    formats,
    store: folderStore(lake),
    engine,
    openSource: async () => source,
    now: () => new Date(),
    sleep: nothing,
    reach: nothing,
    ledger: { note: nothing },
    progress: () => {},
    say: () => {},
    sightings: { last: async () => null, keep: async () => {} },
    elapsed: () => performance.now(),
  } as unknown as Ports;
}
