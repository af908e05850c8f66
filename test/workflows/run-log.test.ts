import { beforeEach, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { ledgerSightings } from '../../lib/steps/arrival/ledger-sightings.ts';
import { LakeLog } from '../../lib/steps/run/lake-log.ts';
import { ToldLog } from '../../lib/steps/run/told-log.ts';
import { night } from '../../lib/workflows/night.ts';
import { runLog } from '../../lib/workflows/run-log.ts';
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
const request = { feed, date: '2026-11-20', folder: '.', owner: { host: 'here', pid: 1, started: 'now' } };

let delivered: Record<string, string>;
let troubles: string[];
let ports: Ports;

beforeEach(() => {
  delivered = { 'items.csv': 'id,name\n1,one\n2,two\n' };
  troubles = [];
  const [ledger, store, time] = [new InMemoryLedger(), inMemoryStore(), ownTime()];
  const log = new ToldLog(new LakeLog(store, (text) => troubles.push(text)), { host: 'here', now: time.now });
  ports = {
    formats,
    openSource: async () => inMemorySource(delivered),
    store,
    engine: inMemoryEngine(store),
    ledger,
    target: new InMemoryTarget(ledger),
    channels: channelsTo(new InMemoryNotifier()),
    sightings: ledgerSightings(ledger),
    ...time,
    log,
    reach: async () => {},
    begin: (step: string) => log.tell('info', `${step} begins`),
    progress: () => {},
    say: (text: string) => log.tell('warn', text),
  } as unknown as Ports;
});

const linesOf = async (wanted = {}) => (await runLog('shop/2026-11-20', wanted, ports)).lines;

test('a published night tells its steps and its end', async () => {
  expect(await night(request, ports)).toMatchObject({ state: 'published' });
  const lines = await linesOf();
  expect(lines.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'attempt 1 of the run begins',
      'pull begins',
      'pull ends: pulled',
      'publish ends: published',
      'the run is published',
    ]),
  );
  expect(new Set(lines.map(({ run, attempt, host }) => `${run} ${attempt} ${host}`))).toEqual(
    new Set(['shop/2026-11-20 1 here']),
  );
  const pull = await linesOf({ step: 'pull' });
  expect(pull.map(({ step }) => step)).toEqual(['pull', 'pull']);
  expect(pull[1]!.fields).toMatchObject({ outcome: 'pulled', bytes: 20, rows: 2 });
});

test.each([
  ['late', 'warn', () => (delivered = {})],
  ['refused', 'error', () => (delivered = { 'items.csv': 'id,title\n1,one\n' })],
  [
    'failed',
    'error',
    () => {
      ports = {
        ...ports,
        engine: {
          ...ports.engine,
          diff: async () => {
            throw new NightfeedError('ENGINE_FAILED', 'it died');
          },
        },
      } as unknown as Ports;
    },
  ],
])('a %s night keeps its log, with the reason', async (state, level, spoil) => {
  spoil();
  const { error } = await night(request, ports);
  const grave = await linesOf({ level: 'warn' });
  expect(grave.at(-1)).toMatchObject({ level, fields: { state, error: error!.name } });
  expect(grave.at(-1)!.message).toContain(error!.message);
});

test('a second attempt adds its lines behind those of the first', async () => {
  const whole = delivered;
  delivered = {};
  await night(request, ports);
  delivered = whole;
  await night(request, ports);
  const ends = (await linesOf()).filter(({ message }) => message.startsWith('the run is'));
  expect(ends.map(({ attempt, fields }) => [attempt, fields.state])).toEqual([
    [1, 'late'],
    [2, 'published'],
  ]);
});

test('a lake without room for the log stops no night', async () => {
  const { create } = ports.store;
  const store = {
    ...ports.store,
    async create(key: string, body: string) {
      if (key.startsWith('logs/')) throw new Error('no space left');
      return create(key, body);
    },
  };
  const log = new ToldLog(new LakeLog(store, (text) => troubles.push(text)), { host: 'here', now: ports.now });
  expect(await night(request, { ...ports, log })).toMatchObject({ state: 'published' });
  expect(troubles).toHaveLength(1);
});

test('a run without a log, and a line of another version, are told apart', async () => {
  await expect(linesOf()).rejects.toMatchObject({ name: 'RUN_UNKNOWN' });
  await expect(runLog('nonsense', {}, ports)).rejects.toMatchObject({ name: 'RUN_UNKNOWN' });
  await ports.store.create('logs/shop/2026-11-20/1-a.ndjson', '{"level":"loud"}\nno line\n');
  expect(await linesOf()).toEqual([]);
});
