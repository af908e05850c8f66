import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { s3Store } from '../../../lib/stores/s3/s3.ts';

const KEY = 'receipts/shop/a.json';
const denied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
const listed = (...keys: string[]) =>
  `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('')}</ListBucketResult>`;

/** The lake where S3 denies every object, and answers a listing like this. */
async function lakeThatDenies(listing: { status: number; body: string }) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const isListing = url.includes('list-type=2');
    response.writeHead(isListing ? listing.status : 403, { 'content-type': 'application/xml' });
    response.end(isListing ? listing.body : denied);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const lake = s3Store('lake', {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
  });
  return { lake, asked };
}

test.each([
  ['no key', listed()],
  ['only a longer key', listed(`${KEY}.bak`)],
])('an object that S3 denies is missing where its listing shows %s', async (_title, body) => {
  const { lake, asked } = await lakeThatDenies({ status: 200, body });
  expect(await lake.readText(KEY)).toBeNull();
  expect(asked.at(-1)).toContain(`prefix=${encodeURIComponent(KEY)}`);
});

test.each([
  ['shows it', { status: 200, body: listed(KEY) }],
  ['is denied too', { status: 403, body: denied }],
])('and is denied where its listing %s', async (_title, listing) => {
  const { lake } = await lakeThatDenies(listing);
  await expect(lake.readText(KEY)).rejects.toMatchObject({ name: 'STORE_DENIED' });
});
