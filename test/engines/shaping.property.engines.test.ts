import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv } from '../support/engines/csv.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';
import { hostileLikes } from '../support/engines/like-cases.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ windowBytes: 200 });
});
afterAll(() => lab.close());

const table = {
  clean: { trim: true, nulls: ['NaN'] },
  drop_row_when: ["kind = 'test'", 'id is null and price is null'],
  where: "coalesce(price, 1) > 0 or kind like 'keep%'",
  columns: {
    id: { type: 'integer', key: true },
    region: { type: 'text', store: false, nulls: ['-', ''] },
    part: { type: 'text', key: true, as: "coalesce(upper(region), 'none')" },
    kind: { type: 'text', replace: { ';': '', ab: 'a' } },
    price: 'decimal(6,2)',
    double_price: { type: 'decimal(9,2)', as: 'price + price', required: true },
    year: { type: 'integer', as: 'year(at)', compare: false },
    at: { type: 'date', store: false },
  },
};

const row = fc.tuple(
  fc.constantFrom('1', '2', ' 3', '3', '04', 'x', 'NaN', null),
  fc.constantFrom('n', 'N ', '-', '', null),
  fc.constantFrom('test', ' test', 'te;st', 'keep', 'abb', 'aab', null),
  fc.constantFrom('1', '1.0', '-1', '0', 'NaN', '9999.99', 'x', '1.234', null),
  fc.constantFrom('2024-01-01', '2025-06-30', 'never', null),
);
const broken = fc.constantFrom('1,n,short\n', '2,n,a"b,1,\n', '3,n,\u0000,1,\n', '2,N,keep,\u0000,\n');
const night = fc.tuple(fc.array(row, { maxLength: 14 }), fc.array(fc.tuple(fc.nat(14), broken), { maxLength: 1 }));

describeEngines(['duckdb', 'lockstep', 'spark'], (engine, runs) => {
  test('cleaned, derived and filtered nights', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 4 }), async (nights) => {
        lab.reset();
        for (const [rows, faults] of nights) {
          const records = rows.map((fields) => csv([fields]));
          for (const [at, text] of faults) records.splice(Math.min(at, records.length), 0, text);
          const { found, expected, receipt } = await lab.night(
            table,
            `id,region,kind,price,at\n${records.join('')}`,
            engine,
          );
          expect(found).toEqual(expected);
          expect(receipt.tables.t!.rows).toBe(records.length);
        }
      }),
      { numRuns: runs(12) },
    );
  });
});

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('a value that a vendor made for a like holds up no night', async () => {
    lab.reset();
    const columns = { id: { type: 'integer', key: true }, kind: 'text' };
    const rows = [...hostileLikes.map(([text], id) => [String(id), text]), ['99', 'a,b,c,q']];
    const where = hostileLikes.map(([, pattern]) => `kind like '${pattern}'`).join(' or ');
    const { found, expected, receipt } = await lab.night({ columns, where }, `id,kind\n${csv(rows)}`, engine);
    expect(found).toEqual(expected);
    expect(receipt.tables.t!.filtered).toBeGreaterThan(0);
  });
});

const fallible = {
  ...table,
  drop_row_when: [
    "kind = 'test'",
    'cast(kind as integer) > 5 or id is null',
    "part = 'N' and cast(price as integer) = 0",
  ],
  where: "coalesce(cast(day as date), cast('2024-01-01' as date)) >= '2020-01-01' or kind like 'keep%'",
  rules: [{ check: 'cast(kind as integer) <> 3 and cast(day as date) is not null', on_fail: 'warn', name: 'kind' }],
  columns: {
    id: table.columns.id,
    part: {
      ...table.columns.part,
      as: "case when kind = 'keep' then cast(cast(region as integer) as text) else coalesce(region, '') end",
    },
    region: table.columns.region,
    kind: table.columns.kind,
    later: { type: 'decimal(10,2)', as: 'twice + twice', required: true },
    twice: { type: 'decimal(9,2)', as: 'cast(price as decimal(6,2)) + cast(price as decimal(6,2))', required: true },
    price: { type: 'text', store: false, nulls: ['NaN'] },
    year: { type: 'integer', as: 'year(cast(day as date))', max: 2024, compare: false },
    day: { type: 'text', store: false },
  },
};
const fallibleRow = fc.tuple(
  fc.constantFrom('1', '2', '3', '4', '5', 'x', null),
  fc.constantFrom('n', '7', '-', '', null),
  fc.constantFrom('test', '9', '3', '1', '2', 'keep', null),
  fc.constantFrom('1', '1.0', '0', '9999.99', 'x', null),
  fc.constantFrom('2024-01-01', '2025-06-30', '2019-12-31', 'never', null),
);

describeEngines(['duckdb', 'lockstep', 'spark'], (engine, runs) => {
  test('nights whose casts fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fallibleRow, { maxLength: 14 }), { minLength: 1, maxLength: 4 }),
        async (nights) => {
          lab.reset();
          for (const rows of nights) {
            const { found, expected } = await lab.night(fallible, `id,region,kind,price,day\n${csv(rows)}`, engine);
            expect(found).toEqual(expected);
          }
        },
      ),
      { numRuns: runs(8) },
    );
  });
});

test('a filter that is new lets the rows that it leaves out go', async () => {
  lab.reset();
  const columns = { id: { type: 'integer', key: true }, kind: 'text' };
  const file = 'id,kind\n1,a\n2,test\n';
  await lab.night({ columns }, file);
  const { found, expected, receipt } = await lab.night({ columns, where: "kind <> 'test'" }, file, 'lockstep');
  expect(found).toEqual(expected);
  expect(receipt.tables.t).toMatchObject({
    gone: 1,
    filtered: 1,
    rows: 2,
    reason: expect.stringContaining('reading spec'),
  });
});
