import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { DatabaseHealth } from '../../lib/ports/database-health.ts';
import type { Source } from '../../lib/ports/source.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { Check } from '../../lib/workflows/doctor/area.ts';
import { type DoctorPorts, doctor } from '../../lib/workflows/doctor/doctor.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';

const TODAY = '2026-11-20';
const columns = { id: { type: 'bigint', key: true }, price: 'decimal(6,2)' };

/** By folder, as the source names it for a date. */
let delivered: Record<string, Record<string, string>>;
let secrets: Record<string, string>;
let health: DatabaseHealth;
let store: Store;
let opened: string[];
/** Sources that are open now, and how many were open at once. */
let open: Set<object>;
let mostOpen: number;
/** Files that the engine was asked to keep. */
let kept: number;
let about: Partial<Source>;
let over: Partial<DoctorPorts>;

beforeEach(() => {
  delivered = { out: { [`t_${TODAY}.csv`]: 'id,price\n1,2.50\n2,3\n' } };
  secrets = {};
  opened = [];
  open = new Set();
  mostOpen = 0;
  kept = 0;
  about = {};
  over = {};
  store = inMemoryStore();
  health = {
    version: '17.2',
    major: 17,
    database: 'warehouse',
    role: 'loader',
    encoding: 'UTF8',
    isReadOnly: false,
    countsRows: true,
    freeConnections: 90,
    lacks: [],
  };
});
afterEach(() => {
  vi.useRealTimers();
});

async function examined({
  tables = { t: { files: 't_{date}.csv', columns } } as object,
  ready = {},
  folder = 'out',
  named = [] as string[],
  ...more
}: {
  tables?: object;
  ready?: object;
  folder?: string;
  named?: string[];
  expect?: number;
  schedule?: object;
} = {}): Promise<Check[]> {
  const feed = feedSchema.parse({ feed: 'shop', source: { folder }, ready, tables, ...more });
  const ports: DoctorPorts = {
    readSecret: async (name) => {
      if (secrets[name] === undefined) throw new NightfeedError('SECRET_MISSING', `${name} is not set`);
      return secrets[name];
    },
    openSource: async (_feed, date) => {
      const place = folder.replace('{date}', date);
      opened.push(place);
      const source = inMemorySource(delivered[place] ?? {});
      const itself = {};
      open.add(itself);
      mostOpen = Math.max(mostOpen, open.size);
      const close = async () => void open.delete(itself);
      return { ...source, place, close, ...about };
    },
    formats,
    engine: {
      keepLocally: async () => {
        kept += 1;
        throw new Error('no room');
      },
      importRows: async (_rows, _of, use) => use({ fingerprint: { rows: 1 } } as never),
    },
    requireEngine: async () => {},
    store,
    ledger: { exists: async () => false, lake: async () => null },
    target: {
      health: async () => health,
      ledgerFit: async () => 'fits',
      inspect: async () => ({ t: { filled: true, columns: [{ name: 'id', type: 'bigint' }], restart: null } }),
    },
    now: () => new Date(`${TODAY}T02:00:00Z`),
    elapsed: () => performance.now(),
    sleep: async () => {},
    say: () => {},
    ...over,
  };
  const checks: Check[] = [];
  const reach = { kind: 'folder', place: folder, secrets: named };
  const request = { feed, date: TODAY, feedFile: 'feed.yaml', reach, secrets: named };
  await doctor(request, ports, (check) => checks.push(check));
  expect(open.size).toBe(0);
  return checks;
}

const odd = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict !== 'ok');
const areas = (checks: readonly Check[]) => [...new Set(checks.map(({ area }) => area))];

test('where all is well each area says what it found, and no hint', async () => {
  const checks = await examined();
  expect(odd(checks)).toEqual([]);
  expect(checks.every(({ hint, error }) => hint === null && error === null)).toBe(true);
  expect(areas(checks)).toEqual(['feed', 'source', 'database', 'lake', 'engine']);
  const found = checks.map((check) => check.found).join('\n');
  expect(found).toContain(`the delivery of ${TODAY} is there: "t_${TODAY}.csv" (20 bytes)`);
  expect(found).toContain(`t: "t_${TODAY}.csv" has its columns, and its first 2 records can be read`);
  expect(found).toContain('PostgreSQL 17.2 lets loader into the database warehouse');
  expect(found).toContain('public.t is there with rows');
  expect(await store.list('')).toEqual([]);
});

