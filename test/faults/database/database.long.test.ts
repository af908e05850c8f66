import { expect, onTestFinished, test } from 'vitest';
import type { FailPoint } from '../../../lib/core/run/fail-point.ts';
import { isFull } from '../../support/full.ts';
import { thirdNight } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { describePostgres } from '../../support/postgres/postgres.ts';
import { dateOf, deliveryOf, mostMissing } from '../../support/vendors/night-vendor.ts';
import { tcpProxy } from '../../support/vendors/tcp-proxy.ts';

/** What only the publishing connection says. */
const PUBLISHING = 'pg_advisory_xact_lock(hashtextextended';
/** What only the claiming connection says. */
const CLAIMING = 'INSERT INTO nightfeed.feed';
const COMMIT = 'COMMIT\0';

describePostgres('connections that break', (version) => {
  const isWhole = isFull || version === 17;
  const third = thirdNight({ version });

  const publishing = [
    { lost: 'the answer to the COMMIT that publishes', said: PUBLISHING, fault: 'after' },
    { lost: 'the COMMIT that publishes', said: PUBLISHING, fault: 'before' },
  ] as const;
  const claiming = [
    { lost: 'the answer to the COMMIT that claims', said: CLAIMING, fault: 'after' },
    { lost: 'the COMMIT that claims', said: CLAIMING, fault: 'before' },
  ] as const;
  test.each([...publishing, ...(isWhole ? claiming.slice(isFull ? 0 : 1) : [])])(
    'lost: $lost',
    async ({ said, fault }) => {
      const lab = await third.lab();
      const proxy = await tcpProxy(lab.database.url, COMMIT, fault, said);
      onTestFinished(() => proxy.close());

      const broken = await lab.night(dateOf(3), { NIGHTFEED_DATABASE_URL: proxy.url });
      const again = await lab.night(dateOf(3));

      expect(proxy.isBroken()).toBe(true);
      expect(broken, broken.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
      expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
      await third.expectLikeTwin(lab);
    },
  );

  test('every connection ended while it stands at its last write: nothing was written, then everything', async () => {
    const lab = await third.lab();
    const old = await lab.fingerprints();
    const command = await lab.frozenNight(dateOf(3), 'publish.written');
    await endConnections(lab);
    const between = await lab.fingerprints();

    const ended = await command.thaw();
    const again = await lab.night(dateOf(3));

    expect(between).toEqual(old);
    expect(ended, ended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
    await third.expectLikeTwin(lab);
  });

  const points: readonly FailPoint[] = [
    'claim.done',
    'pull.receipt',
    'guard.done',
    'publish.staged',
    'publish.committed',
    'notify.sent',
  ];
  test.each(isFull ? points : isWhole ? (['publish.staged', 'publish.committed'] as const) : [])(
    'every connection ended at %s',
    async (point) => {
      const lab = await third.lab();
      const command = await lab.frozenNight(dateOf(3), point);
      await endConnections(lab);

      const ended = await command.thaw();
      const again = await lab.night(dateOf(3));

      expect(ended, ended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
      expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
      await third.expectLikeTwin(lab);
    },
  );

  test.each(isFull ? (['before', 'after'] as const) : isWhole ? (['before'] as const) : [])(
    'a hold whose COMMIT is lost (%s it arrived)',
    async (fault) => {
      const lab = await third.lab();
      lab.deliver(dateOf(3), mostMissing(deliveryOf(3)));
      const proxy = await tcpProxy(lab.database.url, COMMIT, fault, 'INSERT INTO nightfeed.outbox');
      onTestFinished(() => proxy.close());

      const broken = await lab.night(dateOf(3), { NIGHTFEED_DATABASE_URL: proxy.url });
      const noted = await lab.states();
      const again = await lab.night(dateOf(3));

      expect(proxy.isBroken()).toBe(true);
      expect(broken, broken.stderr).toMatchObject({ code: 3, json: { state: 'held' } });
      expect(noted[dateOf(3)]).toBe('held');
      expect(broken.stderr).toContain(`message  nightfeed shop/${dateOf(3)}: held`);
      expect(again, again.stderr).toMatchObject({ code: 3, json: { state: 'held' } });
      expect(await lab.sql`SELECT state FROM nightfeed.outbox WHERE date = ${dateOf(3)}`.values()).toEqual([['held']]);
      await lab.checkInvariants(deliveryOf(2));
    },
  );
});

/** As an administrator does it, or a fail-over. */
async function endConnections(lab: NightLab): Promise<void> {
  const ended = await lab.sql`
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nightfeed'`;
  expect(ended.length).toBeGreaterThan(0);
}
