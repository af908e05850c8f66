import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { PullReceipt } from '../../lib/core/run/pull-receipt.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { ledgerSightings } from '../../lib/steps/arrival/ledger-sightings.ts';
import { night } from '../../lib/workflows/night.ts';
import { inMemoryEngine } from '../support/in-memory/engine.ts';
import { InMemoryLedger } from '../support/in-memory/ledger.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';
import { InMemoryTarget } from '../support/in-memory/target.ts';
import { receiptsOf } from '../support/nights/run-objects.ts';
import { ownTime } from '../support/own-time.ts';
import { tar } from '../support/vendors/tar.ts';
import { zip } from '../support/vendors/zip.ts';

const rows = (from: number, count: number, name = 'a') =>
  ['id,name', ...Array.from({ length: count }, (_, n) => `${from + n},${name}`), ''].join('\n');
const member = (name: string, bytes: string) => ({ name, bytes });
const columns = { id: { type: 'bigint', key: true }, name: 'text' };

let delivered: Record<string, string | Buffer>;
let reads: string[];
/** After so many bytes the line breaks, once. */
let breaksAt: number;
let failure: NightfeedError;
let ports: Ports;

beforeEach(() => {
  delivered = {};
  reads = [];
  breaksAt = Number.POSITIVE_INFINITY;
  const ledger = new InMemoryLedger();
  const store = inMemoryStore();
  ports = {
    formats,
    openSource: async () => {
      const source = inMemorySource(delivered, 500);
      return {
        ...source,
        read: (name: string, from = 0) => Readable.from(read(source.read(name, from), name), { objectMode: false }),
      };
    },
    store,
    engine: inMemoryEngine(store),
    ledger,
    target: new InMemoryTarget(ledger),
    channels: async () => [],
    sightings: ledgerSightings(ledger),
    ...ownTime(),
    reach: async () => {},
    begin: () => {},
    progress: () => {},
    say: () => {},
  } as unknown as Ports;

  async function* read(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
    reads.push(name);
    for await (const chunk of bytes) {
      const whole = chunk.subarray(0, breaksAt);
      yield whole;
      breaksAt -= whole.length;
      if (breaksAt > 0) continue;
      breaksAt = Number.POSITIVE_INFINITY;
      throw failure;
    }
  }
});

