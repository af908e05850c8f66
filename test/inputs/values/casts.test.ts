import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const guards = { rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100%'] };
const read = { type: 'text', store: false };

test('a derived column that fails never replaces a good value', async () => {
  const month = "case split_part(opened, '-', 2) when 'JAN' then '01' when 'FEB' then '02' end";
  const iso = `'20' || split_part(opened, '-', 3) || '-' || ${month} || '-' || split_part(opened, '-', 1)`;
  const table = tableOf(
    {
      id: { type: 'bigint', key: true },
      opened: read,
      amount: read,
      opened_on: { type: 'date', as: `cast(${iso} as date)` },
      price: { type: 'decimal(12,2)', as: "cast(replace(amount, ',', '') as decimal(12,2))" },
    },
    { guards },
  );
  const feed = await lab.feed(table, { 't.csv': 'id,opened,amount\n1,01-JAN-26,"1,234.50"\n2,15-FEB-26,12.00\n3,,\n' });
  const before = await feed.everything();
  const { state, rejects } = await feed.night({
    't.csv': 'id,opened,amount\n1,02-JAN-26,"1,234.50 CR"\n2,30-FEB-26,12.0049\n3,,\n',
  });
  expect(state).toBe('published');
  expect(rejects.map(({ code, column, key, raw }) => [code, column, key, raw])).toEqual([
    ['CAST', 'price', '1', '1,02-JAN-26,"1,234.50 CR"'],
    ['CAST', 'opened_on', '2', '2,30-FEB-26,12.0049'],
  ]);
  expect(await feed.everything()).toEqual(before);
  expect(await feed.isProved()).toBe(true);
});

test('a reject names the column, the filter or the rule that holds the cast', async () => {
  const table = tableOf(
    {
      id: { type: 'integer', key: true },
      a: read,
      // The failure of the column below is not this one's.
      twice: { type: 'decimal(11,0)', as: 'once + once', required: true },
      once: { type: 'decimal(10,0)', as: 'cast(a as integer)' },
      b: read,
      c: read,
      d: {
        type: 'text',
        rules: [{ check: 'try_cast(d as integer) is null or cast(d as date) is null', on_fail: 'warn' }],
      },
    },
    {
      guards,
      drop_row_when: 'cast(b as integer) > 5',
      where: "cast(c as integer) > 0 or c = 'any'",
      rules: [{ check: 'cast(d as integer) > 0', name: 'd counts', on_fail: 'hold' }],
    },
  );
  const head = 'id,a,b,c,d\n';
  const feed = await lab.feed(table, { 't.csv': `${head}0,1,1,1,\n` });
  const { rejects, state } = await feed.night({
    't.csv': `${head}0,1,1,1,\n1,x,y,1,z\n2,1,y,1,z\n3,1,1,z,z\n4,1,1,1,z\n5,1,1,any,7\n6,x,9,1,z\n7,x,y,0,z\n`,
  });
  expect(state).toBe('published');
  expect(rejects.map(({ code, column, key }) => [code, column, key])).toEqual([
    ['CAST', 'once', '1'],
    ['CAST', 'drop_row_when', '2'],
    ['CAST', 'where', '3'],
    ['CAST', 'd counts', '4'],
    ['CAST', 'd', '5'],
  ]);
});

test('a vanished row of which retain_where cannot tell stays, stamped', async () => {
  const columns = { id: { type: 'integer', key: true }, note: 'text' };
  const table = tableOf(columns, { guards, retain_where: 'cast(note as integer) > 0' });
  const feed = await lab.feed(table, { 't.csv': 'id,note\n1,1\n2,0\n3,soon\n4,\n5,1\n' });
  expect((await feed.night({ 't.csv': 'id,note\n5,1\n' })).state).toBe('published');
  const rows = (await feed.everything()).map((row) => /\((\d),\w+,2026-01-01,2026-01-01,([-\d]*),/.exec(row)!.slice(1));
  expect(rows).toEqual([
    ['1', '2026-01-02'],
    ['3', '2026-01-02'],
    ['5', ''],
  ]);
});