test('a secret is never shown; where one is missing the source is left alone, and the rest is looked at', async () => {
  secrets = { 'env:A': 'hunter2', 'env:B': '' };
  const fine = await examined({ named: ['env:A', 'env:B'] });
  expect(JSON.stringify(fine)).not.toContain('hunter2');
  expect(odd(fine)).toMatchObject([{ verdict: 'warn', found: 'env:B is empty' }]);

  opened = [];
  const checks = await examined({ named: ['env:A', 'env:C'] });
  expect(odd(checks)).toMatchObject([
    { area: 'feed', error: 'SECRET_MISSING' },
    { area: 'source', verdict: 'warn', found: expect.stringContaining('a secret is missing') },
  ]);
  expect(opened).toEqual([]);
  expect(areas(checks)).toContain('database');
});

test('holidays that are all past are a warning', async () => {
  const schedule = (...holidays: string[]) => ({ schedule: { at: '02:00', timezone: 'UTC', holidays } });
  for (const days of [[], [TODAY], ['2026-11-01', '2026-12-25']])
    expect(odd(await examined(schedule(...days)))).toEqual([]);
  expect(odd(await examined(schedule('2026-11-19', '2026-11-01')))).toMatchObject([
    { area: 'feed', verdict: 'warn', found: expect.stringContaining('the last one, 2026-11-19, is past') },
  ]);
});

test('without a delivery the newest one is looked into: by names in one listing, by folders in one each', async () => {
  delivered = { out: { 't_2026-11-12.csv': 'id,price\n1,x\n', 't_2026-11-11.csv': 'id\n' } };
  const named = await examined();
  expect(odd(named)).toMatchObject([
    { verdict: 'warn', found: expect.stringContaining('the newest date with files is 2026-11-12') },
    {
      verdict: 'warn',
      found: 't: "t_2026-11-12.csv": of its first record a night would reject 1 FORMAT',
      hint: 'Look at them:\nnightfeed sample feed.yaml --table t --date 2026-11-12',
    },
  ]);
  expect(odd(named)[0]!.hint).toContain('"t_2026-11-12.csv" has another date');
  expect(opened).toEqual(['out', 'out']);

  opened = [];
  delivered = { 'out/2026-11-21': { 't.csv': 'id,price\n1,2\n' } };
  const foldered = await examined({ folder: 'out/{date}', tables: { t: { files: 't.csv', columns } } });
  expect(odd(foldered)).toMatchObject([{ found: expect.stringContaining('the newest date with files is 2026-11-21') }]);
  expect(opened).toEqual(['out/2026-11-20', 'out/2026-11-21']);
});

test('of the folders that are listed only one is open beside that of the date', async () => {
  delivered = { 'out/2026-11-07': { 't.csv': 'id,price\n1,2\n' } };
  const checks = await examined({ folder: 'out/{date}', tables: { t: { files: 't.csv', columns } } });
  expect(odd(checks)).toMatchObject([{ found: expect.stringContaining('the newest date with files is 2026-11-07') }]);
  expect([opened.length, mostOpen]).toEqual([16, 2]);
});

test('no file of any date is LATE, with what lies there instead', async () => {
  delivered = { out: { [`T_${TODAY}.CSV`]: 'id\n', 't_2026-10-01.csv': 'id,price\n' } };
  const [only, ...more] = odd(await examined());
  expect(more).toEqual([]);
  expect(only).toMatchObject({ area: 'source', verdict: 'fail', error: 'LATE' });
  expect(only!.found).toContain('nor any file of the 14 days before');
  expect(only!.found).toContain('source.ignore_case: true');
});

test('files of which only the marker is missing are looked into', async () => {
  const checks = await examined({ ready: { marker: '_DONE' } });
  const warned = odd(checks).find(({ area }) => area === 'source');
  expect(warned!.found).toContain(`${TODAY}: no marker _DONE yet; the newest date with files is ${TODAY}`);
  expect(checks.some(({ found }) => found.includes('its first 2 records can be read'))).toBe(true);
});

