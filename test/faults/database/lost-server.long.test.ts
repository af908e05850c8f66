import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { type ThrowawayServer, throwawayServer } from '../../support/postgres/throwaway-server.ts';
import type { Delivery } from '../../support/vendors/night-vendor.ts';
import { strikingProxy } from '../../support/vendors/striking-proxy.ts';

/** What publish says first on a connection of its own. */
const PUBLISHING = 'nightfeed_stage';
/** About what it says in all, rows included. */
const MESSAGES = 90;

let server: ThrowawayServer;
let lab: NightLab;
let night = 1;

beforeAll(async () => {
  server = await throwawayServer(17);
  lab = await NightLab.open({ database: { url: server.url, drop: async () => {} } });
  await lab.publish(dateOf(night), deliveryOf(night));
}, BEFORE_MS);
afterAll(async () => {
  await lab.close();
  await server.stop();
});

/** Evenly over all that is said: the fractional parts of multiples of the golden ratio. */
const moments = Array.from(
  { length: isFull ? 50 : 4 },
  (_, index) => 1 + Math.floor(MESSAGES * (((index + 1) * 0.618_033_988_75) % 1)),
);

const ways = {
  'kill -9 of the server': async () => {
    await server.kill();
    await server.start();
  },
  'the end of all connections': async () => {
    await lab.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nightfeed'`;
  },
};

test.each(moments.map((moment, index) => ({ moment, way: Object.keys(ways)[index % 2] as keyof typeof ways })))(
  '$way at message $moment of publish: one answer, and the same command again converges',
  async ({ moment, way }) => {
    night += 1;
    const [date, delivery] = [dateOf(night), deliveryOf(night)];
    lab.deliver(date, delivery);
    const proxy = await strikingProxy(lab.database.url, { since: PUBLISHING, moment }, ways[way]);
    onTestFinished(() => proxy.close());

    const struck = await lab.night(date, { NIGHTFEED_DATABASE_URL: proxy.url });
    const again = await lab.night(date);

    expect(struck.stderr).not.toMatch(/UNFORESEEN|Unhandled|^ +at /m);
    expect(['published', 'failed'], struck.stderr).toContain(struck.json?.state);
    expect(struck.json!.error?.name ?? 'none', struck.json!.error?.message).toMatch(/^(none|DATABASE_UNAVAILABLE)$/);
    expect(again, again.stderr).toMatchObject({
      code: 0,
      json: { state: struck.code === 0 ? 'unchanged' : 'published' },
    });
    await lab.checkInvariants(delivery);
    expect(proxy.heard).toBeGreaterThan(moment);
  },
  BEFORE_MS,
);

function dateOf(of: number): string {
  return new Date(Date.UTC(2026, 0, of)).toISOString().slice(0, 10);
}

/** Rows that take a while to copy: they come in many pieces. */
function deliveryOf(of: number): Delivery {
  const products = Array.from({ length: 2000 }, (_, index) => [
    String(index + 1),
    `${of} ${'x'.repeat(1000)}`,
    `${index % 2 === 0 ? of : 0}.00`,
    `${dateOf(of)} 01:00:00`,
  ]);
  return { products, stock: [['1', 'north', String(of)]] };
}
