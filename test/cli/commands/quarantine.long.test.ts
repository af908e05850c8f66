import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

const good = ['1,one,1.00', '2,two,2.00', '3,three,3.00', '4,four,4.00', '5,five,5.00'];
/** Row 2 and the new row 6 need another scale, row 3 more digits, row 4 a person; one line has no key that can be read. */
const bad = [
  '1,one,1.00',
  '2,two,2.125',
  '3,three,33333.00',
  '4,four,many',
  '5,five,5.00',
  '6,six,6.125',
  'x,"=cmd|,1',
];
const wider = feedText({ price: 'decimal(9,3)' });
const widen = 'ALTER TABLE prices ALTER COLUMN price TYPE numeric(9,3)';

async function deskAfter(...nights: readonly (readonly string[])[]): Promise<PriceDesk> {
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  for (const [index, lines] of nights.entries()) await desk.publish(`2026-11-${18 + index}`, lines);
  return desk;
}

/** The operator gives the column more room, in the feed file and in the database. */
async function mend(desk: PriceDesk, feed = wider): Promise<void> {
  await desk.describe(feed);
  await desk.sql.unsafe(
    `DROP VIEW prices_versions; ${widen}; ALTER TABLE prices_history ALTER COLUMN price TYPE numeric(9,3)`,
  );
}

const quoted = (lines: readonly string[]) => lines.map((line) => line.replace('"=cmd|', '=cmd|'));

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
    expect(lines[0]).toBe('"table","code","column","key","file","object","offset","length","raw"');
    expect(lines[1]).toMatch(/^"prices","SCALE","price","2","prices.csv","landing\/[^"]+","11","12","2,two,2.125"$/);
    expect(lines.at(-2)).toMatch(/,"'=2\+5\|cmd,@SUM\(A1\),many\\u\{202e\}"$/);
    expect(lines.at(-1)).toBe('');
    const unwritable = await desk.ask('quarantine', 'show', 'shop/2026-11-19', '--csv', desk.folder);
    expect(unwritable).toMatchObject({ code: 2, answer: { error: { name: 'USAGE' } } });
  });
});

