import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExecutionInput } from '../../../lib/core/cloud/events.ts';
import { canonicalJson } from '../../../lib/core/feed/reading-spec.ts';
import { feedKeyOf } from '../../../lib/core/run/feed-key.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { announce, startOn } from '../../support/aws/announced-delivery.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type DeployedNight, deployNight } from '../../support/aws/deployed-night.ts';
import { auditRights } from '../../support/aws/rights/audit.ts';
import { signInAsOperator } from '../../support/aws/rights/operator.ts';
import { unusedRights } from '../../support/aws/rights/unused-rights.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { dateOf, deliveryOf, empty, mostMissing } from '../../support/vendors/night-vendor.ts';

const runOf = (night: number) => `shop/${dateOf(night)}`;

await describeAws('the deployed night', ['localstack'], (aws) => {
  // One deployment for all: each test goes on where the one before it ended.
  describe.skipIf(aws.folder === undefined)('(skipped without an emulator)', () => {
    /** Other files of the run have the same bus. */
    const source = `com.vendor.${randomUUID()}`;
    let lab: NightLab;
    let deployed: DeployedNight;
    let operator: Record<string, string>;

    beforeAll(async () => {
      lab = await NightLab.open();
      lab.deliver(dateOf(1), deliveryOf(1));
      deployed = await deployNight(aws, lab, 'schedule: {at: "02:00", timezone: Europe/Berlin}\n', startOn(source));
      operator = await signInAsOperator(aws, deployed.stage, 'shop');
    }, 400_000);
    afterAll(async () => {
      await deployed?.close();
      await lab.close();
    });

    const execute = async (input: ExecutionInput) => deployed.ended(await deployed.start(input));
    const nightfeed = (...args: string[]) => lab.run(['--stack', deployed.stack, ...args], operator);
    const subjects = async () => (await deployed.queued()).map(({ subject }) => subject);

    test('begins with the schedule, and leaves rows, objects and one message', async () => {
      const { end, states, events } = await execute({ scheduledTime: `${dateOf(1)}T02:00:00Z` });

      expect(end).toBe('ExecutionSucceeded');
      expect(states).toEqual([
        ...['Claim', 'Opened?', 'Arrive', 'Arrived?', 'Pull', 'Pulled', 'Compared', 'Changed?', 'Guard', 'Pass?'],
        ...['Publish', 'Committed', 'Notify', 'Tidy', 'Tidied', 'Published'],
      ]);
      // Pull's container compares as well.
      expect(states.map((name) => name.toLowerCase()).filter(isStep)).toEqual(
        stepNames.filter((step) => step !== 'diff'),
      );
      await lab.checkInvariants(deliveryOf(1));
      const objects = (await deployed.store.list('')).map(({ key }) => key.split('/').slice(0, 2).join('/'));
      const zones = ['changes', 'current', 'feeds', 'landing', 'receipts', 'snapshots'];
      expect([...new Set(objects)].sort()).toEqual(zones.map((zone) => `${zone}/shop`));
      const queued = await deployed.queued();
      expect(queued).toMatchObject([{ run: runOf(1), state: 'published', error: null }]);
      expect(deployed.posted).toEqual(queued);
      const texts = [JSON.stringify(events), await deployed.log()];
      for (const secret of deployed.secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }, 180_000);

    test('looks again when a date that is over is asked for', async () => {
      const { states } = await execute({ date: dateOf(1) });

      expect(states).toEqual(['Claim', 'Opened?', 'Look', 'Claim again', 'Opened?', 'Unchanged']);
    }, 180_000);

    test('is late without a delivery', async () => {
      const { states, end, error } = await execute({ date: dateOf(2) });

      expect({ end, error }).toEqual({ end: 'ExecutionFailed', error: 'LATE' });
      expect(states).toEqual(['Claim', 'Opened?', 'Arrive', 'Stop', 'Stopped?', 'Late']);
      expect(await lab.states()).toMatchObject({ [dateOf(2)]: 'late' });
      expect(await subjects()).toEqual([`nightfeed ${runOf(2)}: late (LATE)`]);
    }, 180_000);

    test('refuses what cannot be a delivery', async () => {
      lab.deliver(dateOf(2), deliveryOf(2));
      empty(join(lab.folder, 'vendor', dateOf(2), 'stock.csv'));

      const { states, end, error } = await execute({ date: dateOf(2) });

      expect({ end, error }).toEqual({ end: 'ExecutionFailed', error: 'EMPTY_FILE' });
      expect(states.slice(4)).toEqual(['Pull', 'Pulled', 'Stop', 'Stopped?', 'Refused']);
      expect(await deployed.queued()).toMatchObject([
        {
          run: runOf(2),
          state: 'refused',
          error: { name: 'EMPTY_FILE', message: expect.stringContaining('stock.csv') },
        },
      ]);
      await lab.checkInvariants(deliveryOf(1));
    }, 180_000);

    test('begins a task again that was killed in the middle', async () => {
      lab.deliver(dateOf(2), deliveryOf(2));
      const mark = join(lab.folder, 'killed');
      await deployed.meddle('intake', `if mkdir ${mark}; then export NIGHTFEED_FAIL_AT=diff.engine; fi`);

      const { states, events } = await execute({ date: dateOf(2) });

      expect(states.at(-1)).toBe('Published');
      const failures = events.flatMap(({ taskFailedEventDetails: failed }) => (failed ? [failed] : []));
      expect(failures).toMatchObject([
        { error: 'States.TaskFailed', cause: expect.stringContaining('"ExitCode": 137') },
      ]);
      await lab.checkInvariants(deliveryOf(2));
      expect(await subjects()).toEqual([`nightfeed ${runOf(2)}: published`]);
    }, 180_000);

    test('says beforehand what it would do', async () => {
      lab.deliver(dateOf(3), deliveryOf(3));

      const planned = await nightfeed('plan', '--date', dateOf(3));

      expect(planned, planned.stderr).toMatchObject({ code: 0, json: { run: runOf(3), state: 'published' } });
      await lab.checkInvariants(deliveryOf(2));
      expect(await subjects()).toEqual([]);
    }, 180_000);

    test('is released by the failure rule when its execution dies, and goes on in the next', async () => {
      const before = await lab.fingerprints();
      const pidFile = join(lab.folder, 'pid');
      await deployed.meddle('publish', `echo $$ > ${pidFile}; export NIGHTFEED_FAIL_AT=publish.staged:stop`);
      const died = await deployed.start({ date: dateOf(3) });
      const pid = await frozen(pidFile);

      await deployed.abort(died);

      await vi.waitFor(async () => expect(await lab.states()).toMatchObject({ [dateOf(3)]: 'failed' }), 40_000);
      expect(await deployed.ended(died)).toMatchObject({ end: 'ExecutionAborted' });
      expect(await deployed.queued()).toMatchObject([
        {
          run: runOf(3),
          state: 'failed',
          error: { name: 'EXECUTION_DIED', message: expect.stringContaining('ABORTED') },
        },
      ]);
      process.kill(pid, 'SIGCONT');
      await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), 20_000);
      expect(await lab.fingerprints()).toEqual(before);

      await deployed.meddle('publish', '');
      expect((await execute({ date: dateOf(3) })).states.at(-1)).toBe('Published');
      await lab.checkInvariants(deliveryOf(3));
      expect(await subjects()).toEqual([`nightfeed ${runOf(3)}: published`]);
    }, 180_000);

    test('holds, and goes on when somebody approved it on the command line', async () => {
      lab.deliver(dateOf(4), mostMissing(deliveryOf(4)));

      const { states, end } = await execute({ date: dateOf(4) });

      expect({ end, last: states.at(-1) }).toEqual({ end: 'ExecutionSucceeded', last: 'Held' });
      await lab.checkInvariants(deliveryOf(3));
      const approved = await nightfeed('approve', runOf(4), '--reason', 'seen');
      expect(approved, approved.stderr).toMatchObject({ code: 0, json: { run: runOf(4), state: 'published' } });
      await lab.checkInvariants(mostMissing(deliveryOf(4)));
      expect(await subjects()).toEqual([`nightfeed ${runOf(4)}: held`, `nightfeed ${runOf(4)}: published`]);
    }, 180_000);

    test('shows the rows that were rejected, and releases those that the deployed feed can read', async () => {
      const { products, stock } = mostMissing(deliveryOf(5));
      const [first, ...others] = products;
      const bad = { stock, products: [[first![0]!, first![1]!, ' 1.23', first![3]!], ...others] };
      lab.deliver(dateOf(5), bad);
      expect((await execute({ date: dateOf(5) })).states.at(-1)).toBe('Published');
      await subjects();

      const shown = await nightfeed('quarantine', 'show', runOf(5));
      expect(shown, shown.stderr).toMatchObject({
        code: 0,
        json: {
          run: runOf(5),
          more: false,
          rows: [{ table: 'products', code: 'FORMAT', column: 'price', key: first![0] }],
        },
      });
      const other = await nightfeed('quarantine', 'show', runOf(9));
      expect(other).toMatchObject({ code: 2, json: { error: { name: 'RUN_UNKNOWN' } } });
      const nothing = await nightfeed('quarantine', 'release', runOf(5));
      expect(nothing, nothing.stderr).toMatchObject({
        code: 0,
        json: { state: 'unchanged', released: { products: { records: 1, released: 0, rejected: { FORMAT: 1 } } } },
      });
      await deployed.meddle('release', `export NIGHTFEED_FEED=${await trimming(deployed.store)}`);

      const released = await nightfeed('quarantine', 'release', runOf(5), '--code', 'FORMAT');

      expect(released, released.stderr).toMatchObject({
        code: 0,
        json: { run: `${runOf(5)}-r2`, state: 'published', released: { products: { released: 1 } } },
      });
      expect(await subjects()).toEqual([`nightfeed ${runOf(5)}-r2: published`]);
      const history = await nightfeed('history');
      expect(history.json).toMatchObject({
        runs: expect.arrayContaining([
          expect.objectContaining({
            run: `${runOf(5)}-r2`,
            origin: {
              kind: 'release',
              run: runOf(5),
              table: null,
              code: 'FORMAT',
              by: expect.stringMatching(/^arn:aws:/),
            },
          }),
        ]),
      });
      const answered = await execute({ errand: 'release' });
      expect(answered.states.slice(-3)).toEqual(['Release', 'Cause?', 'Failed']);
    }, 300_000);

    test("is audited under rights that only read, and somebody else's change is found", async () => {
      const audited = await nightfeed('audit');

      expect(audited, audited.stderr).toMatchObject({
        code: 0,
        json: {
          tables: [{ table: 'products', agrees: true }, { agrees: true }],
          lake: { here: true, lost: [], ahead: [] },
        },
      });
      await lab.sql`UPDATE shop.stock SET quantity = quantity + 1 WHERE product = (SELECT min(product) FROM shop.stock)`;
      expect(await nightfeed('audit')).toMatchObject({
        code: 1,
        json: { tables: [{ agrees: true }, { table: 'stock', agrees: false }] },
      });
      await lab.sql`UPDATE shop.stock SET quantity = quantity - 1 WHERE product = (SELECT min(product) FROM shop.stock)`;
    }, 180_000);

    test('begins when an event says that a delivery came, once it is there whole', async () => {
      const event = async () => deployed.ended(await announce(aws, deployed.stage, source, dateOf(6)));

      const early = await event();
      lab.deliver(dateOf(6), mostMissing(deliveryOf(6)));
      const { end, states } = await event();

      expect(early.states).toEqual(['Claim', 'Opened?', 'Look', 'Claim again', 'Opened?', 'Awaited']);
      expect({ end, last: states.at(-1) }).toEqual({ end: 'ExecutionSucceeded', last: 'Published' });
      expect(states.slice(0, 6)).toEqual(['Claim', 'Opened?', 'Look', 'Claim again', 'Opened?', 'Arrive']);
      expect(await subjects()).toEqual([`nightfeed ${runOf(6)}: published`]);
      expect(await lab.states()).toMatchObject({ [dateOf(6)]: 'published' });
      const audited = await nightfeed('audit');
      expect(audited, audited.stderr).toMatchObject({ code: 0 });
    }, 180_000);

    test('has every right that it needed, and no other without a reason', async () => {
      const { denied, unused } = await auditRights(aws, deployed.stage, ['shop']);

      expect(denied).toEqual([]);
      const reasonOf = (right: string) => unusedRights.find(([pattern]) => pattern.test(right));
      expect(unused.filter((right) => !reasonOf(right))).toEqual([]);
      expect(unusedRights.filter((entry) => !unused.some((right) => reasonOf(right) === entry))).toEqual([]);
    }, 180_000);
  });
});

/** Key of a feed document that takes blanks away, as the next deployment would keep it. */
async function trimming(store: Store): Promise<string> {
  const [deployed] = await store.list('feeds/shop/');
  const feed = JSON.parse((await store.readText(deployed!.key))!);
  feed.tables.products.columns.price.trim = true;
  const mended = feedKeyOf(feed);
  await store.create(mended, canonicalJson(feed));
  return mended;
}

function isStep(name: string): boolean {
  return (stepNames as readonly string[]).includes(name);
}

/** Id of the process that wrote it there, as soon as it stands still. */
async function frozen(pidFile: string): Promise<number> {
  for (;;) {
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    if (pid > 0 && / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return pid;
    await sleep(50);
  }
}
