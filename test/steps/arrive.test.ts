import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { keys, type RunId } from '../../lib/core/run/keys.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Sighting } from '../../lib/ports/sightings.ts';
import type { Source } from '../../lib/ports/source.ts';
import { slow } from '../../lib/sources/common/pace.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { arrive } from '../../lib/steps/arrive.ts';
import type { OpenRun } from '../../lib/steps/run/run-request.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';

let folder: string;
let now: Date;
let pauses: number[];
let meanwhile: (() => void)[];
/** What earlier processes remembered. */
let kept: (Sighting & { date: string }) | null;
let said: string[];
let ledger: object;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arrive-'));
  await mkdir(join(folder, 'vendor'));
  now = new Date('2026-11-20T02:00:00Z');
  pauses = [];
  meanwhile = [];
  kept = null;
  said = [];
  ledger = { exists: async () => false };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Last written at the test's own now. */
function put(name: string, text: string): void {
  const path = join(folder, 'vendor', name);
  writeFileSync(path, text);
  utimesSync(path, now, now);
}

/** Waits in the test's own time: at each pause the next thing happens at the vendor's. */
async function arrived(options: object = {}, open: () => Source = () => folderSource(join(folder, 'vendor'))) {
  const feed = feedSchema.parse({
    feed: 'shop',
    schedule: { at: '02:00', timezone: 'UTC', deadline: '03:00' },
    source: { folder: '.' },
    tables: { products: { files: 'products*.csv', columns: { id: { type: 'bigint', key: true } } } },
    ...options,
  });
  const date = '2026-11-20';
  const run = { feed: 'shop', date, revision: 1 };
  const ports = {
    openSource: async () => open(),
    ledger: { ...ledger, note: async () => {} },
    reach: async () => {},
    store: folderStore(join(folder, 'lake')),
    sightings: {
      last: async ({ date }: RunId) => (kept?.date === date ? kept : null),
      async keep({ date }: RunId, _fence: number, look: Sighting) {
        kept = { date, ...look };
      },
    },
    now: () => now,
    elapsed: () => now.getTime(),
    say: (text: string) => said.push(text),
    async sleep(milliseconds: number) {
      pauses.push(milliseconds / 1000);
      now = new Date(now.getTime() + milliseconds);
      meanwhile.shift()?.();
    },
  } as unknown as Ports;
  return arrive({ request: { feed, date }, run } as unknown as OpenRun, ports);
}

