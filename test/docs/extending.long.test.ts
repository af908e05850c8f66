import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/postgres/postgres.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
/** The files of the page, by name. */
const files = new Map([...page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, code]) => [name!, code!]));

const MODIFIED = '2026-11-20T00:00:00.000Z';
const items = 'id,name\n1,chair\n2,table\n';
/** The last of 200 is none. */
const prices = `${Array.from(
  { length: 199 },
  (_, id) => `{"price": ${id}.5, "id": ${id}}
`,
).join('')}{"id": 199, "pri
`;

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
const received: unknown[] = [];
const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/hook') {
    received.push(JSON.parse(await text(request)));
    return void response.end();
  }
  if (request.headers.authorization !== 'Bearer token-of-the-shop') return void response.writeHead(401).end();
  const index = JSON.stringify(
    [items, prices].map((content) => ({
      name: content === items ? 'items.csv' : 'prices.jsonl',
      size: content.length,
      modified: MODIFIED,
    })),
  );
  const body = { '/2026-11-20/index.json': index, '/2026-11-20/items.csv': items, '/2026-11-20/prices.jsonl': prices }[
    request.url!
  ];
  response.writeHead(body === undefined ? 404 : 200).end(body);
}

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-extending-'));
  database = await freshDatabase();
  for (const [name, code] of files) {
    const here = code.replaceAll('nightfeed/extend', join(root, 'bin/embed.ts')).replaceAll('127.0.0.1:8080', address);
    await writeFile(join(folder, name), here);
  }
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
});

afterAll(async () => {
  server.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

test('the program of the page runs a night with its own source, format and notifier', async () => {
  const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const env = { NIGHTFEED_DATABASE_URL: database.url, SHOP_TOKEN: 'token-of-the-shop', SHOP_WEB_HOOK: hook };
  const { stdout } = await start(['run', 'feed.yaml', '--date', '2026-11-20', '--json'], env);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'published',
    tables: { items: { inserted: 2 }, prices: { inserted: 199 } },
  });
  expect(received).toMatchObject([{ run: 'shop/2026-11-20', state: 'published' }]);
});

test('its validate, schema and messages know the new kind', async () => {
  const { stdout } = await start(['validate', 'feed.yaml', '--json']);
  const { source } = JSON.parse(stdout) as { source: unknown };
  expect(source).toMatchObject({ kind: 'web', secrets: ['env:SHOP_TOKEN'] });
  expect((await start(['schema'])).stdout).toContain('A folder of a web server.');
  await writeFile(join(folder, 'wrong.yaml'), files.get('feed.yaml')!.replace('env:SHOP_TOKEN', 'hunter2'));
  const refusal = await start(['validate', 'wrong.yaml']).catch((error: { stderr: string }) => error);
  expect(refusal.stderr).toContain('wrong.yaml:3: source.web.token: expected env:NAME');
  expect(refusal.stderr).not.toContain('hunter2');
});

test('the code of the page fits the types', async () => {
  const config = {
    extends: join(root, 'tsconfig.json'),
    // Of the package they import a name; here a path, which is not to be rewritten.
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], rewriteRelativeImportExtensions: false },
    include: [],
    files: [...files.keys()].filter((name) => name.endsWith('.ts')),
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder]);
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const options = { cwd: folder, env: { PATH, HOME, ...env } };
  return promisify(execFile)(process.execPath, [join(folder, 'shop-feeds.ts'), ...args], options);
}
