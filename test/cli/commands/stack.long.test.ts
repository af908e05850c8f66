import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CloudLab } from '../../support/aws/cloud-lab.ts';
import { ADA, stackFront } from '../../support/aws/stack-front.ts';
import { nightfeed as inWords } from '../../support/nights/command-line.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import { copyDatabase } from '../../support/postgres/postgres.ts';
import { dateOf, deliveryOf, mostMissing } from '../../support/vendors/night-vendor.ts';

const DAY = dateOf(3);
const RUN = `shop/${DAY}`;

const fork = labsAfter(2);

async function deployed(delivery = deliveryOf(3)) {
  const lab = await fork();
  lab.deliver(DAY, delivery);
  const cloud = new CloudLab(lab);
  await cloud.deploy();
  const environment = await stackFront(cloud);
  return { lab, environment, nightfeed: (...args: string[]) => lab.run(['--stack', 'dev-shop', ...args], environment) };
}

test('run follows the execution and ends as on a laptop', async () => {
  const { lab, nightfeed } = await deployed();

  const { code, json, stderr } = await nightfeed('run', '--date', DAY);

  expect(code, stderr).toBe(0);
  const steps = { claim: 1, arrive: 1, pull: 1, diff: 1, guard: 1, publish: 1, notify: 1, tidy: 1 };
  expect(json).toMatchObject({
    run: RUN,
    date: DAY,
    state: 'published',
    error: null,
    steps,
    tables: { products: { engine: expect.any(String) } },
  });
  expect(stderr.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(['claim', 'pull', 'publish']));
  await lab.checkInvariants(deliveryOf(3));

  expect(await nightfeed('run', '--date', DAY)).toMatchObject({ code: 0, json: { state: 'unchanged', date: DAY } });
  expect(await nightfeed('status')).toMatchObject({ code: 0, json: { runs: [{ run: RUN, state: 'published' }] } });
  expect(await nightfeed('history', '--limit', '2')).toMatchObject({
    json: { runs: [{ run: RUN }, { run: `shop/${dateOf(2)}` }] },
  });
  await lab.sql`INSERT INTO nightfeed.quarantine (feed, date, revision, table_name, code, rows) VALUES ('shop', ${DAY}, 1, 'stock', 'FORMAT', 7)`;
  expect(await nightfeed('quarantine', 'list', '--code', 'FORMAT')).toMatchObject({
    code: 0,
    json: { rows: 7, quarantine: [{ run: RUN, table: 'stock', code: 'FORMAT', rows: 7 }] },
  });
  expect(await nightfeed('quarantine', 'list', '--run', `shop/${dateOf(2)}`)).toMatchObject({ json: { rows: 0 } });
  expect(await nightfeed('quarantine', 'list', '--run', 'other/2026-11-20')).toMatchObject({ code: 2 });
});

test('without waiting it names the execution', async () => {
  const { nightfeed } = await deployed();

  expect(await nightfeed('run', '--date', DAY, '--no-wait')).toMatchObject({
    code: 0,
    json: { execution: expect.stringMatching(/^arn:aws:states:.*:0$/) },
  });
});

test('a hold is approved by whoever is signed in, and goes on', async () => {
  const { lab, environment, nightfeed } = await deployed(mostMissing(deliveryOf(3)));
  const held = await nightfeed('run', '--date', DAY);
  expect(held).toMatchObject({
    code: 3,
    json: { state: 'held', holds: expect.arrayContaining([expect.objectContaining({ guard: 'MASS_DELETE' })]) },
  });

  const { stdout } = await inWords(['--stack', 'dev-shop', 'run', '--date', DAY], environment);
  expect(stdout).toContain(`nightfeed --stack dev-shop approve ${RUN} --reason WHY`);

  expect(await nightfeed('approve', RUN, '--reason', 'seen', '--no-run')).toMatchObject({
    code: 0,
    json: { run: RUN, state: 'held' },
  });
  expect(await nightfeed('approve', RUN, '--reason', 'seen')).toMatchObject({
    code: 0,
    json: { run: RUN, state: 'published' },
  });

  await lab.checkInvariants(mostMissing(deliveryOf(3)));
  expect([...(await lab.sql`SELECT decided_by, reason FROM nightfeed.decision`)]).toEqual([
    { decided_by: ADA, reason: 'seen' },
  ]);
});

test('one guard of several is approved, and the rows are shown', async () => {
  const { nightfeed } = await deployed(mostMissing(deliveryOf(3)));
  await nightfeed('run', '--date', DAY);

  const detail = { state: 'held', open: ['ROWCOUNT_DROP', 'MASS_DELETE'] };
  expect(await nightfeed('status', RUN)).toMatchObject({ code: 0, json: { run: detail } });
  expect(await nightfeed('approve', RUN, '--guard', 'MASS_DELETE', '--reason', 'seen')).toMatchObject({
    code: 3,
    json: { run: RUN, state: 'held', open: ['ROWCOUNT_DROP'] },
  });
  expect(await nightfeed('status', RUN)).toMatchObject({
    json: {
      run: {
        open: ['ROWCOUNT_DROP'],
        decisions: [{ verdict: 'approved', guards: ['MASS_DELETE'], by: ADA }],
        samples: expect.arrayContaining([expect.objectContaining({ guard: 'MASS_DELETE', rows: expect.any(Array) })]),
      },
    },
  });
  expect(await nightfeed('status', 'other/2026-11-13')).toMatchObject({
    code: 2,
    json: { error: { name: 'RUN_UNKNOWN' } },
  });
  expect(await nightfeed('approve', RUN, '--guard', 'ROWCOUNT_DROP', '--reason', 'seen')).toMatchObject({
    code: 0,
    json: { run: RUN, state: 'published' },
  });
});

