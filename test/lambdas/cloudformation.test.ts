import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { customResource } from '../../lambdas/deployment/cloudformation.ts';

let server: Server;
/** Of the stack, as CloudFormation describes it. */
let status: string;
let answers: { type: string | undefined; body: unknown }[];
beforeEach(async () => {
  answers = [];
  status = 'UPDATE_IN_PROGRESS';
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    if (request.method === 'POST') return void response.end(`<StackStatus>${status}</StackStatus>`);
    answers.push({ type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}/`);
  for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'eu-west-1');
});
afterEach(() => void vi.unstubAllEnvs());
afterEach(() => new Promise((resolve) => server.close(resolve)));

const ids = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Feed' };

function eventOf(RequestType: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent {
  const { port } = server.address() as AddressInfo;
  return {
    RequestType,
    ...ids,
    ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'catalog' }),
    ResponseURL: `http://127.0.0.1:${port}/answer?signature=s`,
    ResourceProperties: { ServiceToken: 'arn', feed: 'feeds/catalog/0.json' },
  } as unknown as CloudFormationCustomResourceEvent;
}

test.each(['Create', 'Update'] as const)('%s does the work and answers with its id', async (type) => {
  const seen: unknown[] = [];
  const handler = customResource(async (properties) => {
    seen.push((properties as { feed: string }).feed);
    return { id: 'catalog' };
  });
  await handler(eventOf(type));
  expect(seen).toEqual(['feeds/catalog/0.json']);
  expect(answers).toEqual([{ type: '', body: { Status: 'SUCCESS', PhysicalResourceId: 'catalog', ...ids } }]);
});

test('what goes wrong fails the deployment with its name and words', async () => {
  const failing = customResource(async () => {
    throw Object.assign(new Error('a table of that name is not ours'), { name: 'TABLE_EXISTS' });
  });
  await failing(eventOf('Create'));
  await failing(eventOf('Update'));
  const failed = { Status: 'FAILED', Reason: 'TABLE_EXISTS: a table of that name is not ours', ...ids };
  expect(answers.map(({ body }) => body)).toEqual([
    { ...failed, PhysicalResourceId: 'none' },
    // The old resource stays what it is.
    { ...failed, PhysicalResourceId: 'catalog' },
  ]);
});

test('what goes wrong while a deployment is taken back is said, and does not stop it', async () => {
  const failing = customResource(async () => {
    throw Object.assign(new Error('the column has another type'), { name: 'MIGRATION_NEEDED' });
  });
  status = 'UPDATE_ROLLBACK_IN_PROGRESS';
  await failing(eventOf('Update'));
  const Reason = 'MIGRATION_NEEDED: the column has another type';
  expect(answers).toEqual([{ type: '', body: { Status: 'SUCCESS', Reason, PhysicalResourceId: 'catalog', ...ids } }]);
});

test.each([
  ['Create', {}],
  ['Update', { again: true }],
] as const)('the work knows whether the resource was there before: %s', async (type, again) => {
  const seen: unknown[] = [];
  const handler = customResource(async (_properties, known) => {
    seen.push(known);
    return { id: 'catalog' };
  });
  await handler(eventOf(type));
  expect(seen).toEqual([again]);
});

test('a long reason is cut: CloudFormation takes no longer answer, and would wait for another', async () => {
  const failing = customResource(async () => {
    throw new Error(`\u009b${'ALTER TABLE;\n'.repeat(10_000)}`);
  });
  await failing(eventOf('Create'));
  const { Reason } = answers[0]!.body as { Reason: string };
  expect(Reason).toMatch(/^Error: \\u\{9b\}ALTER TABLE;\nALTER/);
  expect(Buffer.byteLength(JSON.stringify(answers[0]!.body))).toBeLessThan(4096);
});

test('a feed that is removed keeps what it has', async () => {
  const untouched = customResource(async () => {
    throw new Error('nothing is to be done');
  });
  await untouched(eventOf('Delete'));
  expect(answers.map(({ body }) => body)).toEqual([{ Status: 'SUCCESS', PhysicalResourceId: 'catalog', ...ids }]);
});