describe('members of an archive', () => {
  type Members = readonly ReturnType<typeof member>[];

  test.each<[string, (entries: Members) => Buffer]>([
    ['export.zip', zip],
    ['export.tar.gz', (entries) => gzipSync(tar(entries))],
  ])('go to the tables of a feed; %s is transferred once', async (name, pack) => {
    const items = [
      member('items-2.csv', rows(100, 50)),
      member('notes/README', 'hi'),
      member('items-1.csv', rows(0, 50)),
    ];
    delivered[name] = pack([...items, member('stock.csv', rows(0, 30))]);
    const asked = { items: `${name}/items*.csv`, stock: `${name}/stock.csv` };
    expect(await run(asked, { ignore_members: ['notes/*'] })).toMatchObject({
      state: 'published',
      tables: { items: { inserted: 100 }, stock: { inserted: 30 } },
    });
    expect(reads).toEqual([name]);
    const { tables } = await receipt();
    expect(tables.items!.files.map((file) => file.name)).toEqual([`${name}/items-1.csv`, `${name}/items-2.csv`]);
    expect(tables.items!.leftOut).toEqual([`${name}/notes/README`]);
    expect(tables.stock!.files.map((file) => [file.name, file.size])).toEqual([
      [`${name}/stock.csv`, rows(0, 30).length],
    ]);
    expect(await run(asked, { ignore_members: ['notes/*'] })).toMatchObject({ state: 'unchanged' });
  });

  test('in another order are the same delivery', async () => {
    const members = [member('t1.csv', rows(0, 20)), member('t2.csv', rows(20, 20))];
    const contents: (string | undefined)[] = [];
    for (const [date, packed] of [
      ['2026-11-20', members],
      ['2026-11-21', members.toReversed()],
    ] as const) {
      delivered['t.zip'] = zip(packed);
      await run({ t: 't.zip/*' }, {}, date);
      contents.push((await receipt(date)).tables.t!.snapshot.slice(date.length));
    }
    expect(contents[0]).toBe(contents[1]);
  });

  test.each([
    ['goes on', 'SOURCE_UNREACHABLE'],
    ['begins again', 'STORE_UNAVAILABLE'],
  ] as const)('no member counts twice when the line breaks and the transfer %s', async (_about, error) => {
    const lines = Array.from({ length: 400 }, (_, n) => `${n},${createHash('md5').update(String(n)).digest('hex')}\n`);
    const part = (name: string, from: number) => member(name, `id,name\n${lines.slice(from, from + 200).join('')}`);
    delivered['t.zip'] = zip([part('t1.csv', 0), part('t2.csv', 200)]);
    failure = new NightfeedError(error, 'the line broke');
    breaksAt = 6000;
    expect(await run({ t: 't.zip/t*' })).toMatchObject({ state: 'published', tables: { t: { inserted: 400 } } });
    expect(reads).toHaveLength(2);
    expect((await receipt()).tables.t!).toMatchObject({
      rows: 400,
      files: [{ name: 't.zip/t1.csv' }, { name: 't.zip/t2.csv' }],
    });
  });

  test('that the feed takes otherwise by now are read again', async () => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20)), member('t2.csv', rows(20, 20))]);
    await run({ t: 't.zip/t1.csv' }, { ignore_members: ['t2.csv'] });
    expect(await run({ t: 't.zip/t*.csv' })).toMatchObject({ state: 'published', tables: { t: { inserted: 20 } } });
  });

  test.each<[string, Record<string, string>, string[] | undefined, string]>([
    [
      'a member that no table takes',
      { t: 't.zip/t1.csv' },
      undefined,
      'no table takes "t2.csv"; expected members that fit "t1.csv" (t)',
    ],
    ['a member of two tables', { t: 't.zip/t*', u: 't.zip/*.csv' }, undefined, '"t1.csv" fits the tables t and u'],
    ['a table without a member', { t: 't.zip/t*', u: 't.zip/u*' }, undefined, 'no member fits "u*" (u)'],
    ['a table whose members are all ignored', { t: 't.zip/t*' }, ['*.csv'], 'no member fits "t*" (t)'],
    ['a wildcard for a folder', { t: 't.zip/t*', u: 't.zip/*' }, undefined, 'fits the tables t and u'],
  ])('refused: %s', async (_about, tables, ignored, message) => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20)), member('t2.csv', rows(20, 20))]);
    const { state, error } = await run(tables, ignored ? { ignore_members: ignored } : {});
    expect([state, error?.name]).toEqual(['refused', 'ARCHIVE_SHAPE']);
    expect(error?.message).toContain(`"t.zip": `);
    expect(error?.message).toContain(message);
  });

  test('in a folder fit only a pattern with the folder', async () => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20)), member('old/t1.csv', rows(0, 10))]);
    expect((await run({ t: 't.zip/*t1.csv' })).error?.message).toContain('no table takes "old/t1.csv"');
  });

  test('a file and members cannot share an archive', async () => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20))]);
    expect((await run({ t: 't.zip/t*', u: 't.zip' })).error?.name).toBe('AMBIGUOUS_FILE');
  });

  test('a message about a member names both', async () => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20)), member('t2.csv', 'other,name\n1,a\n')]);
    const { error } = await run({ t: 't.zip/t*' });
    expect([error?.name, error?.message]).toEqual(['HEADER_MISMATCH', expect.stringContaining('"t.zip/t2.csv": ')]);
  });

  test('an empty member is refused, or taken for nothing where the feed says so', async () => {
    delivered['t.zip'] = zip([member('t1.csv', rows(0, 20)), member('t2.csv', '')]);
    expect((await run({ t: 't.zip/t*' })).error).toMatchObject({
      name: 'EMPTY_FILE',
      message: expect.stringContaining('"t.zip/t2.csv"'),
    });
    const accepting = feedOf({ t: 't.zip/t*' }, {}, { empty_parts: 'accept' });
    expect(await nightOf(accepting, '2026-11-21')).toMatchObject({
      state: 'published',
      tables: { t: { inserted: 20 } },
    });
    expect((await receipt('2026-11-21')).tables.t!.emptyParts).toEqual(['t.zip/t2.csv']);
  });
});

