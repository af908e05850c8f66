import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keys } from '../../lib/core/run/keys.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import { ArriveLab } from './arrive-lab.ts';

let lab: ArriveLab;
beforeEach(() => {
  lab = new ArriveLab();
});
afterEach(() => lab.close());

test('what an earlier process saw counts, by the wall’s clock', async () => {
  lab.put('products.csv', 'id\n1\n');
  await lab.arrived();
  const first = { ...lab.kept!, at: '2026-11-20T02:00:00.000Z' };
  expect(lab.kept).toEqual(first);

  /** Seconds from that look to a process of now. */
  const later = async (seconds: number, look = first) => {
    lab.pauses = [];
    lab.kept = look;
    lab.now = new Date(Date.parse(look.at) + seconds * 1000);
    await lab.arrived();
    return lab.pauses;
  };
  expect(await later(60)).toEqual([]);
  expect(await later(86_400)).toEqual([]);
  expect(await later(40)).toEqual([20]);
  // The clock went back, so nobody knows how long ago that was; this look is a first one.
  expect(await later(-1)).toEqual([60]);
  expect(lab.kept!.at).toBe('2026-11-20T01:59:59.000Z');
  expect(await later(3600, { ...first, sight: 'another' })).toEqual([60]);
  expect(await later(3600, { ...first, date: '2026-11-19' })).toEqual([60]);
});

test('a file that grows from one process to the next never has settled', async () => {
  lab.put('products.csv', 'id\n');
  await lab.arrived();
  lab.now = new Date(lab.now.getTime() + 3_600_000);
  lab.pauses = [];
  lab.put('products.csv', 'id\n1\n');
  await lab.arrived();
  expect(lab.pauses).toEqual([60]);
});

describe('where production holds a generation', () => {
  const tables = {
    products: { files: 'products_{yyyymmdd}.csv', pick: 'newest', columns: { id: { type: 'bigint', key: true } } },
  };
  const NIGHT = { run: { feed: 'shop', date: '2026-11-19', revision: 1 }, listing: 'before' };

  /** The last night took this file, as it lies there now. */
  async function held(name: string): Promise<void> {
    const files = (await folderSource(lab.vendor).list()).filter((file) => file.name === name);
    const receipt = { listing: 'before', missing: 0, files: files.map((file) => ({ ...file, table: 'products' })) };
    await folderStore(join(lab.folder, 'lake')).create(
      keys.receipt(NIGHT.run, 'arrive', 'before'),
      JSON.stringify(receipt),
    );
    const applied = async () => ({ tables: { products: { schema: 'public' } } });
    lab.ledger = { exists: async () => true, lastNight: async () => NIGHT, applied };
  }

  test('the next one is waited for, and late', async () => {
    lab.put('products_20261119.csv', 'id\n1\n');
    await held('products_20261119.csv');
    lab.meanwhile = [() => {}, () => lab.put('products_20261120.csv', 'id\n2\n')];
    expect((await lab.arrived({ tables })).files.map(({ name }) => name)).toEqual(['products_20261120.csv']);
    rmSync(join(lab.vendor, 'products_20261120.csv'));
    await expect(lab.arrived({ tables })).rejects.toMatchObject({
      name: 'LATE',
      message: expect.stringContaining('production has held "products_20261119.csv", the newest, since 2026-11-19'),
    });
  });

  test('one that was written again is read when nothing newer came in time', async () => {
    lab.put('products_20261119.csv', 'id\n1\n');
    await held('products_20261119.csv');
    lab.now = new Date('2026-11-20T02:10:00Z');
    lab.put('products_20261119.csv', 'id\n2\n');
    const receipt = await lab.arrived({ tables });
    expect(receipt).toMatchObject({ files: [{ name: 'products_20261119.csv' }], rewritten: ['products'] });
    expect(lab.now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
    expect(lab.said).toContainEqual(
      expect.stringContaining('no newer files yet for products ("products_20261119.csv")'),
    );
  });
});
