import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { handler as arriveHandler } from '../../lambdas/arrive.lambda.ts';
import { handler as claimHandler } from '../../lambdas/claim.lambda.ts';
import { handler as ledger } from '../../lambdas/deployment/ledger.lambda.ts';
import { handler as migrateHandler } from '../../lambdas/deployment/migrate.lambda.ts';
import { handler as guardHandler } from '../../lambdas/guard.lambda.ts';
import { handler as notifyHandler } from '../../lambdas/notify.lambda.ts';
import { handler as operatorHandler } from '../../lambdas/operator.lambda.ts';
import { handler as outcomeHandler } from '../../lambdas/outcome.lambda.ts';
import { handler as stopHandler } from '../../lambdas/stop.lambda.ts';
import { proveCaller } from '../../lib/aws/caller.ts';
import { askedOf } from '../../lib/core/cloud/events.ts';
import { keys } from '../../lib/core/run/keys.ts';
import type { TaskName } from '../../lib/core/workflow/processes.ts';
import type { SharedProcess } from '../../lib/core/workflow/workflows.ts';
import { type Aws, describeAws } from '../support/aws/aws.ts';
import { context, type Deployed, deployTo, loginSecret, names } from '../support/aws/deployed-lab.ts';
import { NightLab } from '../support/nights/night-lab.ts';
import { dateOf, deliveryOf, mostMissing } from '../support/vendors/night-vendor.ts';

const migrate = migrateHandler;
const [arrive, claim, guard] = [as('arrive', arriveHandler), as('claim', claimHandler), as('guard', guardHandler)];
const [notify, operator] = [as('notify', notifyHandler), as('operator', operatorHandler)];
const [outcome, stop] = [as('outcome', outcomeHandler), as('stop', stopHandler)];

/** A function with the login of its kind. */
function as<Event, Answer>(name: string, handler: (event: Event, of: Context) => Promise<Answer>): typeof handler {
  return (event, of) => {
    const owner = process.env.NIGHTFEED_DATABASE_SECRET;
    process.env.NIGHTFEED_DATABASE_SECRET = loginSecret(name, process.env);
    return handler(event, of).finally(() => {
      process.env.NIGHTFEED_DATABASE_SECRET = owner;
    });
  };
}

