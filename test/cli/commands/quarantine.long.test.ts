import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PriceDesk } from '../../support/vendors/price-desk.ts';
import { bad, good, quoted } from './quarantined-prices.ts';

describe('list and show', () => {
  let desk: PriceDesk;
  beforeAll(async () => {
    desk = await PriceDesk.open();
    expect(await desk.ask('quarantine', 'list')).toMatchObject({ code: 0, answer: { quarantine: [], rows: 0 } });
    expect((await desk.run(['quarantine', 'list'])).stdout).toBe('Nothing is quarantined.\n');
    await desk.publish('2026-11-18', good);
    await desk.publish('2026-11-19', [
      ...quoted(bad).slice(0, 6),
      '7,\u001b[31m=1+1,many',
      '=2+5|cmd,@SUM(A1),many\u202e',
    ]);
  });
  afterAll(() => desk.close());

  test('list counts by run, table and reason, and takes filters', async () => {
    const { answer } = await desk.ask('quarantine', 'list');
    const where = { run: 'shop/2026-11-19', feed: 'shop', date: '2026-11-19', table: 'prices' };
    expect(answer).toEqual({
      held: [],
      rows: 6,
      quarantine: [
        { ...where, code: 'FORMAT', rows: 3 },
        { ...where, code: 'OVERFLOW', rows: 1 },
        { ...where, code: 'SCALE', rows: 2 },
      ],
    });
    for (const [filter, rows] of [
      [['--code', 'SCALE'], 2],
      [['--run', 'shop/2026-11-18'], 0],
      [['--run', 'shop/2026-11-19', '--table', 'prices'], 6],
      [['--table', 'stock'], 0],
      [['--feed', 'shop'], 6],
      [['--feed', 'other'], 0],
    ] as const)
      expect((await desk.ask('quarantine', 'list', ...filter)).answer.rows, filter.join(' ')).toBe(rows);
    expect((await desk.run(['quarantine', 'list'])).stdout).toMatch(/shop\/2026-11-19 +prices +FORMAT +3\n/);
  });

  test('show has reason, column, place, key and raw text', async () => {
    const { answer } = await desk.ask('quarantine', 'show', 'shop/2026-11-19', '--code', 'SCALE', '--limit', '1');
    expect(answer).toMatchObject({
      run: 'shop/2026-11-19',
      more: true,
      rows: [
        {
          table: 'prices',
          code: 'SCALE',
          column: 'price',
          key: '2',
          file: 'prices.csv',
          place: { line: 3, byte: 25 },
          unplaced: null,
          offset: 11,
          length: 12,
          raw: '2,two,2.125',
        },
      ],
    });
    expect(answer.rows[0].object).toMatch(/^landing\/shop\/2026-11-19\//);
    expect(await desk.ask('quarantine', 'show', 'shop/2026-11-18')).toMatchObject({ code: 0, answer: { rows: [] } });
    expect(await desk.ask('quarantine', 'show', 'shop/2026-11-01')).toMatchObject({
      code: 2,
      answer: { error: { name: 'RUN_UNKNOWN' } },
    });
  });

  test('show names the place in the file as the vendor sent it, unless nobody asks', async () => {
    const asked = ['quarantine', 'show', 'shop/2026-11-19', '--code', 'SCALE', '--limit', '1'];
    expect((await desk.run(asked)).stdout).toMatch(
      /\n {2}prices\.csv line 3, byte 25\n {2}landing\/.*, byte 11, 12 bytes\n/,
    );
    expect((await desk.run([...asked, '--no-places'])).stdout).toContain(
      '  prices.csv, no place: it was not asked for\n',
    );
    expect((await desk.ask(...asked, '--no-places')).answer.rows).toMatchObject([{ place: null }]);
  });

  test('a terminal obeys nothing of what the vendor wrote', async () => {
    const { stdout } = await desk.run(['quarantine', 'show', 'shop/2026-11-19']);
    expect(stdout).toContain('7,\\u{1b}[31m=1+1,many');
    expect(stdout).toContain('many\\u{202e}');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });

  test('the CSV is one that a spreadsheet cannot run', async () => {
    const path = join(desk.folder, 'rejects.csv');
    expect(await desk.ask('quarantine', 'show', 'shop/2026-11-19', '--csv', path)).toMatchObject({
      code: 0,
      answer: { csv: path, rows: 6 },
    });
    const bytes = await readFile(path);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString().slice(1).split('\r\n');
    expect(lines[0]).toBe('"table","code","column","key","file","place","object","offset","length","raw"');
    expect(lines[1]).toMatch(
      /^"prices","SCALE","price","2","prices.csv","line 3, byte 25","landing\/[^"]+","11","12","2,two,2.125"$/,
    );
    expect(lines.at(-2)).toMatch(/,"'=2\+5\|cmd,@SUM\(A1\),many\\u\{202e\}"$/);
    expect(lines.at(-1)).toBe('');
    const unwritable = await desk.ask('quarantine', 'show', 'shop/2026-11-19', '--csv', desk.folder);
    expect(unwritable).toMatchObject({ code: 2, answer: { error: { name: 'USAGE' } } });
  });
});
