import postgres from 'postgres';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FailPoint } from '../../../../lib/core/run/fail-point.ts';
import type { TargetOptions } from '../../../../lib/target/postgres/connection/options.ts';
import { postgresTarget } from '../../../../lib/target/postgres/postgres-target.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { publicationOf, type Step } from '../../../support/postgres/publication.ts';
import { catalog, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { type ThrowawayServer, throwawayServer } from '../../../support/postgres/throwaway-server.ts';
import { tcpProxy } from '../../../support/vendors/tcp-proxy.ts';

const feed = shopFeed({ catalog: { ...catalog, history: true } });
const base = [['1', 'one', '1.00']];
const next = [
  ['1', 'uno', '1.00'],
  ['2', 'two', null],
];

describePostgres('a server that is killed', (version) => {
  let server: ThrowawayServer;
  beforeAll(async () => {
    server = await throwawayServer(version);
  });
  afterAll(() => server.stop());

  test.each<FailPoint>(['publish.staged', 'publish.written', 'publish.committing'])(
    'at %s ends in the new data after the same command again',
    async (at) => {
      const url = await createDatabase(server.url, at.replace('.', '_'));
      const one = open(url);
      await one.target.migrate(feed);
      await publish(one, '2026-11-20', null, { base: [], next: base });

      // A backend outlives its postmaster until it waits for something, so that it may still have committed.
      const crashing = open(url, { reach: async (point) => void (point === at && (await server.kill())) });
      const first = await publish(crashing, '2026-11-21', '2026-11-20', { base, next }).catch((error) => error.name);
      expect(['published', 'DATABASE_UNAVAILABLE']).toContain(first);
      await server.start();

      const second = await publish(open(url), '2026-11-21', '2026-11-20', { base, next });

      expect(['published', 'settled']).toContain(second);
      const { audit, counts } = open(url).target;
      expect(await counts(feed)).toEqual({ catalog: { live: 2, gone: 0 } });
      for (const { expected, found } of await audit('shop')) expect(found).toEqual(expected);
    },
  );
});

describePostgres('a client that is killed', (version) => {
  test('amid a write frees its feed within seconds', async () => {
    const lab = await targetLab(version, feed);
    await lab.night('2026-11-20', { catalog: base });
    await lab.sql.unsafe(`
      CREATE FUNCTION shop.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
      CREATE TRIGGER slow BEFORE UPDATE ON shop.catalog FOR EACH ROW EXECUTE FUNCTION shop.slow()`);
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const proxy = await tcpProxy(lab.url, 'no such text', 'before');
    const orphaned = expect(lab.another({}, proxy.url).target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
    });
    while (
      (await lab.sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`)
        .length === 0
    );

    proxy.close();
    await orphaned;
    const start = Date.now();
    const knowing = lab.another({ isDead: () => true });
    const order = { feed: 'shop', date: '2026-11-21', owner: { ...me, pid: 2 }, feedHash: '', folder: '' };

    expect(await knowing.ledger.claim(order)).toMatchObject({ kind: 'open', fence: 2 });
    expect(Date.now() - start).toBeLessThan(60_000);
  });
});

type Ports = Pick<ReturnType<typeof postgresTarget>, 'ledger' | 'target'>;

function open(url: string, options: Partial<TargetOptions> = {}): Ports {
  const ports = postgresTarget(url, { isDead: () => true, reach: async () => {}, ...options });
  onTestFinished(() => ports.close());
  return ports;
}

/** A night in short: what became of it. */
async function publish({ ledger, target }: Ports, date: string, from: string | null, step: Step): Promise<string> {
  const claimed = await ledger.claim({ feed: 'shop', date, owner: me, feedHash: '', folder: '' });
  if (claimed.kind !== 'open') return claimed.kind;
  const { run, fence } = claimed;
  const outcome = await target.publish(
    publicationOf({ feed, run, fence, base: from, delivery: date, tables: { catalog: step } }),
  );
  return outcome.kind;
}

async function createDatabase(server: string, name: string): Promise<string> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  await sql.unsafe(`CREATE DATABASE ${name}`);
  await sql.end();
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}
