import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv } from '../support/engines/csv.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ windowBytes: 200 });
});
afterAll(() => lab.close());

const columns = {
  id: { type: 'integer', key: true },
  name: { type: 'text', pattern: '([a-c]|ab)+', rules: [{ in: ['a', 'b', 'ab'], on_fail: 'warn' }] },
  price: { type: 'decimal(6,2)', min: 0, required: true, on_fail: 'hold', rules: [{ max: 10, on_fail: 'reject_row' }] },
  day: { type: 'date', min: '2024-01-01', store: false },
};
const table = {
  columns,
  where: "name <> 'c' or name is null",
  rules: [{ check: 'price > 1 or day is null', on_fail: 'warn' }],
};

const row = fc.tuple(
  fc.constantFrom('1', '2', '3', '4', '5', 'x', null),
  fc.constantFrom('a', 'b', 'ab', 'abc', 'c', 'd', null),
  fc.constantFrom('1', '0.5', '-1', '11', 'x', null),
  fc.constantFrom('2024-01-01', '2023-12-31', 'never', null),
);
const rows = fc.array(row, { maxLength: 12 });
const head = 'id,name,price,day\n';

test.each(['duckdb', 'lockstep'] as const)('rules of a row by %s', async (engine) => {
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 4 }), async (nights) => {
      lab.reset();
      for (const night of nights) {
        const { found, expected } = await lab.night(table, head + csv(night), engine);
        expect(found).toEqual(expected);
      }
    }),
    { numRuns: 10 },
  );
});

describeEngines(['duckdb', 'spark'], (engine, runs) => {
  test.each(['reject_row', 'hold'] as const)('rules over all rows with on_fail %s', async (on_fail) => {
    const kinds = { columns: { code: { type: 'text', key: true }, no: 'integer' } };
    const strict = {
      columns: {
        ...columns,
        name: { type: 'text', references: 'kinds.code', on_fail },
        price: { type: 'decimal(6,2)', unique: true, on_fail, rules: [{ min: 0, on_fail: 'reject_row' }] },
      },
      rules: [{ unique: ['name', 'day'], on_fail, name: 'once a day' }],
    };
    const codes = fc.subarray(['a', 'b', 'ab', 'abc']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(rows, codes), { minLength: 1, maxLength: 3 }), async (nights) => {
        lab.reset();
        for (const [night, present] of nights) {
          const others = {
            kinds: { table: kinds, bytes: `code,no\n${present.map((code) => `${code},1\n`).join('')}` },
          };
          const asked = engine === 'duckdb' ? 'lockstep' : engine;
          const { found, expected, receipt } = await lab.night(strict, head + csv(night), asked, others);
          expect(found).toEqual(expected);
          expect(receipt.tables.t!.engine).toBe(engine);
        }
      }),
      { numRuns: runs(10) },
    );
  });

  test('a value that another table holds in a row that it keeps', async () => {
    lab.reset();
    const kinds = { columns: { code: { type: 'text', key: true }, no: 'integer' } };
    const referring = { columns: { id: columns.id, name: { type: 'text', references: 'kinds.code' } } };
    const others = { kinds: { table: kinds, bytes: 'code,no\na,1\n"b",2\nc,x\n' } };
    const file = 'id,name\n1,a\n2,b\n3,c\n4,\n5,d\n';
    const { found, expected } = await lab.night(referring, file, engine, others);
    expect(found).toEqual(expected);
    expect(found).toMatchObject({ rejected: { NO_REFERENCE: 2 }, inserted: expect.objectContaining({ length: 3 }) });
  });
});

test('new rules are asked of all rows, and of each version once', async () => {
  lab.reset();
  const plain = { id: columns.id, name: 'text' };
  const warned = { columns: { id: columns.id, name: { type: 'text', in: ['a'], on_fail: 'warn' } } };
  const file = 'id,name\n1,a\n2,b\n3,c\n';
  await lab.night({ columns: plain }, file);
  const broken: unknown[] = [];
  for (const [bytes, engine] of [
    [file, 'lockstep'],
    [file.replace('3,c', '3,d'), 'lockstep'],
    [file.replace('3,c', '3,d'), 'duckdb'],
  ] as const) {
    const { found, expected } = await lab.night(warned, bytes, engine);
    expect(found).toEqual(expected);
    broken.push(found.broken);
  }
  expect(broken).toEqual([{ 'name.in': 2 }, { 'name.in': 1 }, {}]);
});

test('a rule that refuses', async () => {
  lab.reset();
  const refusing = { columns: { id: { ...columns.id, max: 5, on_fail: 'refuse' }, name: 'text' } };
  await lab.night(refusing, 'id,name\n1,a\n');
  await expect(lab.night(refusing, 'id,name\n1,a\n6,b\n7,c\n', 'lockstep')).rejects.toMatchObject({
    name: 'RULE_REFUSED',
    state: 'refused',
    message: 't: of the new and changed rows 2 break "id.max"; the feed file allows none',
  });
});