test('a table that a night would refuse fails, and the next one is looked at', async () => {
  delivered.out = { 'a.csv': 'id,cost\n1,2\n', 'b.csv': 'id,price\n', 'c.csv.gz': 'no gzip' };
  const tables = { a: { files: 'a.csv', columns }, b: { files: 'b.csv', columns }, c: { files: 'c.csv.gz', columns } };
  const about = odd(await examined({ tables })).map(({ verdict, error, found }) => [verdict, error ?? found]);
  expect(about).toEqual([
    ['fail', 'HEADER_MISMATCH'],
    ['warn', 'b: "b.csv" has its columns, but no records'],
    ['fail', 'NOT_GZIP'],
  ]);
});

test('a large file that can only be read whole is left to the night, and that is said', async () => {
  const file = { name: 't.parquet', size: 70_000_000, modified: null };
  about = { list: async () => [file], read: () => Readable.from([Buffer.from('PAR1')]) };
  const tables = { t: { files: 't.parquet', format: { type: 'parquet' }, columns } };
  expect(odd(await examined({ tables }))).toMatchObject([
    {
      verdict: 'warn',
      found: 't: "t.parquet" was not opened, because its format is read only when all 70.0 MB have come',
      hint: expect.stringContaining('nightfeed sample feed.yaml --table t'),
    },
  ]);
  expect(kept).toBe(0);

  about = { ...about, list: async () => [{ ...file, size: 1_000_000 }] };
  expect(odd(await examined({ tables }))).toMatchObject([{ verdict: 'fail', found: 'no room' }]);
  expect(kept).toBe(1);
});

test('of several files the first is looked into, and all of them are the delivery; fewer than expected are a warning', async () => {
  delivered.out = { 't1.csv': 'id,price\n1,2\n', 't2.csv': 'id,price\n2,2\n' };
  const checks = await examined({ tables: { t: { files: 't*.csv', columns } }, expect: 3 });
  expect(checks.map(({ found }) => found)).toContain(
    't: "t1.csv" (the first of 2 files) has its columns, and its first record can be read',
  );
  expect(odd(checks)).toMatchObject([
    { found: expect.stringMatching(/"t1\.csv", "t2\.csv" \(26 bytes\); `expect` asks for 3 files/) },
  ]);
});

test('notes of the source and clocks that differ are warnings', async () => {
  about = { notes: ['This connection is not encrypted.'], clock: async () => new Date(`${TODAY}T01:00:00Z`) };
  expect(odd(await examined())).toMatchObject([
    { verdict: 'warn', found: 'This connection is not encrypted.', hint: null },
    { verdict: 'warn', found: "its clock is 3600 s behind this machine's" },
  ]);
});

test.each(['list', 'clock'] as const)('a server that never answers %s is given up in bounded time', async (method) => {
  vi.useFakeTimers();
  about = { [method]: () => new Promise(() => {}) };
  const checks = examined();
  await vi.advanceTimersByTimeAsync(130_000);
  const failed = odd(await checks).filter(({ verdict }) => verdict === 'fail');
  expect(failed[0]).toMatchObject({ area: 'source', error: 'SOURCE_SLOW' });
  expect(failed[0]!.found).toContain('within the 120 s');
  expect(failed[0]!.hint).toContain('or hangs');
  expect(areas(await checks)).toEqual(['feed', 'source', 'database', 'lake', 'engine']);
});

test('tables behind one that hangs are not looked at, and that is said', async () => {
  vi.useFakeTimers();
  delivered.out = { 'a.csv': 'id,price\n', 'b.csv': 'id,price\n' };
  about = { read: () => new Readable({ read() {} }) };
  const checks = examined({ tables: { a: { files: 'a.csv', columns }, b: { files: 'b.csv', columns } } });
  await vi.advanceTimersByTimeAsync(130_000);
  expect(odd(await checks)).toMatchObject([
    { verdict: 'fail', error: 'SOURCE_SLOW' },
    { verdict: 'warn', found: expect.stringContaining('b and the tables after it were not looked at') },
  ]);
});

