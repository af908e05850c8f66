import { describe, expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';
import { bad, deskAfter, good, mend, quoted, wider } from './quarantined-prices.ts';

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

  test('of versions of a key the newest goes in, and none while a newer one waits that cannot be read', async () => {
    const columns = { price: 'decimal(6,2)', more: '      version: integer\n    collapse: {newest: version}\n' };
    const desk = await PriceDesk.open(feedText(columns));
    onTestFinished(() => desk.close());
    const deliver = async (day: number, lines: readonly string[]) => {
      await desk.put(`2026-11-${day}`, 'prices.csv', ['id,name,price,version', ...lines]);
      return (await desk.night(`2026-11-${day}`)).answer;
    };
    const first = ['1,one,1.00,1', '2,two,2.00,1', '3,three,3.00,1', '4,four,4.00,1'];
    expect(await deliver(18, first)).toMatchObject({ tables: { prices: { inserted: 4, collapsed: 0 } } });
    // The newest of 1 has another scale; of 2 it has a NUL, one in between another scale; of 3 nothing is wrong; the newest of 4 is no number.
    const second = [
      ...['1,one,1.50,2', '1,one,1.125,3', '2,two,2.125,2', '2,t\0o,2.50,3', '2,two,2.25,1'],
      ...['3,three,3.25,2', '3,three,3.125,1', '4,four,4.125,2', '4,four,many,3'],
    ];
    expect(await deliver(19, second)).toMatchObject({
      tables: { prices: { rows: 9, inserted: 0, updated: 1, gone: 0, rejected: 8, collapsed: 0 } },
    });
    await mend(desk, feedText({ ...columns, price: 'decimal(9,3)' }));

    const released = await desk.ask('quarantine', 'release', 'shop/2026-11-19');

    expect(released.answer, released.stderr).toMatchObject({
      state: 'published',
      tables: { prices: { inserted: 0, updated: 1, gone: 0 } },
      released: {
        prices: {
          records: 8,
          released: 1,
          there: 2,
          newer: 1,
          rejected: { NUL_BYTE: 1, FORMAT: 1, NEWER_REJECTED: 2 },
        },
      },
    });
    expect((await desk.rows()).map(([, , price]) => price)).toEqual(['1.125', '2.000', '3.250', '4.000']);
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
