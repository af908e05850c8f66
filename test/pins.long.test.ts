import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const OF_RDS = '/C=US/O=Amazon Web Services, Inc./OU=Amazon RDS/CN=Amazon RDS eu-west-1 Root CA RSA2048 G1';

let folder: string;
let server: Server;
let bundle: string;
let genuine: string;

/** A certificate that signs itself. */
async function authority(subject: string): Promise<string> {
  const args = [
    'req',
    '-x509',
    '-days',
    '2',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    '/dev/null',
    '-subj',
    subject,
  ];
  return (await run('openssl', args)).stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-pins-'));
  genuine = await authority(OF_RDS);
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    if (request.url === '/bundle') response.end(bundle);
    else if (request.url?.startsWith('/token?')) response.end(JSON.stringify({ token: 't' }));
    else if (request.headers.authorization !== 'Bearer t')
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="s",scope="a:b"` })
        .end();
    else response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function copyDockerfiles(): Promise<void> {
  await copyFile(join(root, 'bin/task.Dockerfile'), join(folder, 'Dockerfile'));
  await copyFile(join(root, 'Dockerfile'), join(folder, 'other.Dockerfile'));
}

async function pins(...more: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = ['Dockerfile', 'other.Dockerfile'].flatMap((name) => ['--dockerfile', join(folder, name)]);
  const args = ['--registry', address, '--bundle', `${address}/bundle`, ...files];
  return run(process.execPath, [join(root, '.ci/pins.ts'), ...args, ...more]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test('the pins of both images are renewed together, and nothing else in the Dockerfiles', async () => {
  await copyDockerfiles();
  const before = await readFile(join(folder, 'Dockerfile'), 'utf8');
  bundle = genuine;
  const sum = createHash('sha256').update(bundle).digest('hex');

  const asked = await pins();
  expect(asked).toMatchObject({ code: 1 });
  expect(asked.stdout).toContain(`base_image_digest: ${DIGEST}   # newer than sha256:`);
  expect(asked.stdout).toContain(`rds_bundle_sha256: ${sum}   # newer than `);
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(before);

  expect(await pins('--write')).toMatchObject({ code: 0 });
  const after = await readFile(join(folder, 'Dockerfile'), 'utf8');
  expect(after).toContain(`ARG BASE_DIGEST=${DIGEST}\n`);
  expect(after).toContain(`ARG RDS_BUNDLE_SHA256=${sum}\n`);
  const without = (text: string) => text.replace(/^ARG (BASE_DIGEST|RDS_BUNDLE_SHA256)=.*$/gm, '');
  expect(without(after)).toBe(without(before));
  expect(await readFile(join(folder, 'other.Dockerfile'), 'utf8')).toContain(`ARG BASE_DIGEST=${DIGEST}\n`);
  expect(await pins()).toMatchObject({ code: 0, stdout: expect.stringContaining('Both are as pinned.') });
});

test.each([
  [
    'an authority of somebody else',
    async () => genuine + (await authority('/O=Amazon Web Services, Inc./OU=Amazon S3/CN=Evil')),
  ],
  ['no authority', async () => '<html>Not here</html>'],
])('a bundle with %s is not taken', async (_title, made) => {
  await copyDockerfiles();
  bundle = await made();
  const { code, stderr } = await pins('--write');
  expect(stderr).toMatch(/^NOT CHECKED: .*expected authorities of Amazon RDS, received (none|.*CN=Evil)/);
  expect(code).toBe(2);
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(
    await readFile(join(root, 'bin/task.Dockerfile'), 'utf8'),
  );
});