test('a hold is rejected, once', async () => {
  const { nightfeed } = await deployed(mostMissing(deliveryOf(3)));
  await nightfeed('run', '--date', DAY);

  expect(await nightfeed('reject', RUN, '--reason', 'wrong')).toMatchObject({
    code: 0,
    json: { run: RUN, state: 'rejected' },
  });
  expect(await nightfeed('reject', RUN, '--reason', 'wrong')).toMatchObject({
    code: 2,
    json: { error: { name: 'NOT_HELD' } },
  });
  expect(await nightfeed('reject', 'other/2026-11-13', '--reason', 'wrong')).toMatchObject({
    code: 2,
    json: { error: { name: 'RUN_UNKNOWN' } },
  });
  expect(await nightfeed('run', '--date', DAY)).toMatchObject({ code: 5, json: { state: 'rejected' } });
});

test('a night that stops says why, with its exit code', async () => {
  const { lab, nightfeed } = await deployed();
  lab.remove(DAY);

  expect(await nightfeed('run', '--date', DAY)).toMatchObject({
    code: 4,
    json: { run: RUN, state: 'late', error: { name: 'LATE' } },
  });
});

test('a night that opens no run has its error from the execution', async () => {
  const { lab, nightfeed } = await deployed();
  await lab.sql`UPDATE nightfeed.run SET state = 'running', published = NULL, ended_at = NULL, owner = '{"host": "x", "pid": 0, "started": ""}', lease = now() + interval '1 hour' WHERE date = ${dateOf(2)}`;

  expect(await nightfeed('run', '--date', DAY)).toMatchObject({
    code: 6,
    json: {
      run: null,
      state: 'running',
      error: { name: 'BUSY', message: expect.stringContaining(`shop/${dateOf(2)} is at work`) },
    },
  });
});

test('the plan comes from the plan task', async () => {
  const { lab, nightfeed } = await deployed();

  const planned = await nightfeed('plan', '--date', DAY);

  expect(planned).toMatchObject({
    code: 0,
    json: { run: RUN, state: 'published', tables: { products: { inserted: expect.any(Number) } } },
  });
  await lab.checkInvariants(deliveryOf(2));
});

test('audit says what it says on a laptop, with the commands of the pipeline', async () => {
  const { lab, nightfeed } = await deployed();
  await nightfeed('run', '--date', DAY);
  const here = await lab.run(['audit', join(lab.folder, 'feed.yaml')]);

  const fits = await nightfeed('audit');

  expect(fits, fits.stderr).toMatchObject({ code: 0, json: { feed: 'shop', lake: { here: true, next: [] } } });
  expect(fits.json).toEqual(here.json);
  await lab.sql`UPDATE shop.products SET name = 'mine' WHERE id = (SELECT min(id) FROM shop.products)`;
  expect(await nightfeed('audit')).toMatchObject({
    code: 1,
    json: { tables: [{ table: 'products', agrees: false }, { agrees: true }] },
  });
});

test('audit of a database that is older than the lake names the nights that the pipeline has to repeat', async () => {
  const { lab, nightfeed } = await deployed();
  await nightfeed('run', '--date', DAY);
  const older = await lab.fork(await copyDatabase((await fork()).database));
  onTestFinished(() => older.close());

  const { code, json } = await older.run(['--stack', 'dev-shop', 'audit'], await stackFront(new CloudLab(older)));

  const command = `: nightfeed run --stack dev-shop --date ${DAY}`;
  expect({ code, json }).toMatchObject({
    code: 1,
    json: { lake: { here: true, ahead: [RUN], next: [expect.stringContaining(command)] } },
  });
});

test('audit says of a night that was only planned that it may be no more than that', async () => {
  const { nightfeed } = await deployed();
  await nightfeed('plan', '--date', DAY);

  expect(await nightfeed('audit')).toMatchObject({
    code: 1,
    json: { lake: { ahead: [RUN], next: [expect.stringContaining('or they were only planned. Run these nights')] } },
  });
  await nightfeed('run', '--date', DAY);
  expect(await nightfeed('audit')).toMatchObject({ code: 0, json: { lake: { ahead: [], next: [] } } });
});

test('a date later than tomorrow is let through by whoever is signed in', async () => {
  const { lab, nightfeed } = await deployed();
  const ahead = ['run', '--date', '2962-11-20'];
  lab.deliver('2962-11-20', deliveryOf(3));

  expect(await nightfeed(...ahead)).toMatchObject({ code: 5, json: { error: { name: 'DATE_AHEAD' } } });
  expect(await nightfeed(...ahead, '--force', '--by', 'the chief', '--reason', 'fiscal year')).toMatchObject({
    code: 2,
    json: { error: { name: 'USAGE', message: expect.stringContaining('the identity that is signed in') } },
  });
  expect(await nightfeed(...ahead, '--force', '--reason', 'fiscal year')).toMatchObject({ code: 0 });

  const [row] = await lab.sql`SELECT forced FROM nightfeed.run WHERE date = '2962-11-20'`;
  expect(row?.forced).toMatchObject([{ error: 'DATE_AHEAD', by: ADA, reason: 'fiscal year' }]);
});

test('a stack that is not there is wrong use', async () => {
  const { lab } = await deployed();
  const environment = await stackFront(new CloudLab(lab));

  const absent = await lab.run(['status', '--stack', 'prod-shop'], environment);

  expect(absent).toMatchObject({
    code: 2,
    json: {
      error: { name: 'USAGE', message: expect.stringContaining('there is no function nightfeed-prod-shop-reader') },
    },
  });
});
