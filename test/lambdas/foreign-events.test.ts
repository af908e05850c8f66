import type { Context } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as functions from '../../lambdas/index.ts';
import * as vendorFunctions from '../../lambdas/vendor.ts';
import { operatorEvent, readerEvent } from '../../lib/core/cloud/events.ts';

const lambdas = { ...functions, ...vendorFunctions };

/** What an account's functions could be told by whoever may invoke one: about other feeds, and by other executions. */
const opened = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../lambdas/compose.ts', () => ({
  withPorts: async () => {
    opened.times += 1;
  },
  withMorePorts: async () => {
    opened.times += 1;
  },
  setting: (name: string) => (name === 'stage' ? 'prod' : 'feeds/shop/0123456789abcdef.json'),
  log: () => {},
  startLog: () => {},
}));

const ACCOUNT = 'eu-west-1:123456789012';
const OWN = `arn:aws:states:${ACCOUNT}:execution:nightfeed-prod-shop-night:one`;
const started = '2026-11-20T02:00:00Z';
const run = 'shop/2026-11-20';

const foreignRuns = ['other/2026-11-20', 'shop-two/2026-11-20', 'sho/2026-11-20'];
const foreignExecutions = [
  OWN.replace('shop-night', 'other-night'),
  OWN.replace('prod-shop', 'dev-shop'),
  OWN.replace('123456789012', '210987654321'),
  OWN.replace('eu-west-1', 'us-east-1'),
  OWN.replace('night:one', 'night-two:one'),
  `${OWN}:more`,
  OWN.slice(0, -3),
  // The owner of a laptop's runs is the name of its host.
  'adas-laptop',
];
const foreignDocuments = ['feeds/other/0123456789abcdef.json', 'feeds/shop-two/0123456789abcdef.json'];

const steps = ['look', 'arrive', 'guard', 'notify', 'outcome'] as const;
const ofStep = steps.flatMap((name) => [
  ...foreignRuns.map((foreign) => [name, { run: foreign, execution: OWN, step: 'pull' }] as const),
  ...foreignExecutions.map((foreign) => [name, { run, execution: foreign, step: 'pull' }] as const),
]);
const ofClaim = [
  ...foreignExecutions.map((execution) => ({ input: {}, execution, started })),
  ...foreignRuns.flatMap((foreign) => [
    { input: { resumes: foreign }, execution: OWN, started },
    { input: {}, execution: OWN, started, looked: { run: foreign, outcome: 'new' } },
  ]),
  ...foreignDocuments.map((feed) => ({ input: { feed }, execution: OWN, started })),
].map((event) => ['claim', event] as const);
const ofStop = [
  ...foreignRuns.map((foreign) => ({ run: foreign, execution: OWN, state: 'unchanged' })),
  ...foreignExecutions.flatMap((execution) => [
    { execution, error: { Error: 'LATE' } },
    { detail: { executionArn: execution, status: 'FAILED' } },
  ]),
].map((event) => ['stop', event] as const);
const ofMigrate = foreignDocuments.map((feed) => ['migrate', { feed }] as const);

/** Each command of the operator that names a run or an execution, with a foreign one. */
const sample = { limit: 1, reason: 'why', proof: {}, date: '2026-11-20' };
const ofOperator = operatorEvent.options.flatMap(({ shape }) => {
  const event = { ...sample, command: shape.command.value };
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  return [
    ...('run' in shape ? foreignRuns.map((foreign) => ({ ...event, run: foreign })) : []),
    ...('execution' in shape
      ? foreignExecutions
          .filter((arn) => arn.endsWith(':one'))
          .map((arn) => ({ ...event, execution: arn.replace(/one$/, uuid) }))
      : []),
  ].map((each) => ['operator', each] as const);
});
const asks = new Set<string>(readerEvent.options.map(({ shape }) => shape.command.value));
const ofReader = ofOperator.filter(([, { command }]) => asks.has(command)).map(([, each]) => ['reader', each] as const);

const contextOf = (name: string) =>
  ({ invokedFunctionArn: `arn:aws:lambda:${ACCOUNT}:function:nightfeed-prod-shop-${name}:live` }) as Context;

test.each([...ofStep, ...ofClaim, ...ofStop, ...ofMigrate, ...ofOperator, ...ofReader])(
  '%s refuses %o',
  async (name, event) => {
    opened.times = 0;
    await expect(lambdas[name](event, contextOf(name))).rejects.toMatchObject({
      name: 'RUN_UNKNOWN',
      message: expect.stringMatching(/^this pipeline's/),
    });
    expect(opened.times).toBe(0);
  },
);

test.each(operatorEvent.options.map(({ shape }) => shape.command.value).filter((command) => !asks.has(command)))(
  'the reader takes no %s',
  async (command) => {
    opened.times = 0;
    const event = { ...sample, command, run, execution: OWN };
    await expect(lambdas.reader(event, contextOf('reader'))).rejects.toMatchObject({ name: 'USAGE' });
    expect(opened.times).toBe(0);
  },
);

test('every command of the operator that names something is among them', () => {
  const named = operatorEvent.options.filter(({ shape }) => 'run' in shape || 'execution' in shape);
  const tried = new Set(ofOperator.map(([, { command }]) => command));
  expect([...tried].sort()).toEqual(named.map(({ shape }) => shape.command.value).sort());
  expect(tried.size).toBeGreaterThan(7);
});

test.each([
  ['look', { run, execution: OWN }],
  ['arrive', { run, execution: OWN }],
  ['claim', { input: { resumes: run }, execution: OWN, started }],
  ['stop', { detail: { executionArn: OWN, status: 'FAILED' } }],
  ['operator', { command: 'show', execution: OWN }],
  ['reader', { command: 'show', execution: OWN }],
] as const)('%s takes its own', async (name, event) => {
  opened.times = 0;
  await lambdas[name](event, contextOf(name));
  expect(opened.times).toBe(1);
});

test('deploy puts no document of another feed into the lake', async () => {
  const told: string[] = [];
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    told.push(JSON.parse(body).Reason);
    return new Response();
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const properties = { assets: 'assets', document: 'document', migrate: 'migrate' };

  for (const feed of [...foreignDocuments, 'landing/shop/2026-11-20'])
    await lambdas.deploy({ RequestType: 'Create', ResourceProperties: { ...properties, feed } } as never);

  expect(told).toEqual([
    ...foreignDocuments.map((feed) => expect.stringContaining(`not ${feed}`)),
    expect.stringContaining('expected the key of a feed document'),
  ]);
});

test.each([
  ['feeds/shop/../other/0123456789abcdef.json'],
  ['landing/shop/2026-11-20/a1/products/part-00000.csv.zst'],
  ['feeds/shop/0123.json'],
])('migrate takes no %s for a document', async (feed) => {
  await expect(lambdas.migrate({ feed }, contextOf('migrate'))).rejects.toMatchObject({ name: 'USAGE' });
});
