import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cloudNames } from '../../../lib/core/cloud/cloud-names.ts';
import { feedKeyOf } from '../../../lib/core/run/feed-key.ts';
import { stackNames } from '../../../lib/infra/names.ts';
import { LEDGER_VERSION } from '../../../lib/target/postgres/ledger/ledger-version.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { fireSchedule } from '../../support/aws/deployments/schedule.ts';
import { productsOf, StageLab } from '../../support/aws/deployments/stage-lab.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { deliveryOf } from '../../support/vendors/night-vendor.ts';

const MINUTE = 60_000;
/** A deployment of a pipeline, on a busy machine. */
const DEPLOYMENT = 8 * MINUTE;

const dayFromNow = (days: number) => new Date(Date.now() + days * 24 * 60 * MINUTE).toISOString().slice(0, 10);
const [yesterday, today, tomorrow] = [dayFromNow(-1), dayFromNow(0), dayFromNow(1)];

await describeAws('two stages, of which one has two feeds', ['localstack'], (aws) => {
  // One story: each test goes on where the one before it ended.
  describe('in the order in which people deploy', () => {
    let first: StageLab;
    let second: StageLab;
    let feeds: { shop: string; market: string };

    beforeAll(async () => {
      first = await StageLab.open(aws, ['shop', 'market']);
      second = await StageLab.open(aws, ['shop']);
      feeds = { shop: first.feed('shop'), market: first.feed('market') };
      const both = ['shop', 'market'].map((feed) => first.pipeline(feed));
      expect(await first.deployments.deploy(feeds, [stackNames.lake(first.name), ...both])).toMatchObject({
        failed: false,
      });
      const other = [stackNames.lake(second.name), second.pipeline('shop')];
      expect(await second.deployments.deploy({ shop: second.feed('shop') }, other)).toMatchObject({ failed: false });
    }, 4 * DEPLOYMENT);
    afterAll(async () => {
      await first?.close();
      await second?.close();
    });

    test(
      'publish side by side',
      async () => {
        const nights = [
          [first, 'shop', 1],
          [first, 'market', 2],
          [second, 'shop', 3],
        ] as const;
        for (const [stage, feed, night] of nights) stage.deliver(feed, yesterday, deliveryOf(night));

        const ends = await Promise.all(nights.map(([stage, feed]) => stage.night(feed, yesterday)));

        expect(ends).toEqual(['Published', 'Published', 'Published']);
        for (const [stage, feed, night] of nights)
          expect(await stage.products(feed)).toEqual(productsOf(deliveryOf(night)));
      },
      DEPLOYMENT,
    );

    test(
      'a night that waits in Arrive goes on with what it began with, whatever is deployed meanwhile',
      async () => {
        const { execution, due } = await fireSchedule(
          aws,
          cloudNames(first.name, 'shop').function('night'),
          new Date(),
        );
        const date = due.slice(0, 10);
        await vi.waitFor(
          async () => expect(await runOf(first, 'shop', date)).toMatchObject({ state: 'running' }),
          MINUTE,
        );
        const before = feeds.shop;
        feeds.shop = before.replace('name: text', 'name: {type: text, trim: true}');

        const deployed = await first.deployments.deploy(feeds, [first.pipeline('shop')]);

        expect(deployed).toMatchObject({ failed: false });
        expect(await runOf(first, 'shop', date)).toMatchObject({ state: 'running' });
        expect(await first.revisions('shop', 'pull')).toEqual([1, 2]);
        first.deliver('shop', date, deliveryOf(2));
        const { states } = await first.ended(execution);
        expect(states.at(-1)).toBe('Published');
        expect(states.filter((state) => state === 'Arrive').length).toBeGreaterThan(1);
        expect(await first.products('shop')).toEqual(productsOf(deliveryOf(2)));
        expect(await first.taskRevisions('shop', 'publish')).toEqual([1, 1]);
        const { feed_hash: hash } = (await runOf(first, 'shop', date))!;
        expect(feedKeyOf(parseFeed(before, 'feed.yaml'))).toContain(hash);
      },
      2 * DEPLOYMENT,
    );

    test(
      'a newer version that fails is taken back, while another feed publishes under the older one',
      async () => {
        const pipeline = first.pipeline('shop');
        first.deliver('market', today, deliveryOf(3));
        const deploying = first.deployments.deploy(feeds, [pipeline], { isNext: true, failing: [pipeline] });
        await vi.waitFor(async () => expect(await versionOf(first)).toBe(LEDGER_VERSION + 1), {
          timeout: DEPLOYMENT,
          interval: 500,
        });

        expect(await first.night('market', today)).toBe('Published');
        expect(await first.products('market')).toEqual(productsOf(deliveryOf(3)));

        expect(await deploying).toMatchObject({ failed: true, output: expect.stringContaining('Failing') });
        expect(await first.deployments.statusOf(pipeline)).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await versionOf(first)).toBe(LEDGER_VERSION + 1);
        first.deliver('shop', tomorrow, deliveryOf(3));
        expect(await first.night('shop', tomorrow)).toBe('Published');
        expect(await first.taskRevisions('shop', 'publish')).toEqual([1, 1, 2]);
      },
      2 * DEPLOYMENT,
    );

    test(
      'a ledger that only the newer version may write does not keep it from being taken back',
      async () => {
        const pipeline = first.pipeline('shop');
        await first.lab.sql`UPDATE nightfeed.compatibility SET oldest_writer = ${LEDGER_VERSION + 1}`;

        const deployed = await first.deployments.deploy(feeds, [pipeline], { isNext: true, failing: [pipeline] });

        expect(deployed.failed).toBe(true);
        expect(await first.deployments.statusOf(pipeline)).toBe('UPDATE_ROLLBACK_COMPLETE');
        // The processes of the older version stop before they write.
        expect(await first.night('market', tomorrow)).toBe('Failed');
        expect(await first.products('market')).toEqual(productsOf(deliveryOf(3)));
      },
      2 * DEPLOYMENT,
    );

    test(
      'a feed that is destroyed keeps rows and objects, and leaves the other stage alone',
      async () => {
        const pipeline = first.pipeline('shop');

        expect(await first.deployments.destroy(pipeline)).toMatchObject({ failed: false });

        expect(await first.deployments.statusOf(pipeline)).toBe('');
        expect(await first.products('shop')).toEqual(productsOf(deliveryOf(3)));
        // The revision that was replaced stays; the last one went with the stack.
        expect(await first.revisions('shop', 'pull')).not.toContain(2);
        expect(await first.revisions('shop', 'pull')).toContain(1);
        second.deliver('shop', today, deliveryOf(4));
        expect(await second.night('shop', today)).toBe('Published');
        await second.lab.checkInvariants(deliveryOf(4));
      },
      2 * DEPLOYMENT,
    );
  });
});

async function runOf({ lab: { sql } }: StageLab, feed: string, date: string) {
  const [run] = await sql<{ state: string; feed_hash: string }[]>`
    SELECT state, feed_hash FROM nightfeed.run WHERE feed = ${feed} AND date = ${date}`;
  return run;
}

async function versionOf({ lab: { sql } }: StageLab): Promise<number> {
  const [newest] = await sql`SELECT max(version) AS version FROM nightfeed.ledger_migration`;
  return newest!.version;
}
