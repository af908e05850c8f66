import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealed } from '../../lib/core/run/sealed.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const table = {
  files: 't.csv',
  guards: { rejected: '100%', updated: '100%' },
  columns: { id: { type: 'bigint', key: true }, name: 'text', n: 'integer' },
};
/** Row 1 is rejected, so that the snapshot drops a record and carries a row. */
const delivery = (said: string, first = 'x') =>
  `id,name,n\n1,one,${first}\n${Array.from({ length: 50 }, (_, index) => `${index + 2},${said} ${index},${index}\n`).join('')}`;
const rowsOf = (said: string) => [
  ['1', 'one', '1'],
  ...Array.from({ length: 50 }, (_, index) => [`${index + 2}`, `${said} ${index}`, `${index}`]),
];

test.each([
  ['a landing part', 'landing/*/*/*/t/part-*.csv.zst', 0.5],
  ['the start of a landing part', 'landing/*/*/*/t/part-*.csv.zst', 0],
  ['the list of dropped records', 'snapshots/*/*/*/t/drops.ndjson', 0.5],
  ['the carried rows', 'snapshots/*/*/*/t/carried.parquet', 0.5],
  ['the manifest', 'snapshots/*/*/*/t/manifest.json', 0.9],
])('%s of the base has a turned bit: the base comes from production', async (_case, objects, place) => {
  for (const engine of ['auto', 'duckdb'] as const) {
    const feed = await lab.feed(table, { 't.csv': delivery('first', '1') });
    await feed.night({ 't.csv': delivery('second') });
    const path = newest(objects.replace('*', feed.feed.feed));
    turnBit(path, place);
    lab.said.length = 0;
    const night = await feed.night({ 't.csv': delivery('third') }, { engine });
    expect(night, JSON.stringify(night.error)).toMatchObject({ state: 'published', rejected: { FORMAT: 1 } });
    expect(lab.said.join('\n')).toContain(path.slice(lab.lake.length + 1));
    expect(await sortedRows(feed)).toEqual(rowsOf('third'));
    expect(await feed.isProved()).toBe(true);
  }
});

test('rows of a change set have a turned bit: publish names them, and the receipt without which they are computed anew', async () => {
  for (const engine of ['lockstep', 'duckdb'] as const) {
    const feed = await lab.feed(table, { 't.csv': delivery('first', '1') });
    let path = '';
    lab.reached = (point) => {
      if (point !== 'diff.receipt') return;
      lab.reached = () => {};
      path = newest(`changes/${feed.feed.feed}/*/*/t/updated.parquet`);
      turnBit(path, 0.3);
    };
    const night = await feed.night({ 't.csv': delivery('second') }, { engine });
    expect(night.error).toMatchObject({
      name: 'OBJECT_DAMAGED',
      message: `${path.slice(lab.lake.length + 1)} is not what was written there`,
    });
    const [receipt] = /receipts\/\S+/.exec(night.error!.hint)!;
    rmSync(join(lab.lake, receipt!));
    const again = await feed.again();
    expect(again, JSON.stringify(again.error)).toMatchObject({ state: 'published' });
    expect(await sortedRows(feed)).toEqual(rowsOf('second'));
    expect(await feed.isProved()).toBe(true);
  }
});

test('a manifest of the base is whole, and no such manifest: the base comes from production', async () => {
  const feed = await lab.feed(table, { 't.csv': delivery('first', '1') });
  await feed.night({ 't.csv': delivery('second') });
  const path = newest(`snapshots/${feed.feed.feed}/*/*/t/manifest.json`);
  rewrite(path, { files: [{ parts: 'none' }] });
  lab.said.length = 0;
  expect(await feed.night({ 't.csv': delivery('third') })).toMatchObject({ state: 'published' });
  expect(lab.said.join('\n')).toContain('is not a valid manifest of a snapshot: files[0].header: expected a list');
  expect(await sortedRows(feed)).toEqual(rowsOf('third'));
  expect(await feed.isProved()).toBe(true);
});

test('a manifest of a newer version stops the night by name, and production stays', async () => {
  const feed = await lab.feed(table, { 't.csv': delivery('first', '1') });
  await feed.night({ 't.csv': delivery('second') });
  const path = newest(`snapshots/${feed.feed.feed}/*/*/t/manifest.json`);
  rewrite(path, { version: 2 });
  const night = await feed.night({ 't.csv': delivery('third') });
  expect(night).toMatchObject({ state: 'failed', error: { name: 'OBJECT_NEWER' } });
  expect(night.error!.message).toContain('version 2; this one reads up to 1');
  expect(await sortedRows(feed)).toEqual(rowsOf('second'));
  expect(await feed.isProved()).toBe(true);
});

test.each(['arrive', 'pull', 'diff'])('a receipt of %s of a newer version stops the night by name', async (step) => {
  const feed = await lab.feed(table, { 't.csv': delivery('first', '1') });
  lab.reached = (point) => {
    if (point !== 'diff.receipt') return;
    lab.reached = () => {};
    throw new Error('the process ends here');
  };
  expect(await feed.night({ 't.csv': delivery('second') })).toMatchObject({ state: 'failed' });
  const path = newest(`receipts/${feed.feed.feed}/*/${step}/*.json`);
  rewrite(path, { version: 7 });
  const night = await feed.again();
  expect(night).toMatchObject({ state: 'failed', error: { name: 'OBJECT_NEWER' } });
  expect(night.error!.message).toContain(path.slice(lab.lake.length + 1));
  rewrite(path, { version: 1, laterField: { of: 'the same version' } });
  expect(await feed.again()).toMatchObject({ state: 'published' });
  expect(await sortedRows(feed)).toEqual(rowsOf('second'));
});

async function sortedRows(feed: Awaited<ReturnType<IntakeLab['feed']>>) {
  return (await feed.rows()).sort((a, b) => Number(a[0]) - Number(b[0]));
}

function newest(objects: string): string {
  const paths = globSync(join(lab.lake, objects)).sort();
  return paths.at(-1)!;
}

function turnBit(path: string, place: number): void {
  const bytes = readFileSync(path);
  bytes[Math.min(bytes.length - 1, Math.floor(bytes.length * place))]! ^= 4;
  writeFileSync(path, bytes);
}

/** The same object with other fields, as if it had been written so. */
function rewrite(path: string, fields: object): void {
  const { checksum: _, ...document } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, sealed({ ...document, ...fields }));
}
