import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Secrets Manager's API over these secrets: for an SDK client, and for a process. */
export async function startVault(secrets: Readonly<Record<string, string>>) {
  const server = createServer(async (request, response) => {
    const { SecretId } = (await json(request)) as { SecretId: string };
    const SecretString = secrets[SecretId];
    const absent = { __type: 'ResourceNotFoundException', message: 'there is no such secret' };
    response.writeHead(SecretString === undefined ? 400 : 200);
    response.end(JSON.stringify(SecretString === undefined ? absent : { SecretString }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [region, accessKeyId, secretAccessKey] = ['eu-west-1', 'test', 'test'];
  return {
    config: { endpoint, region, credentials: { accessKeyId, secretAccessKey } },
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
  };
}
