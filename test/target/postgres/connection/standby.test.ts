import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { postgresTarget } from '../../../../lib/target/postgres/postgres-target.ts';
import { publicationOf } from '../../../support/postgres/publication.ts';
import { catalog, me, shopFeed } from '../../../support/postgres/target-lab.ts';
import { throwawayServer } from '../../../support/postgres/throwaway-server.ts';

const feed = shopFeed({ catalog });

test('a COMMIT that waits for a standby which is not there is said, and found published when it is back', async () => {
  const server = await throwawayServer(17, { wal_level: 'replica', max_wal_senders: '2' });
  onTestFinished(() => server.stop());
  const sql = postgres(server.url, { max: 1, onnotice: () => {}, fetch_types: false });
  onTestFinished(() => sql.end());
  const wait = async (names: string) => {
    await sql.unsafe(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
    await sql`SELECT pg_reload_conf()`;
    // The server's processes read it one after the other.
    await sleep(500);
  };
  const { ledger, target, close } = postgresTarget(server.url, {
    isDead: () => true,
    reach: async (point) => void (point === 'publish.written' && (await wait('paris'))),
    patience: { lookMs: 300 },
  });
  onTestFinished(close);
  await target.migrate(feed);
  const claimed = await ledger.claim({ feed: 'shop', date: '2026-11-20', owner: me, feedHash: '', folder: '' });
  if (claimed.kind !== 'open') throw new Error(claimed.kind);
  const tables = { catalog: { base: [], next: [['1', 'one', '1.00']] } };
  const { run, fence } = claimed;
  const publication = publicationOf({ feed, run, fence, base: null, delivery: 'first', tables });

  await expect(target.publish(publication)).rejects.toMatchObject({
    name: 'STANDBY_MISSING',
    message: 'COMMIT waits for a synchronous standby: synchronous_standby_names is "paris", and none answers',
    transient: false,
  });

  await wait('');
  expect(await target.publish(publication)).toMatchObject({ kind: 'already' });
  expect(await target.counts(feed)).toEqual({ catalog: { live: 1, gone: 0 } });
});
