import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { callerOf, functionArnOf, proveCaller } from '../../lib/aws/caller.ts';

const ADA = 'arn:aws:sts::123456789012:assumed-role/Operators/ada@example.com';
const OPERATOR = 'arn:aws:lambda:eu-west-1:123456789012:function:nightfeed-dev-shop-operator';
const asked = { operator: OPERATOR, command: 'approve', run: 'shop/2026-11-20', reason: 'seen' };
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-secret', sessionToken: 'session' };
const client = { region: 'eu-west-1', credentials };

async function sts(status = 200) {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ headers: request.headers, body });
    response.writeHead(status).end(`<GetCallerIdentityResponse><Arn>${ADA}</Arn></GetCallerIdentityResponse>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    requests,
    place: {
      region: 'eu-west-1',
      account: '123456789012',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    },
  };
}

test('the signer of the request is who asks, and his secret does not travel', async () => {
  const { requests, place } = await sts();
  const proof = await proveCaller(client, asked);

  expect(await callerOf({ ...proof, 'x-forwarded-for': 'somebody' }, asked, place)).toBe(ADA);

  expect(requests[0]!.body).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  expect(requests[0]!.headers).toMatchObject({ 'x-amz-security-token': 'session', authorization: proof.authorization });
  expect(requests[0]!.headers).not.toHaveProperty('x-forwarded-for');
  expect(JSON.stringify(proof)).not.toContain('canary-secret');
});

test('a proof is good for one decision', async () => {
  const { requests, place } = await sts();
  const proof = await proveCaller(client, asked);
  const other = { ...asked, run: 'shop/2026-11-21' };
  const inRegion = { ...asked, operator: OPERATOR.replace('eu-west-1', 'us-east-1') };
  const inAccount = { ...asked, operator: OPERATOR.replace('123456789012', '210987654321') };
  const { 'x-nightfeed-request': binding } = await proveCaller(client, other);
  const unsigned = proof.authorization!.replace(/;x-nightfeed-request/, '');

  for (const [forged, question] of [
    [proof, other],
    [proof, inRegion],
    [proof, inAccount],
    [{}, asked],
    [{ ...proof, authorization: unsigned }, asked],
    [{ ...proof, authorization: `${unsigned}, ;x-nightfeed-request` }, asked],
    [{ ...proof, authorization: unsigned.replace(/(SignedHeaders=[^,]+)/, '$1,;x-nightfeed-request') }, asked],
  ] as const)
    await expect(callerOf(forged, question, place)).rejects.toMatchObject({
      name: 'USAGE',
      message: expect.stringContaining('not for this request'),
    });

  expect(requests).toEqual([]);
  // STS itself refuses a changed header: it is signed.
  expect(proof.authorization).toContain('x-nightfeed-request, Signature=');
  expect(binding).not.toBe(proof['x-nightfeed-request']);
});

test('an identity of another account proves nothing: there anybody calls himself anything', async () => {
  const { place } = await sts();

  await expect(
    callerOf(await proveCaller(client, asked), asked, { ...place, account: '210987654321' }),
  ).rejects.toMatchObject({ name: 'USAGE', message: expect.stringContaining('is not of the account 210987654321') });
});

test('the command line knows the ARN of a function from STS, and not from a function', async () => {
  const { requests, place } = await sts();

  expect(await functionArnOf('nightfeed-dev-shop-operator', client, place.endpoint)).toBe(OPERATOR);

  // Nobody could take it for the proof of anything.
  const binding = requests[0]!.headers['x-nightfeed-request'];
  expect(binding).not.toBe((await proveCaller(client, asked))['x-nightfeed-request']);
});

test('what STS does not accept proves nothing', async () => {
  const { place } = await sts(403);

  await expect(callerOf(await proveCaller(client, asked), asked, place)).rejects.toMatchObject({
    name: 'USAGE',
    message: 'who asks is not proved: STS answered 403',
  });
});
