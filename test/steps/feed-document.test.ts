import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newestMeaning } from '../../lib/core/expression/meaning.ts';
import { contentHash } from '../../lib/core/feed/reading-spec.ts';
import type { Store } from '../../lib/ports/store.ts';
import { keepFeed, readFeed } from '../../lib/steps/run/feed-document.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import { parseFeed } from '../support/parse-feed.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feeds-'));
  store = folderStore(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const feed = parseFeed(
  `feed: shop
source: {folder: "./inbox/{date}"}
tables:
  items: {files: items.csv, columns: {id: {type: bigint, key: true}, __proto__: text, price: "decimal(8,2)"}}
`,
  'feed.yaml',
);

/** Puts a document under the key that its content has. */
async function put(document: unknown): Promise<string> {
  const key = `feeds/shop/${contentHash(document).slice(0, 16)}.json`;
  await store.create(key, JSON.stringify(document));
  return key;
}

const changed = (change: object) => put({ ...JSON.parse(JSON.stringify(feed)), ...change });

test('a feed comes back as it was kept, and its document has no field that the feed has not', async () => {
  const key = `feeds/shop/${await keepFeed(feed, { store })}.json`;
  const read = await readFeed({ store }, key);
  expect(JSON.stringify(read)).toBe(JSON.stringify(feed));
  expect(await readFile(join(folder, key), 'utf8')).toBe(JSON.stringify(feed));
  expect(await keepFeed(read, { store })).toBe(/(\w+)\.json$/.exec(key)![1]);
});

test('an option of a source or a format that only others know passes', async () => {
  const key = await changed({ source: { pigeon: { loft: 4 } }, later: true });
  expect(await readFeed({ store }, key)).toMatchObject({ source: { pigeon: { loft: 4 } }, later: true });
});

test.each([
  ['OBJECT_NEWER', { version: 2, tables: null }, 'feed document of version 2; this one reads up to 1'],
  [
    'OBJECT_MALFORMED',
    { tables: { items: { files: 'items.csv' } } },
    'tables.items.format: expected an object, received nothing',
  ],
  [
    'OBJECT_NEWER',
    { tables: { items: { ...feed.tables.items, meaning: { reading: 99 } } } },
    `(feed document: tables.items.meaning.reading: expected at most ${newestMeaning}, received 99): upgrade`,
  ],
  ['OBJECT_MALFORMED', { target: { schema: 7 } }, 'target.schema: expected a text, received 7'],
  ['OBJECT_MALFORMED', { tables: [] }, 'tables: expected an object, received a list'],
])('%s: %j', async (name, change, message) => {
  const key = await changed(change);
  await expect(readFeed({ store }, key)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test.each(['null', '7', '[]'])('%s is no feed document, although its key is right', async (text) => {
  const key = await put(JSON.parse(text));
  await expect(readFeed({ store }, key)).rejects.toMatchObject({
    name: 'OBJECT_MALFORMED',
    message: expect.stringContaining(`${key} is not a valid feed document: expected an object`),
  });
});

test('a document that is not what its key says is damaged, and one that is gone is missing', async () => {
  const key = 'feeds/shop/0123456789abcdef.json';
  await expect(readFeed({ store }, key)).rejects.toMatchObject({ name: 'OBJECT_MISSING' });
  await store.create(key, JSON.stringify(feed));
  await expect(readFeed({ store }, key)).rejects.toMatchObject({ name: 'OBJECT_DAMAGED' });
});
