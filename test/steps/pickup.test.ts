import { beforeEach, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { FailPoint } from '../../lib/core/run/fail-point.ts';
import type { NightResult } from '../../lib/core/run/night-result.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Source } from '../../lib/ports/source.ts';
import { ledgerSightings } from '../../lib/steps/arrival/ledger-sightings.ts';
import { night } from '../../lib/workflows/night.ts';
import { channelsTo } from '../support/in-memory/channels.ts';
import { inMemoryEngine } from '../support/in-memory/engine.ts';
import { InMemoryLedger } from '../support/in-memory/ledger.ts';
import { InMemoryNotifier } from '../support/in-memory/notifier.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';
import { InMemoryTarget } from '../support/in-memory/target.ts';
import { ownTime } from '../support/own-time.ts';

type Files = Record<string, string>;
const rows = (from: number, to: number) =>
  ['id,name', ...Array.from({ length: to - from }, (_, index) => `${from + index},item`)]
    .map((line) => `${line}\n`)
    .join('');

let folders: Record<string, Files>;
let inbox: Files;
let ledger: InMemoryLedger;
let ports: Ports;
let change: (source: Source) => Source;
let said: string[];

beforeEach(() => {
  folders = {};
  inbox = { 'a.csv': rows(0, 50), 'b.csv': rows(50, 100), 'done-20261120.flag': '', 'readme.txt': 'not ours' };
  ledger = new InMemoryLedger();
  change = (source) => source;
  said = [];
  const store = inMemoryStore();
  const elsewhere = (folder: string) => {
    folders[folder] ??= {};
    return folders[folder];
  };
  ports = {
    formats,
    openSource: async () => change(inMemorySource(inbox, Number.POSITIVE_INFINITY, elsewhere)),
    store,
    engine: inMemoryEngine(store),
    ledger,
    target: new InMemoryTarget(ledger),
    channels: channelsTo(new InMemoryNotifier()),
    sightings: ledgerSightings(ledger),
    ...ownTime(),
    reach: async () => {},
    begin: () => {},
    progress: () => {},
    say: (text: string) => said.push(text),
  } as unknown as Ports;
});

const run = (date: string, after: unknown = 'delete'): Promise<NightResult> => {
  const feed = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ready: { stable: '0s', marker: 'done-{yyyymmdd}.flag', verify: 'never' },
    ...(after === null ? {} : { after }),
    tables: { items: { files: '*.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } } },
  });
  return night({ feed, date, folder: '.', owner: { host: 'here', pid: 1, started: 'now' } }, ports);
};

test('after the night is published, its files and their marker are deleted, and nothing else; the same again is unchanged', async () => {
  expect(await run('2026-11-20')).toMatchObject({ state: 'published', after: { taken: 3, left: [] } });
  expect(inbox).toEqual({ 'readme.txt': 'not ours' });
  expect(ledger.pickups.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['a.csv', 'done'],
    ['b.csv', 'done'],
    ['done-20261120.flag', 'done'],
  ]);
  expect(await run('2026-11-20')).toMatchObject({ state: 'unchanged', after: { taken: 0, left: [] } });
});

test('they move into the folder of their date, byte for byte', async () => {
  const { 'readme.txt': _, ...before } = inbox;
  expect(await run('2026-11-20', { move: 'done/{date}' })).toMatchObject({ state: 'published', after: { taken: 3 } });
  expect(folders['done/2026-11-20']).toEqual(before);
  expect(inbox).toEqual({ 'readme.txt': 'not ours' });
});

test.each([null, 'keep'])('after: %s leaves them', async (after) => {
  const before = { ...inbox };
  const found = await run('2026-11-20', after);
  expect(found.state).toBe('published');
  expect(found).not.toHaveProperty('after');
  expect(inbox).toEqual(before);
});

test('files of nights before the option was there stay', async () => {
  await run('2026-11-20', 'keep');
  const before = { ...inbox };
  expect(await run('2026-11-20')).toMatchObject({ state: 'unchanged', after: { taken: 0 } });
  expect(inbox).toEqual(before);
});

test('a night that is held, refused or failed leaves every file', async () => {
  await run('2026-11-20', 'keep');
  inbox['done-20261121.flag'] = 'x';
  inbox['a.csv'] = 'name,id\n';
  inbox['b.csv'] = 'id,name\n1,one\n';
  const before = { ...inbox };
  expect(['held', 'refused']).toContain((await run('2026-11-21')).state);
  expect(inbox).toEqual(before);
  expect(ledger.pickups).toEqual([]);
});

