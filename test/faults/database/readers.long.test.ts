import { expect, onTestFinished, test } from 'vitest';
import type { FailPoint } from '../../../lib/core/run/fail-point.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { type Delivery, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const KILLED_AT: readonly FailPoint[] = [
  'publish.staged',
  'publish.begun',
  'publish.written',
  'publish.committing',
  'publish.committed',
];

test('a reader of both tables sees whole deliveries only, whatever happens to the nights', async () => {
  const lab = await NightLab.after(1);
  onTestFinished(() => lab.close());
  const whole = new Map([1, 2, 3].map((night) => [sumsOf(deliveryOf(night)), night]));
  const seen = new Set<string>();
  let reads = 0;
  let isOver = false;
  const reading = (async () => {
    while (!isOver) {
      seen.add(await read(lab));
      reads += 1;
    }
  })();

  const last: string[] = [];
  for (const night of [2, 3]) {
    lab.deliver(dateOf(night), deliveryOf(night));
    for (const point of KILLED_AT.slice(night === 2 ? 0 : 2)) {
      await lab.night(dateOf(night), { NIGHTFEED_FAIL_AT: point });
      // The server may still be at the COMMIT of a client that is gone.
      if (point !== 'publish.committing') last.push(await read(lab));
    }
    await lab.night(dateOf(night));
  }
  isOver = true;
  await reading;

  expect([...seen].filter((sums) => !whole.has(sums))).toEqual([]);
  expect([...seen].map((sums) => whole.get(sums)).sort()).toEqual([1, 2, 3]);
  expect(last.map((sums) => whole.get(sums))).toEqual([1, 1, 1, 2, 2, 3]);
  expect(reads).toBeGreaterThan(100);
  await lab.checkInvariants(deliveryOf(3));
});

test('a reader that began before goes on with what it saw, and holds nobody up', async () => {
  const lab = await NightLab.after(1);
  onTestFinished(() => lab.close());
  lab.deliver(dateOf(2), deliveryOf(2));

  const { first, code, second } = await lab.sql.begin('ISOLATION LEVEL REPEATABLE READ', async (reader) => {
    const [products] = await reader.unsafe(PRODUCTS).values();
    const ended = await lab.night(dateOf(2));
    const [stock] = await reader.unsafe(STOCK).values();
    return { first: products, code: ended.code, second: stock };
  });

  expect(code).toBe(0);
  expect(`${first} ${second}`).toBe(sumsOf(deliveryOf(1)));
  expect(await read(lab)).toBe(sumsOf(deliveryOf(2)));
});

const PRODUCTS = 'SELECT count(*), sum(price) FROM shop.products WHERE _gone_since IS NULL';
const STOCK = 'SELECT count(*), sum(quantity) FROM shop.stock';

async function read(lab: NightLab): Promise<string> {
  return lab.sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (reader) => {
    const [products] = await reader.unsafe(PRODUCTS).values();
    const [stock] = await reader.unsafe(STOCK).values();
    return `${products} ${stock}`;
  }) as Promise<string>;
}

function sumsOf({ products, stock }: Delivery): string {
  const cents = products.reduce((sum, row) => sum + Math.round(Number(row[2]) * 100), 0);
  return `${products.length},${(cents / 100).toFixed(2)} ${stock.length},${stock.reduce((sum, row) => sum + Number(row[2]), 0)}`;
}