describe('with what else a feed says of its files', () => {
  const manifest = (bytes: Buffer, count: number) =>
    JSON.stringify([
      { file: 't.zip', size: bytes.length, rows: count, md5: createHash('md5').update(bytes).digest('hex') },
    ]);
  const promised = { ready: { stable: '0s', manifest: { file: 'm.json', format: 'json' } } };

  test.each([
    [50, 'published'],
    [49, 'MANIFEST_MISMATCH'],
  ] as const)('a manifest promises of the archive, here %i rows in all', async (count, expected) => {
    const bytes = zip([member('t1.csv', rows(0, 20)), member('u1.csv', rows(0, 30))]);
    delivered = { 't.zip': bytes, 'm.json': manifest(bytes, count) };
    const { state, error } = await run({ t: 't.zip/t*', u: 't.zip/u*' }, promised);
    expect(error?.name ?? state).toBe(expected);
  });

  test('a manifest whose checksum is another one', async () => {
    const bytes = zip([member('t1.csv', rows(0, 20))]);
    delivered = { 't.zip': bytes, 'm.json': manifest(bytes, 20).replace(/"md5":"./, '"md5":"0') };
    if (manifest(bytes, 20) === delivered['m.json'])
      delivered['m.json'] = manifest(bytes, 20).replace(/"md5":"./, '"md5":"1');
    expect((await run({ t: 't.zip/t*' }, promised)).error?.name).toBe('MANIFEST_MISMATCH');
  });

  test('the date of the night stands in the names of archive and member', async () => {
    delivered = { 'e-20261120.zip': zip([member('t-2026-11-20.csv', rows(0, 20))]) };
    const dated = { t: 'e-{yyyymmdd}.zip/t-{date}.csv' };
    expect(await run(dated)).toMatchObject({ state: 'published' });
    delivered = { 'e-20261121.zip': delivered['e-20261120.zip']! };
    expect((await run(dated, {}, '2026-11-21')).error?.message).toContain('no table takes "t-2026-11-20.csv"');
  });

  test('of the newest archive those members are taken that have its date', async () => {
    delivered = {
      'e-20261118.zip': zip([member('t-2026-11-18.csv', rows(0, 10))]),
      'e-20261119.zip': zip([member('t-2026-11-19.csv', rows(0, 20)), member('u.csv', rows(0, 5))]),
    };
    const tables = { t: 'e-{yyyymmdd}.zip/t-{date}.csv', u: 'e-{yyyymmdd}.zip/u.csv' };
    const feed = feedOf(tables, {}, { pick: 'newest' });
    expect(await nightOf(feed, '2026-11-20')).toMatchObject({ tables: { t: { inserted: 20 }, u: { inserted: 5 } } });
    expect(reads).toEqual(['e-20261119.zip']);
  });

  test('expect counts archives', async () => {
    delivered = { 't.zip': zip([member('t1.csv', rows(0, 20)), member('u1.csv', rows(0, 30))]) };
    const tables = { t: 't.zip/t*', u: 't.zip/u*' };
    expect(await run(tables, { expect: 2 })).toMatchObject({ state: 'held' });
    expect(await run(tables, { expect: 1 }, '2026-11-21')).toMatchObject({ state: 'published' });
  });
});

function feedOf(tables: Record<string, string>, more: object = {}, options: object = {}) {
  const each = Object.entries(tables).map(([name, files]) => [name, { files, columns, ...options }]);
  return feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ready: { stable: '0s' },
    tables: Object.fromEntries(each),
    ...more,
  });
}

const run = (tables: Record<string, string>, more: object = {}, date = '2026-11-20') =>
  nightOf(feedOf(tables, more), date);

const nightOf = (feed: ReturnType<typeof feedOf>, date: string) =>
  night({ feed, date, folder: '.', owner: { host: 'here', pid: 1, started: 'now' } }, ports);

async function receipt(date = '2026-11-20', revision = 1): Promise<PullReceipt> {
  const [found] = await receiptsOf<PullReceipt>({ feed: 'shop', date, revision }, 'pull', ports.store);
  return found!;
}