const execution = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:${names.stateMachine}:${name}`;

await describeAws('functions and tasks', ['localstack'], (aws) => {
  test('a first night and a held one, each under its own login, through functions and containers', async () => {
    const { lab, deployed, log } = await deployment(aws);
    lab.deliver(dateOf(1), deliveryOf(1));

    const first = { run: `shop/${dateOf(1)}`, execution: execution('first') };
    expect(await claimed(first.execution, { date: dateOf(1) })).toEqual({ run: first.run, outcome: 'opened' });
    expect(await arrive(first, context)).toEqual({ outcome: 'arrived' });
    for (const [step, answer] of [
      ['pull', { outcome: 'pulled', engine: 'local' }],
      ['diff', { outcome: 'compared' }],
    ] as const)
      expect(await worked(deployed, step, first)).toEqual(answer);
    expect(await guard(first, context)).toEqual({ outcome: 'pass' });
    expect(await worked(deployed, 'publish', first)).toEqual({ outcome: 'published' });
    expect(await notify(first, context)).toEqual({ outcome: 'told', sent: 1 });
    expect(await worked(deployed, 'tidy', first)).toEqual({ outcome: 'tidied' });
    await lab.checkInvariants(deliveryOf(1));

    lab.deliver(dateOf(2), mostMissing(deliveryOf(2)));
    const second = { run: `shop/${dateOf(2)}`, execution: execution('second') };
    await claimed(second.execution, { scheduledTime: `${dateOf(2)}T02:00:00Z` });
    await arrive(second, context);
    expect(await worked(deployed, 'intake', second, 'pull')).toEqual({ outcome: 'pulled', engine: 'local' });
    expect(await outcome({ ...second, step: 'diff' }, context)).toEqual({ outcome: 'compared' });
    expect(await guard(second, context)).toEqual({ outcome: 'held' });

    const asked = askedOf(context.invokedFunctionArn, { command: 'approve', run: second.run, reason: 'seen' });
    const proof = await proveCaller(aws.client, asked);
    const approval = { command: 'approve', run: second.run, reason: 'seen', proof };
    expect(await operator(approval, context)).toMatchObject({
      run: second.run,
      state: 'held',
      by: expect.stringMatching(/^arn:aws:/),
    });
    await expect(operator({ ...approval, reason: 'another' }, context)).rejects.toMatchObject({
      name: 'USAGE',
      message: expect.stringContaining('not for this request'),
    });

    const third = { run: second.run, execution: execution('third') };
    expect(await claimed(third.execution, { resumes: second.run })).toEqual({ run: second.run, outcome: 'opened' });
    await arrive(third, context);
    for (const step of ['pull', 'diff'] as const) await worked(deployed, step, third);
    expect(await guard(third, context)).toEqual({ outcome: 'pass' });
    for (const step of ['publish', 'tidy'] as const) await worked(deployed, step, third);
    await notify(third, context);
    await lab.checkInvariants(mostMissing(deliveryOf(2)));

    expect(await operator({ command: 'show', execution: third.execution }, context)).toMatchObject({
      state: 'published',
      run: { date: dateOf(2) },
    });
    expect(await operator({ command: 'status' }, context)).toMatchObject({
      runs: [{ run: second.run, state: 'published' }],
    });
    expect(await operator({ command: 'history', limit: 9 }, context)).toMatchObject({
      runs: [{ run: second.run }, { run: first.run }],
    });
    expect(await operator({ command: 'about' }, context)).toEqual({
      stateMachine: `arn:aws:states:us-east-1:000000000000:stateMachine:${names.stateMachine}`,
    });
    await vi.waitFor(() =>
      expect(deployed.received.map(({ run, state }) => [run, state])).toEqual([
        [first.run, 'published'],
        [second.run, 'held'],
        [second.run, 'published'],
      ]),
    );
    await expectNoSecret(lab, deployed, log.join(''));
  });

  test('passwords stay from one deployment to the next until they are to be renewed, and the login of before goes', async () => {
    const { lab, deployed } = await deployment(aws);
    const before = await deployed.secrets();
    await migrate({ feed: deployed.feedKey }, context);
    expect(await deployed.secrets()).toEqual(before);

    await migrate({ feed: deployed.feedKey, renew: true }, context);

    const renewed = await deployed.secrets();
    expect(renewed.filter((password) => before.includes(password))).toEqual([before[0]]);
    expect(await operator({ command: 'status' }, context)).toEqual({ runs: [] });

    const name = `loader_${randomUUID().slice(0, 8)}`;
    await lab.sql.unsafe(`CREATE ROLE ${name} LOGIN; GRANT SELECT ON nightfeed.run TO ${name}`);
    settings({ NIGHTFEED_LOADER_SECRET: await deployed.secretOf(name) });
    expect(await migrate({ feed: deployed.feedKey, retire: true }, context)).toEqual({ done: [`${name} retired`] });
    const [role] = await lab.sql`SELECT rolcanlogin FROM pg_roles WHERE rolname = ${name}`;
    expect(role).toEqual({ rolcanlogin: false });
  });

  test('failures have the names that Step Functions catches, and no stack', async () => {
    await deployment(aws);
    const event = { run: `shop/${dateOf(1)}`, execution: execution('late') };
    await claimed(event.execution, { date: dateOf(1) });

    const late = await arrive(event, context).catch((error: Error) => error);

    expect(late).toMatchObject({ name: 'LATE', message: expect.stringContaining('no file yet for products') });
    expect((late as Error).stack).not.toContain('    at ');
    expect(await stop({ ...event, error: { Error: (late as Error).name, Cause: '{}' } }, context)).toEqual({
      state: 'late',
    });
    await expect(guard({ run: 'no run', execution: 'x' }, context)).rejects.toMatchObject({
      name: 'USAGE',
      message: 'run: expected a run such as catalog/2026-11-20',
    });
    await expect(claimed(execution('busy'), { resumes: `shop/${dateOf(5)}` })).rejects.toMatchObject({
      name: 'RUN_UNKNOWN',
    });
  });

  test('the plan of an execution says what the night would do, and changes nothing', async () => {
    const { lab, deployed } = await deployment(aws);
    lab.deliver(dateOf(1), deliveryOf(1));
    const event = { run: `shop/${dateOf(1)}`, execution: execution('plan') };

    expect(await claimed(event.execution, { date: dateOf(1), plan: true })).toEqual({
      run: event.run,
      outcome: 'plan',
    });
    expect(await operator({ command: 'planned', execution: event.execution }, context)).toBeNull();
    expect((await deployed.task('plan', event.run, event.execution)).code).toBe(0);

    expect(await operator({ command: 'planned', execution: event.execution }, context)).toMatchObject({
      state: 'published',
      tables: { products: { inserted: deliveryOf(1).products.length } },
    });
    expect(await lab.sql`SELECT FROM nightfeed.run`).toHaveLength(0);
  });

  test('rows are released only for who proves to be somebody, under the name of an errand that the operator left', async () => {
    const { deployed } = await deployment(aws);
    const run = `shop/${dateOf(1)}`;
    const release = { command: 'release', run, code: 'FORMAT' } as const;
    const proof = await proveCaller(aws.client, askedOf(context.invokedFunctionArn, release));

    for (const forged of [
      { ...release, proof: {} },
      { ...release, code: 'SCALE', proof },
      { ...release, table: 'stock', proof },
    ])
      await expect(operator(forged, context)).rejects.toMatchObject({
        name: 'USAGE',
        message: expect.stringContaining('not for this request'),
      });
    await expect(operator({ ...release, run: 'other/2026-11-20', proof }, context)).rejects.toMatchObject({
      name: 'RUN_UNKNOWN',
    });
    expect(await deployed.store.list('errands/')).toEqual([]);

    const { errand } = (await operator({ ...release, proof }, context)) as { errand: string };
    const event = { run, execution: execution(errand) };
    expect(await claimed(event.execution, { errand: 'release' })).toMatchObject({ outcome: 'release' });
    expect(await operator({ command: 'answer', execution: event.execution }, context)).toBeNull();
    expect(JSON.parse((await deployed.store.readText(keys.errand('shop', errand)))!)).toMatchObject({
      kind: 'release',
      by: expect.stringMatching(/^arn:aws:/),
    });
    // Nobody asked for these two.
    for (const [kind, name] of [
      ['release', randomUUID()],
      ['show', errand],
    ] as const)
      expect(await deployed.task(kind, run, execution(name))).toMatchObject({
        code: 1,
        log: expect.stringContaining(`this execution was started to ${kind}`),
      });
    expect((await deployed.task('release', run, event.execution)).code).toBe(0);
    expect(await operator({ command: 'answer', execution: event.execution }, context)).toMatchObject({
      result: { state: 'unchanged', released: {} },
    });
  });

  test('a task that is killed is begun again, and one that cannot work says so by its exit', async () => {
    const { lab, deployed } = await deployment(aws);
    lab.deliver(dateOf(1), deliveryOf(1));
    const event = { run: `shop/${dateOf(1)}`, execution: execution('killed') };
    await claimed(event.execution, { date: dateOf(1) });
    await arrive(event, context);

    const killed = await deployed.task('pull', event.run, event.execution, { NIGHTFEED_FAIL_AT: 'pull.bytes' });
    expect(killed.code).not.toBe(0);
    await expect(outcome({ ...event, step: 'pull' }, context)).rejects.toMatchObject({ name: 'UNFORESEEN' });
    expect(await worked(deployed, 'pull', event)).toEqual({ outcome: 'pulled', engine: 'local' });

    const lost = await deployed.task('diff', event.run, event.execution, { NIGHTFEED_DATABASE_SECRET: 'absent' });
    expect(lost).toMatchObject({ code: 1, log: expect.stringContaining('SECRET_MISSING') });
    expect((await deployed.task('dif' as TaskName, event.run, event.execution)).code).toBe(1);
  });
});

async function deployment(aws: Aws): Promise<{ lab: NightLab; deployed: Deployed; log: string[] }> {
  const lab = await NightLab.open();
  onTestFinished(() => lab.close());
  lab.deliver('empty', deliveryOf(1));
  const deployed = await deployTo(aws, lab);
  const log: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => log.push(String(chunk)) > 0);
  onTestFinished(() => write.mockRestore());
  settings(deployed.environment);
  await ledger({}, context);
  const { done } = await migrate({ feed: deployed.feedKey }, context);
  expect(done).toContain('table shop.products');
  await migrate({ feed: deployed.feedKey }, context);
  return { lab, deployed, log };
}

/** As Lambda sets a function's environment. */
function settings(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function claimed(name: string, input: object): ReturnType<typeof claim> {
  return claim({ input, execution: name, started: `${dateOf(1)}T02:00:00.000Z` }, context);
}

/** A task, and then the function that says what came of it. */
async function worked<Name extends TaskName | SharedProcess>(
  deployed: Deployed,
  name: Name,
  event: { run: string; execution: string },
  ...[step]: Name extends TaskName ? [] : [TaskName]
): Promise<unknown> {
  const { code, log } = await deployed.task(name, event.run, event.execution);
  expect(code, log).toBe(0);
  for (const secret of await deployed.secrets()) expect(log).not.toContain(secret);
  return outcome({ ...event, step: step ?? (name as TaskName) }, context);
}

async function expectNoSecret(lab: NightLab, { store, secrets }: Deployed, log: string): Promise<void> {
  const ledger =
    await lab.sql`SELECT to_jsonb(r)::text AS text FROM nightfeed.run AS r UNION ALL SELECT to_jsonb(o)::text FROM nightfeed.outbox AS o`;
  const texts = [log, ...ledger.map((row) => String(row.text))];
  for (const { key } of await store.list('')) {
    const chunks: Buffer[] = [];
    for await (const chunk of store.read(key)) chunks.push(chunk as Buffer);
    texts.push(key + Buffer.concat(chunks).toString('latin1'));
  }
  for (const secret of await secrets()) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
}