describe('release', () => {
  test('rows that the mended feed file can read go in; the others wait by their new reason; again, there is nothing to do', async () => {
    const desk = await deskAfter(good, quoted(bad));
    await mend(desk);

    const released = await desk.ask('quarantine', 'release', 'shop/2026-11-19');

    expect(released, released.stderr).toMatchObject({
      code: 0,
      answer: {
        run: 'shop/2026-11-19-r2',
        state: 'published',
        tables: { prices: { rows: 5, inserted: 1, updated: 2, gone: 0, unchanged: 0, rejected: 2 } },
        released: { prices: { records: 5, released: 3, there: 0, newer: 0, rejected: { FORMAT: 2 } } },
      },
    });
    const held = [
      ['1', 'one', '1.000'],
      ['2', 'two', '2.125'],
      ['3', 'three', '33333.000'],
      ['4', 'four', '4.000'],
      ['5', 'five', '5.000'],
      ['6', 'six', '6.125'],
    ];
    expect(await desk.rows()).toEqual(held);
    expect(await desk.agrees()).toBe(true);
    expect((await desk.ask('quarantine', 'list')).answer).toMatchObject({
      rows: 2,
      quarantine: [{ run: 'shop/2026-11-19', code: 'FORMAT', rows: 2 }],
    });
    expect((await desk.ask('quarantine', 'show', 'shop/2026-11-19')).answer.rows).toMatchObject([
      { key: '4', column: 'price', raw: '4,four,many' },
      { raw: 'x,=cmd|,1', column: 'id' },
    ]);
    expect((await desk.ask('history')).answer.runs[0]).toMatchObject({
      run: 'shop/2026-11-19-r2',
      origin: { kind: 'release', run: 'shop/2026-11-19', table: null, code: null },
    });

    const again = await desk.ask('quarantine', 'release', 'shop/2026-11-19');
    expect(again).toMatchObject({
      code: 0,
      answer: { run: null, state: 'unchanged', released: { prices: { records: 2 } } },
    });
    expect((await desk.ask('history')).answer.runs).toHaveLength(3);
    expect(await desk.sql`SELECT count(*)::integer AS n FROM nightfeed.outbox`).toEqual([{ n: 3 }]);

    // The same date again: what the source shows is known, but it means something else now.
    expect((await desk.night('2026-11-19')).answer).toMatchObject({
      run: 'shop/2026-11-19-r3',
      state: 'published',
      tables: { prices: { inserted: 0, updated: 0, gone: 0, unchanged: 5 } },
    });
    expect(await desk.rows()).toEqual(held);
    expect(await desk.agrees()).toBe(true);
  });

  test.each(['auto', 'lockstep', 'duckdb'])(
    'the next full delivery, with %s, finds the released rows as they are',
    async (engine) => {
      const desk = await deskAfter(good, quoted(bad));
      await mend(desk, feedText({ price: 'decimal(9,3)', engine }));
      await desk.ask('quarantine', 'release', 'shop/2026-11-19');

      const next = await desk.publish('2026-11-20', [...quoted(bad).slice(0, 6), '7,seven,7']);
      expect(next.tables.prices).toMatchObject({ inserted: 1, updated: 0, gone: 0, unchanged: 5, rejected: 1 });
      expect(await desk.rows()).toHaveLength(7);
      expect(await desk.agrees()).toBe(true);

      const last = await desk.publish('2026-11-21', [
        '1,one,1',
        '2,two,2.125',
        '3,three,3',
        '6,six,6.125',
        '7,seven,7',
        '4,four,4.5',
        '5,five,5',
      ]);
      expect(last.tables.prices).toMatchObject({ inserted: 0, updated: 2, gone: 0, unchanged: 5 });
      expect(await desk.agrees()).toBe(true);
      const history = await desk.sql`SELECT id::text, price::text FROM prices_history ORDER BY 1, _valid_from`.values();
      // Released on the date that production held: what was there since the day before is closed on that day.
      expect([...history]).toEqual([
        ['2', '2.000'],
        ['3', '3.000'],
        ['3', '33333.000'],
        ['4', '4.000'],
      ]);
    },
  );

  test('a row on which a later delivery decided is left alone; one that all of them rejected is not', async () => {
    // 2 comes good, 3 stays bad in the same way, 6 is gone from the vendor, 4 is bad and then changes.
    const desk = await deskAfter(good, quoted(bad).slice(0, 6), [
      '1,one,1',
      '2,two,2',
      '3,three,33333.00',
      '4,four,44',
      '5,five,5',
    ]);
    await mend(desk);

    const released = await desk.ask('quarantine', 'release', 'shop/2026-11-19');

    expect(released.answer).toMatchObject({
      run: 'shop/2026-11-20-r2',
      state: 'published',
      released: { prices: { records: 4, released: 1, newer: 2, rejected: { FORMAT: 1 } } },
    });
    expect((await desk.rows()).map(([, , price]) => price)).toEqual(['1.000', '2.000', '33333.000', '44.000', '5.000']);
    expect(await desk.agrees()).toBe(true);
    // The later delivery rejected row 3 as well: what is in is what it says.
    expect((await desk.ask('quarantine', 'release', 'shop/2026-11-20')).answer).toMatchObject({
      state: 'published',
      released: { prices: { records: 1, released: 0, there: 1 } },
      tables: { prices: { inserted: 0, updated: 0 } },
    });
    expect((await desk.ask('quarantine', 'list')).answer.rows).toBe(1);
  });

  test('a filter leaves the others waiting, and rows of one key in each other’s way', async () => {
    const desk = await deskAfter(good, [...good.slice(1), '1,uno,1.25', '1,one,1.125', '6,six,6.125', '6,sechs,6.375']);
    await mend(desk);
    const { answer } = await desk.ask(
      'quarantine',
      'release',
      'shop/2026-11-19',
      '--code',
      'SCALE',
      '--table',
      'prices',
    );
    expect(answer).toMatchObject({
      state: 'published',
      released: { prices: { records: 3, released: 0, newer: 1, rejected: { DUP_KEY: 2 } } },
    });
    expect(await desk.rows()).toEqual([
      ['1', 'uno', '1.250'],
      ...good.slice(1).map((line) => line.replace(/0$/, '00').split(',')),
    ]);
    expect((await desk.ask('quarantine', 'list')).answer.quarantine).toMatchObject([{ code: 'DUP_KEY', rows: 2 }]);
  });

  test('a release is held by the guards, approved, and a held run goes first', async () => {
    const desk = await deskAfter(good, quoted(bad).slice(0, 6));
    await mend(desk, wider.replace('updated: 100%', 'updated: 10%'));
    const held = await desk.ask('quarantine', 'release', 'shop/2026-11-19');
    expect(held).toMatchObject({ code: 3, answer: { state: 'held', holds: [{ guard: 'MASS_UPDATE' }] } });
    expect(await desk.rows()).toHaveLength(5);
    const other = await desk.ask('quarantine', 'release', 'shop/2026-11-19', '--code', 'OVERFLOW');
    expect(other).toMatchObject({
      code: 6,
      answer: { error: { name: 'BUSY', message: expect.stringContaining('r2 is held') } },
    });

    const approved = await desk.ask('approve', held.answer.run, '--by', 'me', '--reason', 'seen');

    expect(approved, approved.stderr).toMatchObject({
      code: 0,
      answer: { run: 'shop/2026-11-19-r2', state: 'published' },
    });
    expect(await desk.rows()).toHaveLength(6);
    expect(await desk.agrees()).toBe(true);
    expect((await desk.ask('quarantine', 'list')).answer.rows).toBe(1);
  });

  test('wrong use', async () => {
    const desk = await deskAfter(good);
    for (const [args, name] of [
      [['release', 'shop/2026-11-01'], 'RUN_UNKNOWN'],
      [['release', 'nonsense'], 'RUN_UNKNOWN'],
      [['release', 'other/2026-11-18', desk.feed], 'USAGE'],
    ] as const)
      expect(await desk.ask('quarantine', ...args), args.join(' ')).toMatchObject({
        code: 2,
        answer: { error: { name } },
      });
    expect((await desk.ask('quarantine', 'release', 'shop/2026-11-18')).answer).toMatchObject({
      state: 'unchanged',
      released: {},
    });
  });
});
