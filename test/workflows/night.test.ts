import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Source } from '../../lib/ports/source.ts';
import { ledgerSightings } from '../../lib/steps/arrival/ledger-sightings.ts';
import type { RunRequest } from '../../lib/steps/run/run-request.ts';
import { night } from '../../lib/workflows/night.ts';
import { channelsTo } from '../support/in-memory/channels.ts';
import { inMemoryEngine } from '../support/in-memory/engine.ts';
import { InMemoryLedger } from '../support/in-memory/ledger.ts';
import { InMemoryNotifier } from '../support/in-memory/notifier.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';
import { InMemoryTarget } from '../support/in-memory/target.ts';
import { ownTime } from '../support/own-time.ts';

const feed = feedSchema.parse({
  feed: 'shop',
  source: { folder: '.' },
  ready: { stable: '0s' },
  tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } } },
});
const owner = { host: 'here', pid: 1, started: 'now' };
const request = (date: string, more: Partial<RunRequest> = {}): RunRequest => ({
  feed,
  date,
  folder: '.',
  owner,
  ...more,
});
const itemsOf = (count: number) =>
  ['id,name', ...Array.from({ length: count }, (_, index) => `${index},item ${index}`)]
    .map((line) => `${line}\n`)
    .join('');

let delivered: Record<string, string>;
let openSource: () => Promise<Source>;
let ledger: InMemoryLedger;
let target: InMemoryTarget;
let notifier: InMemoryNotifier;
let ports: Ports;

beforeEach(() => {
  delivered = { 'items.csv': itemsOf(100) };
  openSource = async () => inMemorySource(delivered);
  ledger = new InMemoryLedger();
  target = new InMemoryTarget(ledger);
  notifier = new InMemoryNotifier();
  const store = inMemoryStore();
  const nothing = async () => {};
  ports = {
    formats,
    openSource: () => openSource(),
    store,
    engine: inMemoryEngine(store),
    ledger,
    target,
    channels: channelsTo(notifier),
    sightings: ledgerSightings(ledger),
    ...ownTime(),
    reach: nothing,
    begin: () => {},
    progress: () => {},
    say: () => {},
  } as unknown as Ports;
});

const told = () => notifier.received.map(({ run, state }) => `${run} ${state}`);

test('a delivery is published, told and shown in the lake; the same again changes nothing', async () => {
  expect(await night(request('2026-11-20'), ports)).toMatchObject({
    run: { feed: 'shop', date: '2026-11-20', revision: 1 },
    state: 'published',
    attempt: 1,
    tables: { items: { inserted: 100, updated: 0, gone: 0 } },
    error: null,
  });
  expect(target.published).toHaveLength(1);
  expect(told()).toEqual(['shop/2026-11-20 published']);
  expect(await ports.store.list('current/shop/')).not.toEqual([]);
  const { state, steps } = (await ledger.find({ feed: 'shop', date: '2026-11-20', revision: 1 }))!;
  expect([state, Object.keys(steps!)]).toEqual([
    'published',
    expect.arrayContaining(['pull', 'diff', 'publish', 'tidy']),
  ]);

  expect(await night(request('2026-11-20'), ports)).toMatchObject({ state: 'unchanged', attempt: null });
  expect(target.published).toHaveLength(1);
  expect(await night(request('2026-11-21'), ports)).toMatchObject({
    state: 'published',
    tables: { items: { inserted: 0, updated: 0, gone: 0, unchanged: 100 } },
  });
});

test('a file whose end the server never confirmed is published, and the receipt of pull says so', async () => {
  openSource = async () => {
    const source = inMemorySource(delivered);
    async function* unconfirmed(name: string, from?: number) {
      yield* source.read(name, from);
      throw new NightfeedError('SOURCE_UNCONFIRMED', 'no answer after the last byte');
    }
    return { ...source, read: (name, from) => Readable.from(unconfirmed(name, from), { objectMode: false }) };
  };
  expect(await night(request('2026-11-20'), ports)).toMatchObject({ state: 'published' });
  const [receipt] = await ports.store.list('receipts/shop/2026-11-20/pull/');
  expect(await ports.store.readText(receipt!.key)).toContain('the server never confirmed its end');
});

