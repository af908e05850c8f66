import type postgres from 'postgres';
import { expect } from 'vitest';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import type { TableSummary } from '../../../lib/core/run/night-result.ts';
import { postgresTarget } from '../../../lib/target/postgres/postgres-target.ts';
import type { Delivery } from '../vendors/night-vendor.ts';

interface Place {
  readonly sql: postgres.Sql;
  readonly url: string;
  readonly feed: Feed;
}

/** What must be true after every fault and a night that went through. `held` is the delivery that production holds. */
export async function checkInvariants(place: Place, held: Delivery | null): Promise<void> {
  const { sql } = place;
  if (held) {
    await checkRows(sql, held);
    await checkKeys(sql);
    await checkHistory(sql);
    await checkAudit(place);
  }
  await checkLedger(sql);
  await checkMessages(sql);
  expect(
    await sql`SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace`,
    'stages left',
  ).toEqual([]);
}

/** Fingerprints per relation, over all columns but the moment of loading. */
export async function fingerprints(sql: postgres.Sql): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const relation of ['shop.products', 'shop.products_history', 'shop.products_versions', 'shop.stock']) {
    [found[relation]] = await sql.unsafe(`
      SELECT count(*)::integer AS rows, coalesce(sum(('x' || substr(hash, 1, 15))::bit(60)::bigint), 0)::text AS sum
      FROM (SELECT md5((to_jsonb(t) - '_loaded_at')::text) AS hash FROM ${relation} AS t) AS hashed`);
  }
  return found;
}

async function checkRows(sql: postgres.Sql, held: Delivery): Promise<void> {
  const products =
    await sql`SELECT id::text, name, price::text FROM shop.products AS t WHERE _gone_since IS NULL ORDER BY t.id`.values();
  const stock =
    await sql`SELECT product::text, warehouse, quantity::text FROM shop.stock AS t ORDER BY t.product, t.warehouse`.values();
  expect([...products], 'live products').toEqual(held.products.map((row) => row.slice(0, 3)));
  expect([...stock], 'live stock').toEqual(held.stock);
}

async function checkKeys(sql: postgres.Sql): Promise<void> {
  const keyed = await sql`
    SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisprimary AND i.indisvalid AND c.relnamespace = 'shop'::regnamespace ORDER BY 1`.values();
  expect(keyed.flat(), 'tables with their key').toEqual(['products', 'products_history', 'stock']);
  expect(await sql`SELECT id FROM shop.products GROUP BY id HAVING count(*) > 1`, 'products twice').toEqual([]);
  expect(await sql`SELECT product, warehouse FROM shop.stock GROUP BY 1, 2 HAVING count(*) > 1`, 'stock twice').toEqual(
    [],
  );
}

async function checkHistory(sql: postgres.Sql): Promise<void> {
  const open = await sql`
    SELECT p.id, p._gone_since, count(v.id)::integer AS open
    FROM shop.products p LEFT JOIN shop.products_versions v ON v.id = p.id AND v._valid_to IS NULL
    GROUP BY 1, 2 HAVING count(v.id) <> (p._gone_since IS NULL)::integer`;
  expect(open, 'keys without exactly their open versions').toEqual([]);
  const overlaps = await sql`
    SELECT * FROM (
      SELECT id, _valid_from, coalesce(_valid_to, 'infinity') AS _valid_to, lead(_valid_from) OVER (PARTITION BY id ORDER BY _valid_from) AS next
      FROM shop.products_versions) AS v
    WHERE _valid_from >= _valid_to OR next < _valid_to`;
  expect(overlaps, 'versions that overlap').toEqual([]);
  const orphans = await sql`SELECT id FROM shop.products_history EXCEPT SELECT id FROM shop.products`;
  expect(orphans, 'history of keys that were never retained').toEqual([]);
}

/** The ledger's fingerprints against all live rows. */
async function checkAudit({ url, feed }: Place): Promise<void> {
  const { target, close } = postgresTarget(url, { isDead: () => false, reach: async () => {} });
  try {
    const audited = await target.audit(feed.feed);
    expect(audited.map(({ table }) => table)).toEqual(['products', 'stock']);
    for (const { table, expected, found } of audited) expect(found, `fingerprint of ${table}`).toEqual(expected);
  } finally {
    await close();
  }
}

async function checkLedger(sql: postgres.Sql): Promise<void> {
  expect(await sql`SELECT feed, date FROM nightfeed.run WHERE state = 'running'`, 'runs still at work').toEqual([]);
  const [newest] = await sql`
    SELECT date::text, revision, delivery FROM nightfeed.run WHERE state = 'published' ORDER BY date DESC, revision DESC LIMIT 1`;
  const [applied] = await sql`
    SELECT applied_date::text AS date, applied_revision AS revision, applied_delivery AS delivery FROM nightfeed.feed WHERE applied_date IS NOT NULL`;
  expect(applied, 'applied state').toEqual(newest);
  const runs = await sql<{ tables: Record<string, TableSummary>; quarantined: number }[]>`
    SELECT tables, (SELECT coalesce(sum(rows), 0)::integer FROM nightfeed.quarantine q WHERE (q.feed, q.date, q.revision) = (r.feed, r.date, r.revision)) AS quarantined
    FROM nightfeed.run r WHERE state = 'published'`;
  for (const { tables, quarantined } of runs) {
    let rejected = 0;
    for (const [name, table] of Object.entries(tables)) {
      const accepted = table.inserted + table.updated + table.returned + table.unchanged;
      expect(table.rows, `${name}: rows in`).toBe(accepted + table.rejected);
      rejected += table.rejected;
    }
    expect(quarantined, 'quarantined rows').toBe(rejected);
  }
}

async function checkMessages(sql: postgres.Sql): Promise<void> {
  const twice = await sql`
    SELECT feed, date::text, revision, state, change_set FROM nightfeed.outbox GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1`;
  expect(twice, 'messages said twice').toEqual([]);
  const differing = await sql`
    SELECT r.feed, r.date::text, r.revision, r.state, count(o.id)::integer AS messages FROM nightfeed.run r
    LEFT JOIN nightfeed.outbox o ON (o.feed, o.date, o.revision, o.state) = (r.feed, r.date, r.revision, 'published')
    GROUP BY 1, 2, 3, 4 HAVING count(o.id) <> (r.state = 'published')::integer`;
  expect(differing, 'runs without exactly their message of success').toEqual([]);
  expect(await sql`SELECT id FROM nightfeed.outbox WHERE sent_at IS NULL`, 'messages not sent').toEqual([]);
}
