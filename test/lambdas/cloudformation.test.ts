import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { customResource } from '../../lambdas/cloudformation.ts';

let server: Server;
let answers: { type: string | undefined; body: unknown }[];
beforeEach(async () => {
  answers = [];
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    answers.push({ type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
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