test('a correction of a date is its next revision, with the difference alone', async () => {
  await night(request('2026-11-20'), ports);
  delivered['items.csv'] = itemsOf(101).replace('item 7\n', 'item seven\n');
  expect(await night(request('2026-11-20'), ports)).toMatchObject({
    run: { revision: 2 },
    state: 'published',
    tables: { items: { inserted: 1, updated: 1, gone: 0 } },
  });
});

test('a night that would delete half of a table is held, and published when somebody approves exactly this', async () => {
  await night(request('2026-11-20'), ports);
  delivered['items.csv'] = itemsOf(50);
  const held = await night(request('2026-11-21'), ports);
  expect(held).toMatchObject({
    state: 'held',
    holds: expect.arrayContaining([expect.objectContaining({ table: 'items' })]),
  });
  expect(target.published).toHaveLength(1);
  expect(told()).toContain('shop/2026-11-21 held');

  const run = held.run!;
  const { changeSet } = (await ledger.find(run))!;
  const approval = { changeSet: changeSet!, verdict: 'approved', guards: null, by: 'ann', reason: 'a sale' } as const;
  await ledger.decide(run, approval, runMessage({ run, state: 'rejected', changeSet: changeSet!, tables: {} }));
  expect(await night(request('2026-11-21', { resumes: run }), ports)).toMatchObject({
    run,
    state: 'published',
    attempt: 2,
    tables: { items: { gone: 50 } },
  });
});

test('a vendor who refuses fails the run, and the next command goes on with it', async () => {
  openSource = async () => {
    throw new NightfeedError('SOURCE_LOGIN', 'refused');
  };
  expect(await night(request('2026-11-20'), ports)).toMatchObject({ state: 'failed', error: { name: 'SOURCE_LOGIN' } });
  expect(told()).toEqual(['shop/2026-11-20 failed']);
  openSource = async () => inMemorySource(delivered);
  expect(await night(request('2026-11-20'), ports)).toMatchObject({
    run: { revision: 1 },
    state: 'published',
    attempt: 2,
  });
});

test('a message that nobody takes waits for the next night', async () => {
  notifier.refuses = true;
  expect((await night(request('2026-11-20'), ports)).state).toBe('published');
  expect(told()).toEqual([]);
  notifier.refuses = false;
  delivered['items.csv'] = itemsOf(101);
  await night(request('2026-11-21'), ports);
  expect(told()).toEqual(['shop/2026-11-20 published', 'shop/2026-11-21 published']);
});

test('a date before the one that production holds is refused, and told', async () => {
  await night(request('2026-11-21'), ports);
  await expect(night(request('2026-11-20'), ports)).rejects.toMatchObject({ name: 'OLDER_DELIVERY' });
  expect(told()).toEqual(['shop/2026-11-21 published', 'shop/2026-11-20 refused']);
  expect(target.published).toHaveLength(1);
});

test('of two processes the second one is told that the run is at work', async () => {
  const somebody = { host: 'there', pid: 2, started: 'now' };
  await ledger.claim({ feed: 'shop', date: '2026-11-20', owner: somebody, feedHash: '', folder: '.' });
  await expect(night(request('2026-11-20'), ports)).rejects.toThrow('is at work in process 2 on there');
  expect(target.published).toEqual([]);
});

test.each([
  ['refused', 'name\n1\n'.repeat(200_000)],
  ['compressed, and refused', 'compressed'],
])('a file that is %s does not stay open', async (_state, content) => {
  const name = content === 'compressed' ? 'items.csv.gz' : 'items.csv';
  const bytes = content === 'compressed' ? gzipSync(randomBytes(2_000_000)) : Buffer.from(content);
  const opened: Readable[] = [];
  openSource = async () => {
    const source = inMemorySource({ [name]: bytes }, 1000);
    const read: Source['read'] = (...of) => {
      opened.push(source.read(...of));
      return opened.at(-1)!;
    };
    return { ...source, read };
  };
  const { tables } = feed;
  const gzipped = { ...feed, tables: { items: { ...tables.items!, files: name } } };
  expect(await night({ ...request('2026-11-20'), feed: gzipped }, ports)).toMatchObject({ state: 'refused' });
  await expect.poll(() => opened.map(({ destroyed }) => destroyed)).toEqual([true]);
});
