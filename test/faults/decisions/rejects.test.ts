import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { type Delivery, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const fork = labsAfter(1);

type Row = Delivery['products'][number];

/** A delivery in which one row of each table cannot be read as declared, its key can; and what production should hold. */
function withBadValues(night: number): { sent: Delivery; held: Delivery } {
  const last = deliveryOf(night - 1);
  const { products, stock } = deliveryOf(night);
  const [badProduct, badStock] = [5, 7];
  const spoil = (rows: readonly Row[], at: number) =>
    rows.map((row, index) => (index === at ? row.map((field, place) => (place === 2 ? 'many' : field)) : row));
  const lastGood = (rows: readonly Row[], old: readonly Row[], at: number, keys: number) =>
    rows.map((row, index) =>
      index === at ? old.find((each) => each.slice(0, keys).join() === row.slice(0, keys).join())! : row,
    );
  return {
    sent: { products: spoil(products, badProduct), stock: spoil(stock, badStock) },
    held: {
      products: lastGood(products, last.products, badProduct, 1),
      stock: lastGood(stock, last.stock, badStock, 2),
    },
  };
}

async function rejectsOf(lab: NightLab, date: string, table: string): Promise<Record<string, unknown>[]> {
  const files = globSync(join(lab.home, 'lake', 'changes', 'shop', date, '*', table, 'rejects.parquet'));
  expect(files).toHaveLength(1);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = await connection.runAndReadAll(`SELECT * FROM read_parquet('${files[0]}')`);
  connection.closeSync();
  return rows.getRowObjectsJson();
}

test('a row that cannot be read keeps its last good version, and the next night brings the new one', async () => {
  const lab = await fork();
  const { sent, held } = withBadValues(2);
  lab.deliver(dateOf(2), sent);

  const night = await lab.night(dateOf(2));

  expect(night, night.stderr).toMatchObject({
    code: 0,
    json: { state: 'published', tables: { products: { rejected: 1 }, stock: { rejected: 1 } } },
  });
  await lab.checkInvariants(held);
  expect(await lab.sql`SELECT table_name, code, rows::integer FROM nightfeed.quarantine ORDER BY 1`.values()).toEqual([
    ['products', 'FORMAT', 1],
    ['stock', 'FORMAT', 1],
  ]);
  const [id, name, , seen] = sent.products[5]!;
  const [reject] = await rejectsOf(lab, dateOf(2), 'products');
  expect(reject).toMatchObject({
    code: 'FORMAT',
    column: 'price',
    key: expect.stringContaining(id!),
    file: 'products.csv',
  });
  expect(reject!.raw).toBe(`${id},"${name!.replaceAll('"', '""')}",many,${seen}`);
  expect(reject).toMatchObject({
    offset: expect.anything(),
    length: expect.anything(),
    object: expect.stringContaining('landing/shop/'),
  });

  await lab.publish(dateOf(3), deliveryOf(3));
  await lab.checkInvariants(deliveryOf(3));
});

test.each(isFull ? (['diff.engine', 'publish.written', 'publish.committing'] as const) : (['diff.engine'] as const))(
  'the same, killed at %s',
  async (point) => {
    const lab = await fork();
    const { sent, held } = withBadValues(2);
    lab.deliver(dateOf(2), sent);

    await lab.night(dateOf(2), { NIGHTFEED_FAIL_AT: point });
    const again = await lab.night(dateOf(2));

    expect(again.code, again.stderr).toBe(0);
    await lab.checkInvariants(held);
    expect(await lab.sql`SELECT sum(rows)::integer FROM nightfeed.quarantine`.values()).toEqual([[2]]);
  },
);

test('a row with an unreadable key suspends the deletes of its table for the night', async () => {
  const lab = await fork();
  const { products, stock } = deliveryOf(2);
  const last = deliveryOf(1);
  const missing = last.products.filter(([id]) => !products.some((row) => row[0] === id));
  lab.deliver(dateOf(2), { products: [...products, ['no number', 'a thing', '1.00', null]], stock });

  const night = await lab.night(dateOf(2));

  expect(missing.length).toBeGreaterThan(0);
  expect(night, night.stderr).toMatchObject({
    code: 0,
    json: { tables: { products: { rejected: 1, gone: 0, suspended: missing.length }, stock: { suspended: 0 } } },
  });
  const inOrder = [...products, ...missing].sort((a, b) => Number(a[0]) - Number(b[0]));
  await lab.checkInvariants({ products: inOrder, stock });

  await lab.publish(dateOf(3), deliveryOf(3));
  await lab.checkInvariants(deliveryOf(3));
});

test('more rejects than allowed hold the night', async () => {
  const lab = await fork();
  const { products, stock } = deliveryOf(2);
  lab.deliver(dateOf(2), {
    products: products.map((row, index) => (index % 4 === 0 ? [row[0]!, row[1]!, 'many', row[3]!] : row)),
    stock,
  });

  const night = await lab.night(dateOf(2));

  expect(night).toMatchObject({ code: 3, json: { state: 'held' } });
  expect(night.json?.holds).toEqual([expect.objectContaining({ table: 'products', guard: 'REJECTED_LIMIT' })]);
  await lab.checkInvariants(deliveryOf(1));
});
