import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Samples } from '../../lib/core/diff/samples.ts';
import { csv } from '../support/engines/csv.ts';
import { EngineLab, type Night } from '../support/engines/engine-lab.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open();
});
afterAll(() => lab.close());

const table = {
  columns: {
    id: { type: 'integer', key: true },
    name: { type: 'text', pattern: 'n\\d+', on_fail: 'warn' },
    price: 'decimal(6,2)',
    seen: { type: 'date', compare: false },
  },
};
const long = 'x'.repeat(300);

type Fields = (string | null)[];
const row = (id: number, more: Partial<Record<'name' | 'price' | 'seen', string | null>> = {}): Fields => {
  const { name = `n${id}`, price = '1.00', seen = '2026-11-01' } = more;
  return [String(id), name, price, seen];
};
const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function samplesAfter(engine: 'duckdb' | 'lockstep', nights: readonly Fields[][]): Promise<Samples> {
  lab.reset();
  let night: Night | undefined;
  for (const rows of nights) {
    night = await lab.night(table, `id,name,price,seen\n${csv(rows)}`, engine);
    expect(night.found).toEqual(night.expected);
  }
  return JSON.parse((await lab.store.readText(night!.receipt.tables.t!.samples))!) as Samples;
}

const base = ids(40).map((id) => row(id));
const next = [
  ...ids(40)
    .slice(12)
    .map((id) =>
      id < 20 ? row(id, { price: null }) : id === 30 ? row(id, { name: long, seen: '2026-11-02' }) : row(id),
    ),
  row(41),
  row(42, { price: 'oops' }),
  row(43, { price: '1.239' }),
  row(44, { price: 'oops' }),
  row(41),
];

test.each(['duckdb', 'lockstep'] as const)(
  '%s takes the rows with the smallest keys, and what changed in them',
  async (engine) => {
    const samples = await samplesAfter(engine, [base, next]);

    expect(samples.gone.map(({ key }) => key.id)).toEqual(ids(10).map(String));
    expect(samples.gone[0]).toEqual({ key: { id: '1' }, before: { name: 'n1', price: '1.00', seen: '2026-11-01' } });
    expect(samples.updated).toHaveLength(8);
    expect(samples.updated[0]).toEqual({ key: { id: '13' }, before: { price: '1.00' }, after: { price: null } });
    expect(samples.updated.at(-1)).toEqual({
      key: { id: '30' },
      before: { name: 'n30', seen: '2026-11-01' },
      after: { name: `${'x'.repeat(200)}…`, seen: '2026-11-02' },
    });
    expect(samples.inserted).toEqual([
      { key: { id: '41' }, after: { name: 'n41', price: '1.00', seen: '2026-11-01' } },
    ]);
    expect(samples.nulls).toEqual({
      price: ids(19)
        .slice(12)
        .map((id) => ({ key: { id: String(id) }, before: { price: '1.00' }, after: { price: null } })),
    });
    expect(samples.broken).toEqual({
      'name.pattern': [
        { key: { id: '30' }, after: { name: `${'x'.repeat(200)}…`, price: '1.00', seen: '2026-11-02' } },
      ],
    });
    expect(samples.rejected.map(({ code, column, raw }) => [code, column, raw])).toEqual([
      ['FORMAT', 'price', '42,n42,oops,2026-11-01'],
      ['SCALE', 'price', '43,n43,1.239,2026-11-01'],
      ['FORMAT', 'price', '44,n44,oops,2026-11-01'],
    ]);
  },
);

test.each(['duckdb', 'lockstep'] as const)('%s shows the first record whose key it cannot read', async (engine) => {
  const head = 'id,name,price,seen\n';
  const unreadableOf = async (text: string) => {
    lab.reset();
    await lab.night(table, head + csv(base), engine);
    const { receipt } = await lab.night(table, head + text, engine);
    const { samples, footer = false } = receipt.tables.t!;
    return [footer, (JSON.parse((await lab.store.readText(samples))!) as Samples).unreadable];
  };
  // The first has its key, though not all of its bytes are sound.
  const noUtf8 = '7,\u0000,1.00,\n';
  const sound = csv(base.slice(0, 20));
  const at = (text: string) => ({ file: 't.csv', byte: Buffer.byteLength(head + text) });
  const found = { column: null, key: null };

  expect(await unreadableOf(`${noUtf8}${sound}END\n`)).toEqual([
    true,
    { ...found, ...at(noUtf8 + sound), code: 'FIELD_COUNT', raw: 'END', isLast: true },
  ]);
  expect(await unreadableOf(`${noUtf8}x,n,1.00,\n${sound}END\n`)).toEqual([
    false,
    { ...found, ...at(noUtf8), code: 'FORMAT', column: 'id', raw: 'x,n,1.00,', isLast: false },
  ]);
  expect(await unreadableOf(noUtf8 + sound)).toEqual([false, undefined]);
});

test('of a first load only rejects are sampled', async () => {
  expect(await samplesAfter('duckdb', [[...base, row(41, { price: 'x' })]])).toMatchObject({
    inserted: [],
    updated: [],
    gone: [],
    nulls: {},
    rejected: [{ code: 'FORMAT' }],
  });
});

test('the receipt says how many nulls there were and are, and how many bytes', async () => {
  lab.reset();
  await lab.night(table, `id,name,price,seen\n${csv(base)}`);
  const { receipt } = await lab.night(table, `id,name,price,seen\n${csv(next)}`, 'lockstep');

  expect(receipt.tables.t).toMatchObject({
    engine: 'lockstep',
    nulls: { name: { base: 0, next: 0 }, price: { base: 0, next: 7 } },
    bytes: { base: csv(base).length, next: csv(next).length },
  });
});

test('a base that an older version left is counted once, by the full join', async () => {
  lab.reset();
  await lab.night(table, `id,name,price,seen\n${csv(base)}`);
  const changed = (price: string) => `id,name,price,seen\n${csv([...base.slice(1), row(1, { price })])}`;
  await lab.forgetNulls();

  const first = await lab.night(table, changed('2.00'), 'lockstep');
  const second = await lab.night(table, changed('3.00'), 'lockstep');

  expect(first.found).toEqual(first.expected);
  expect([first, second].map(({ receipt }) => receipt.tables.t?.engine)).toEqual(['duckdb', 'lockstep']);
  expect(second.found).toEqual(second.expected);
});