test('a file that changed after it was published is left, and told', async () => {
  let looks = 0;
  const points: FailPoint[] = [];
  ports = { ...ports, reach: async (point) => void points.push(point) };
  change = (source) => ({
    ...source,
    list: async (isWanted) => {
      looks += 1;
      if (points.includes('pickup.planned')) inbox['a.csv'] = rows(0, 51);
      return source.list(isWanted);
    },
  });
  const found = await run('2026-11-20');
  expect(found).toMatchObject({ state: 'published', after: { taken: 2, left: [{ file: 'a.csv' }] } });
  expect(Object.keys(inbox)).toEqual(['a.csv', 'readme.txt']);
  expect(looks).toBeGreaterThan(1);
});

test('a file of this name in the other folder is never replaced: the vendor keeps both, and the next call tries again', async () => {
  folders.done = { 'a.csv': 'of last year' };
  const found = await run('2026-11-20', { move: 'done' });
  expect(found.after!.left).toEqual([
    { run: 'shop/2026-11-20', file: 'a.csv', reason: 'done has a file of this name already' },
  ]);
  expect(folders.done!['a.csv']).toBe('of last year');
  expect(inbox['a.csv']).toBe(rows(0, 50));
  delete folders.done!['a.csv'];
  expect(await run('2026-11-20', { move: 'done' })).toMatchObject({
    state: 'unchanged',
    after: { taken: 1, left: [] },
  });
});

test('a vendor who lets nothing be deleted fails no night; what is left is no delivery, and is tried again', async () => {
  let isDenied = true;
  change = (source) => ({
    ...source,
    disposal: {
      ...source.disposal!,
      remove: async (name) => {
        if (isDenied && name === 'b.csv') throw new NightfeedError('SOURCE_DENIED', '550 Permission denied');
        await source.disposal!.remove(name);
      },
    },
  });
  expect(await run('2026-11-20')).toMatchObject({
    state: 'published',
    after: { taken: 2, left: [{ file: 'b.csv', reason: 'SOURCE_DENIED: 550 Permission denied' }] },
  });
  expect(said.join('\n')).toContain('b.csv');
  expect(await run('2026-11-20')).toMatchObject({ state: 'unchanged', after: { left: [{ file: 'b.csv' }] } });
  // The next delivery comes beside it, and is read without it.
  inbox['a.csv'] = rows(0, 96);
  inbox['done-20261121.flag'] = 'x';
  expect(await run('2026-11-21')).toMatchObject({ state: 'published', tables: { items: { rows: 96, gone: 4 } } });
  expect(Object.keys(inbox).sort()).toEqual(['b.csv', 'readme.txt']);
  isDenied = false;
  expect(await run('2026-11-21')).toMatchObject({ state: 'unchanged', after: { taken: 1, left: [] } });
  expect(inbox).toEqual({ 'readme.txt': 'not ours' });
});

test.each(['delete', { move: 'done/{date}' }])(
  'killed before and after each act of %j, the same command finishes',
  async (after) => {
    const whole = { ...inbox };
    const points: FailPoint[] = ['pickup.planned', 'pickup.before', 'pickup.after'];
    for (let killed = 1; ; killed += 1) {
      for (const name of Object.keys(inbox)) delete inbox[name];
      Object.assign(inbox, whole);
      folders = {};
      ledger = new InMemoryLedger();
      const store = inMemoryStore();
      let reached = 0;
      const fresh = {
        store,
        engine: inMemoryEngine(store),
        ledger,
        target: new InMemoryTarget(ledger),
        sightings: ledgerSightings(ledger),
      };
      ports = {
        ...ports,
        ...fresh,
        reach: async (point: FailPoint) => {
          if (!points.includes(point)) return;
          reached += 1;
          if (reached === killed) throw new Error(`killed at ${point}`);
        },
      } as unknown as Ports;
      const first = await run('2026-11-20', after);
      expect(first.state).toBe('published');
      if (reached < killed) break;
      expect(first.after!.left).toHaveLength(1);
      // The next night's command comes instead, or the same one again: neither reads the rest as a delivery.
      expect(await run('2026-11-20', after)).toMatchObject({ state: 'unchanged', after: { left: [] } });
      expect(inbox, `killed ${killed}`).toEqual({ 'readme.txt': 'not ours' });
      if (after !== 'delete')
        expect(Object.keys(folders['done/2026-11-20']!).sort()).toEqual(['a.csv', 'b.csv', 'done-20261120.flag']);
      expect(ledger.pickups.every(({ outcome }) => outcome !== null)).toBe(true);
    }
  },
);