test.each([
  [{ major: 14, version: '14.9' }, 'DATABASE_REFUSED', 'expected version 15 or newer'],
  [{ encoding: 'LATIN1' }, 'DATABASE_REFUSED', 'its encoding is LATIN1'],
  [{ isReadOnly: true }, 'DATABASE_REFUSED', 'it only reads'],
  [{ countsRows: false }, 'DATABASE_SETTING', 'track_counts is off'],
])('a database with %j fails, and lake and engine are looked at', async (differs, error, found) => {
  health = { ...health, ...differs };
  const checks = await examined();
  expect(odd(checks)).toMatchObject([{ area: 'database', error, found: expect.stringContaining(found) }]);
  expect(areas(checks)).toEqual(['feed', 'source', 'database', 'lake', 'engine']);
});

test('missing rights are told with all that has to be typed; few connections and new versions are warnings', async () => {
  health = {
    ...health,
    major: 19,
    freeConnections: 2,
    lacks: [
      { right: 'USAGE on SCHEMA "nightfeed"', remedy: 'GRANT USAGE ON SCHEMA "nightfeed" TO "loader";' },
      { right: 'SELECT on "shop"."t"', remedy: 'GRANT SELECT ON "shop"."t" TO "loader";' },
    ],
  };
  expect(odd(await examined())).toMatchObject([
    { verdict: 'warn', hint: 'nightfeed is tested with PostgreSQL 15 to 18.' },
    { verdict: 'warn', found: '2 more connections are free for this role' },
    {
      verdict: 'fail',
      error: 'DATABASE_REFUSED',
      found: 'loader lacks USAGE on SCHEMA "nightfeed"; SELECT on "shop"."t"',
      hint: 'Have the owner type:\nGRANT USAGE ON SCHEMA "nightfeed" TO "loader";\nGRANT SELECT ON "shop"."t" TO "loader";',
    },
  ]);
});

test('of many missing rights the first are told, and all statements', async () => {
  const lacks = Array.from({ length: 5 }, (_, at) => ({ right: `SELECT on "t${at}"`, remedy: `GRANT ${at};` }));
  health = { ...health, lacks };
  const [only] = odd(await examined());
  expect(only!.found).toBe('loader lacks SELECT on "t0"; SELECT on "t1"; SELECT on "t2"; and rights on 2 more');
  expect(only!.hint!.split('\n')).toEqual(['Have the owner type:', ...lacks.map(({ remedy }) => remedy)]);
});

test('a table of somebody else’s is to be adopted', async () => {
  const target = {
    health: async () => health,
    ledgerFit: async () => 'absent' as const,
    inspect: async () => {
      throw new NightfeedError('TABLE_EXISTS', 'public.t exists and is not a table of nightfeed');
    },
  };
  over = { target };
  expect(odd(await examined())).toMatchObject([
    { area: 'database', error: 'TABLE_EXISTS', hint: expect.stringContaining('nightfeed adopt') },
  ]);
});

test('a lake that is not the feed’s, loses what is written, or keeps what is removed', async () => {
  over = {
    ledger: { exists: async () => true, lake: async () => ({ id: 'other', place: 'elsewhere' }) },
  };
  expect(odd(await examined())).toMatchObject([{ area: 'lake', error: 'LAKE_OTHER' }]);

  over = {};
  store = { ...inMemoryStore(), readText: async () => 'something' };
  expect(odd(await examined())).toMatchObject([{ area: 'lake', error: 'OBJECT_DAMAGED' }]);
  store = { ...inMemoryStore(), remove: async () => {} };
  expect(odd(await examined())).toMatchObject([{ area: 'lake', error: 'STORE_DENIED' }]);
});

test.each([
  [19, 'fail'],
  [20, 'warn'],
  [39, 'warn'],
  [40, 'ok'],
])('%i bytes of space for a delivery of 20 bytes: %s', async (room, verdict) => {
  store = { ...inMemoryStore(), room: async () => room };
  expect((await examined()).filter(({ area }) => area === 'lake').at(-1)).toMatchObject({
    verdict,
    error: verdict === 'fail' ? 'STORE_FULL' : null,
    found: `${room} bytes are free; the delivery has 20 bytes`,
  });
});

test('an engine that is missing fails', async () => {
  over = {
    requireEngine: async () => {
      throw new NightfeedError('ENGINE_MISSING', 'engine spark cannot run here: no Java');
    },
  };
  expect(odd(await examined())).toMatchObject([{ area: 'engine', verdict: 'fail', error: 'ENGINE_MISSING' }]);
});
