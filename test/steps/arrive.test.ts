import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Source } from '../../lib/ports/source.ts';
import { slow } from '../../lib/sources/common/pace.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { ArriveLab } from './arrive-lab.ts';

let lab: ArriveLab;
beforeEach(() => {
  lab = new ArriveLab();
});
afterEach(() => lab.close());

test('a server that is too slow is looked at again until the deadline, and no longer', async () => {
  let isSlow = true;
  const source = () => {
    const vendor = folderSource(lab.vendor);
    const list: Source['list'] = async (isWanted) => {
      if (isSlow) throw slow('3 bytes came in 45 s');
      return vendor.list(isWanted);
    };
    return { ...vendor, list };
  };
  lab.put('products.csv', 'id\n1\n');
  lab.meanwhile = [
    () => {},
    () => {
      isSlow = false;
    },
  ];
  expect((await lab.arrived({}, source)).files).toHaveLength(1);
  expect(lab.said[0]).toBe('3 bytes came in 45 s; waiting until 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z)');

  isSlow = true;
  await expect(lab.arrived({}, source)).rejects.toMatchObject({ name: 'SOURCE_SLOW', message: '3 bytes came in 45 s' });
  expect(lab.now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
});

test('absent until the deadline: late, never empty, and it says what lies there', async () => {
  lab.put('PRODUCTS.CSV', 'id\n1\n');
  await expect(lab.arrived()).rejects.toMatchObject({
    name: 'LATE',
    state: 'late',
    message: `shop 2026-11-20: no file yet for products (products*.csv) by the deadline 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z); at 2026-11-20 03:00 in UTC (2026-11-20T03:00:00.000Z) we looked in ${lab.vendor}, where there is "PRODUCTS.CSV"; "PRODUCTS.CSV" differs in upper and lower case, which source.ignore_case: true ignores`,
  });
  expect(lab.pauses).toHaveLength(120);
  expect(lab.now.toISOString()).toBe('2026-11-20T03:00:00.000Z');
});

test('late where there is no folder, in the zone of the schedule', async () => {
  rmSync(lab.vendor, { recursive: true });
  const schedule = { at: '02:00', timezone: 'Asia/Kolkata' };
  await expect(lab.arrived({ schedule })).rejects.toMatchObject({
    message: expect.stringMatching(
      /no deadline to wait for; at 2026-11-20 07:30 in Asia\/Kolkata .* we looked in .*vendor, which does not exist$/,
    ),
  });
});

test('it appears while we wait, and must stand still for a while', async () => {
  lab.meanwhile = [
    () => {},
    () => lab.put('products.csv', 'id\n'),
    () => lab.put('products.csv', 'id\n1\n'),
    () => lab.put('products.csv', 'id\n1\n2\n'),
  ];
  const { files } = await lab.arrived();
  expect(files).toMatchObject([{ name: 'products.csv', size: 7 }]);
  // Two looks for what is absent, then as long as a file has to stand still, until it does.
  expect(lab.pauses).toEqual([30, 30, 60, 60, 60]);
});

test('a file that keeps its size while its time moves is still being written', async () => {
  lab.put('products.csv', 'id\n1\n');
  lab.meanwhile = [() => lab.put('products.csv', 'id\n2\n')];
  await lab.arrived();
  expect(lab.pauses).toEqual([60, 60]);
});

test('a second file of the table that comes late is waited for too', async () => {
  lab.put('products.csv', 'id\n1\n');
  lab.meanwhile = [() => lab.put('products_2.csv', 'id\n2\n')];
  expect((await lab.arrived()).files.map(({ name }) => name)).toEqual(['products.csv', 'products_2.csv']);
});

test('a manifest that is half written is looked at again', async () => {
  const ready = { manifest: { file: 'manifest.csv' } };
  lab.put('products.csv', 'id\n1\n');
  lab.put('manifest.csv', 'file,size\nprodu');
  lab.meanwhile = [() => lab.put('manifest.csv', 'file,size\nproducts.csv,5\n')];
  expect((await lab.arrived({ ready })).files).toMatchObject([{ name: 'products.csv', promised: { size: 5 } }]);
});

test('files of a folder on our own file system are as old as it says; young ones, and those of tomorrow, are looked at twice', async () => {
  const own = () => ({ ...folderSource(lab.vendor), clock: async () => lab.now });
  lab.put('products.csv', 'id\n1\n');
  lab.now = new Date(lab.now.getTime() + 60_000);
  await lab.arrived({}, own);
  expect(lab.pauses).toEqual([]);
  lab.put('products.csv', 'id\n1\n2\n');
  await lab.arrived({}, own);
  lab.now = new Date(lab.now.getTime() - 3_600_000);
  await lab.arrived({}, own);
  expect(lab.pauses).toEqual([60, 60]);
});

test('stable 0s takes one look, and says that nothing more was proved', async () => {
  lab.put('products.csv', 'id\n1\n');
  await lab.arrived({ ready: { stable: '0s' } });
  expect([lab.pauses, lab.said]).toEqual([[], [expect.stringMatching(/^note: stable is 0s, so one look had to do/)]]);
});
