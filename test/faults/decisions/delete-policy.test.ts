import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { type Delivery, dateOf, deliveryOf, feedFile } from '../../support/vendors/night-vendor.ts';

/** Of the stock that vanishes, what was in the north or is unknown to be little stays. */
const WHERE = `warehouse = 'north' or quantity >= 40`;

const { products, stock } = deliveryOf(1);
const night1: Delivery = { products, stock };
const night2: Delivery = { products, stock: stock.filter((_row, index) => index % 3 > 0) };
const vanished = stock.filter((_row, index) => index % 3 === 0);
const isKept = ([, warehouse, quantity]: readonly (string | null)[]) => warehouse === 'north' || Number(quantity) >= 40;

test(
  'vanished rows stay where the condition is true, also after a kill before the commit',
  async () => {
    const lab = await NightLab.open();
    onTestFinished(() => lab.close());
    const text = feedFile('{folder: "vendor/{date}"}').replace(
      'on_delete: delete',
      `on_delete: delete\n    retain_where: ${JSON.stringify(WHERE)}`,
    );
    writeFileSync(join(lab.folder, 'feed.yaml'), text);
    await lab.publish(dateOf(1), night1);
    lab.deliver(dateOf(2), night2);

    const killed = await lab.night(dateOf(2), { NIGHTFEED_FAIL_AT: 'publish.written' });
    const night = await lab.night(dateOf(2));

    expect(killed.signal).toBe('SIGKILL');
    const kept = vanished.filter(isKept);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(vanished.length);
    expect(night, night.stderr).toMatchObject({
      code: 0,
      json: { state: 'published', tables: { stock: { gone: vanished.length, retained: kept.length } } },
    });
    const gone = await lab.sql`
    SELECT product::text, warehouse, quantity::text FROM shop.stock AS t WHERE _gone_since = ${dateOf(2)}
    ORDER BY t.product, t.warehouse`.values();
    expect([...gone]).toEqual(kept);
    const live =
      await lab.sql`SELECT product::text, warehouse, quantity::text FROM shop.stock AS t WHERE _gone_since IS NULL
    ORDER BY t.product, t.warehouse`.values();
    expect([...live]).toEqual(night2.stock);
  },
  BEFORE_MS,
);