test('a server that is too slow is looked at again until the deadline, and no longer', async () => {
  let isSlow = true;
  const source = () => {
    const vendor = folderSource(join(folder, 'vendor'));
    const list: Source['list'] = async (isWanted) => {
      if (isSlow) throw slow('3 bytes came in 45 s');
      return vendor.list(isWanted);
    };
    return { ...vendor, list };
  };
  put('products.csv', 'id\n1\n');
  meanwhile = [
    () => {},
    () => {
      isSlow = false;
    },
  ];
  expect((await arrived({}, source)).files).toHaveLength(1);
  expect(said[0]).toBe('3 bytes came in 45 s; waiting until 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z)');

  isSlow = true;
  await expect(arrived({}, source)).rejects.toMatchObject({ name: 'SOURCE_SLOW', message: '3 bytes came in 45 s' });
  expect(now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
});

test('absent until the deadline: late, never empty, and it says what lies there', async () => {
  put('PRODUCTS.CSV', 'id\n1\n');
  await expect(arrived()).rejects.toMatchObject({
    name: 'LATE',
    state: 'late',
    message: `shop 2026-11-20: no file yet for products (products*.csv) by the deadline 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z); at 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z) we looked in ${join(folder, 'vendor')}, where there is "PRODUCTS.CSV"; "PRODUCTS.CSV" differs in upper and lower case, which source.ignore_case: true ignores`,
  });
  expect(pauses).toHaveLength(120);
  expect(now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
});

test('late where there is no folder, in the zone of the schedule', async () => {
  rmSync(join(folder, 'vendor'), { recursive: true });
  const schedule = { at: '02:00', timezone: 'Asia/Kolkata' };
  await expect(arrived({ schedule })).rejects.toMatchObject({
    message: expect.stringMatching(
      /no deadline to wait for; at 2026-11-20 07:30 in Asia\/Kolkata .* we looked in .*vendor, which does not exist$/,
    ),
  });
});

test('it appears while we wait, and must stand still for a while', async () => {
  meanwhile = [
    () => {},
    () => put('products.csv', 'id\n'),
    () => put('products.csv', 'id\n1\n'),
    () => put('products.csv', 'id\n1\n2\n'),
  ];
  const { files } = await arrived();
  expect(files).toMatchObject([{ name: 'products.csv', size: 7 }]);
  // Two looks for what is absent, then as long as a file has to stand still, until it does.
  expect(pauses).toEqual([30, 30, 60, 60, 60]);
});

test('a file that keeps its size while its time moves is still being written', async () => {
  put('products.csv', 'id\n1\n');
  meanwhile = [() => put('products.csv', 'id\n2\n')];
  await arrived();
  expect(pauses).toEqual([60, 60]);
});

test('a second file of the table that comes late is waited for too', async () => {
  put('products.csv', 'id\n1\n');
  meanwhile = [() => put('products_2.csv', 'id\n2\n')];
  expect((await arrived()).files.map(({ name }) => name)).toEqual(['products.csv', 'products_2.csv']);
});

test('a manifest that is half written is looked at again', async () => {
  const ready = { manifest: { file: 'manifest.csv' } };
  put('products.csv', 'id\n1\n');
  put('manifest.csv', 'file,size\nprodu');
  meanwhile = [() => put('manifest.csv', 'file,size\nproducts.csv,5\n')];
  expect((await arrived({ ready })).files).toMatchObject([{ name: 'products.csv', promised: { size: 5 } }]);
});

/** An FTP server on the folder. */
async function vendor() {
  const server = await startFtpServer({ root: join(folder, 'vendor'), lacks: ['MLSD'] });
  onTestFinished(() => server.close());
  const address = {
    host: '127.0.0.1',
    port: server.port,
    user: 'demo',
    password: 'x',
    tls: 'none',
    path: '/',
  } as const;
  return { server, source: () => ftpSource(address) };
}

test('names that the feed does not ask for cost no question, and are told when it is late', async () => {
  for (let id = 0; id < 400; id += 1) put(`junk${id}.csv`, 'x');
  put('products.csv.part', 'x');
  const { server, source } = await vendor();
  const message = expect.stringMatching(
    /"junk.* and 396 more; "products.csv.part" looks like a file that is still being/,
  );
  await expect(arrived({ schedule: undefined }, source)).rejects.toMatchObject({ name: 'LATE', message });
  expect(server.log.length).toBeLessThan(30);
});

test('a manifest is taken as long as the listing says, and no longer', async () => {
  put('products.csv', 'id\n1\n');
  put('manifest.csv', 'file,size\nproducts.csv,5\n');
  const { server, source } = await vendor();
  server.inject({ kind: 'endless', file: 'manifest.csv', content: 'other.csv,1\n' });
  await expect(arrived({ ready: { manifest: { file: 'manifest.csv' } } }, source)).rejects.toMatchObject({
    name: 'SOURCE_LONG',
    message: expect.stringMatching(/the server announced 25 bytes and sent \d{2,6} or more$/),
  });
});

test('what an earlier process saw counts, by the wall’s clock', async () => {
  put('products.csv', 'id\n1\n');
  await arrived();
  const first = { ...kept!, at: '2026-11-20T02:00:00.000Z' };
  expect(kept).toEqual(first);

  /** Seconds from that look to a process of now. */
  const later = async (seconds: number, look = first) => {
    [pauses, kept, now] = [[], look, new Date(Date.parse(look.at) + seconds * 1000)];
    await arrived();
    return pauses;
  };
  expect(await later(60)).toEqual([]);
  expect(await later(86_400)).toEqual([]);
  expect(await later(40)).toEqual([20]);
  // The clock went back, so nobody knows how long ago that was; this look is a first one.
  expect(await later(-1)).toEqual([60]);
  expect(kept!.at).toBe('2026-11-20T01:59:59.000Z');
  expect(await later(3600, { ...first, sight: 'another' })).toEqual([60]);
  expect(await later(3600, { ...first, date: '2026-11-19' })).toEqual([60]);
});

test('a file that grows from one process to the next never has settled', async () => {
  put('products.csv', 'id\n');
  await arrived();
  now = new Date(now.getTime() + 3_600_000);
  pauses = [];
  put('products.csv', 'id\n1\n');
  await arrived();
  expect(pauses).toEqual([60]);
});

test('files of a folder on our own file system are as old as it says; young ones, and those of tomorrow, are looked at twice', async () => {
  const own = () => ({ ...folderSource(join(folder, 'vendor')), clock: async () => now });
  put('products.csv', 'id\n1\n');
  now = new Date(now.getTime() + 60_000);
  await arrived({}, own);
  expect(pauses).toEqual([]);
  put('products.csv', 'id\n1\n2\n');
  await arrived({}, own);
  now = new Date(now.getTime() - 3_600_000);
  await arrived({}, own);
  expect(pauses).toEqual([60, 60]);
});

test('stable 0s takes one look, and says that nothing more was proved', async () => {
  put('products.csv', 'id\n1\n');
  await arrived({ ready: { stable: '0s' } });
  expect([pauses, said]).toEqual([[], [expect.stringMatching(/^note: stable is 0s, so one look had to do/)]]);
});

test('a vendor out of reach is asked four times, with growing pauses that are never the same', async () => {
  const server = await startFtpServer({ root: join(folder, 'vendor') });
  const { port } = server;
  await server.close();
  const address = { host: '127.0.0.1', port, user: 'demo', password: 'x', tls: 'none', path: '/' } as const;
  const unreachable = () => arrived({}, () => ftpSource(address)).catch((error) => error);

  expect(await unreachable()).toMatchObject({ name: 'SOURCE_UNREACHABLE', state: 'failed' });
  const first = pauses.splice(0);
  await unreachable();

  for (const waited of [first, pauses]) {
    expect(waited).toHaveLength(3);
    waited.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(0.25 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(0.75 * 2 ** index);
    });
  }
  expect(pauses).not.toEqual(first);
});

describe('where production holds a generation', () => {
  const tables = {
    products: { files: 'products_{yyyymmdd}.csv', pick: 'newest', columns: { id: { type: 'bigint', key: true } } },
  };
  const NIGHT = { run: { feed: 'shop', date: '2026-11-19', revision: 1 }, listing: 'before' };

  /** The last night took this file, as it lies there now. */
  async function held(name: string): Promise<void> {
    const files = (await folderSource(join(folder, 'vendor')).list()).filter((file) => file.name === name);
    const receipt = { listing: 'before', missing: 0, files: files.map((file) => ({ ...file, table: 'products' })) };
    await folderStore(join(folder, 'lake')).create(
      keys.receipt(NIGHT.run, 'arrive', 'before'),
      JSON.stringify(receipt),
    );
    const applied = async () => ({ tables: { products: { schema: 'public' } } });
    ledger = { exists: async () => true, lastNight: async () => NIGHT, applied };
  }

  test('the next one is waited for, and late', async () => {
    put('products_20261119.csv', 'id\n1\n');
    await held('products_20261119.csv');
    meanwhile = [() => {}, () => put('products_20261120.csv', 'id\n2\n')];
    expect((await arrived({ tables })).files.map(({ name }) => name)).toEqual(['products_20261120.csv']);
    rmSync(join(folder, 'vendor', 'products_20261120.csv'));
    await expect(arrived({ tables })).rejects.toMatchObject({
      name: 'LATE',
      message: expect.stringContaining('production has held "products_20261119.csv", the newest, since 2026-11-19'),
    });
  });

  test('one that was written again is read when nothing newer came in time', async () => {
    put('products_20261119.csv', 'id\n1\n');
    await held('products_20261119.csv');
    now = new Date('2026-11-20T02:10:00Z');
    put('products_20261119.csv', 'id\n2\n');
    const receipt = await arrived({ tables });
    expect(receipt).toMatchObject({ files: [{ name: 'products_20261119.csv' }], rewritten: ['products'] });
    expect(now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
    expect(said).toContainEqual(expect.stringContaining('no newer files yet for products ("products_20261119.csv")'));
  });
});
