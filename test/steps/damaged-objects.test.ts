import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
