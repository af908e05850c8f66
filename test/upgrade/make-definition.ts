import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `node test/upgrade/make-definition.ts CHECKOUT`; see README.md beside this. */
const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error('usage: make-definition.ts CHECKOUT');
const commit = execFileSync('git', ['-C', checkout, 'rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' }).trim();
const folder = await mkdtemp(join(tmpdir(), 'definition-'));

const feed = `feed: shop
source: {ftp: {host: 127.0.0.1, user: vendor, password: "secret:vendor", path: "/{date}"}}
tables: {products: {files: products.csv, columns: {id: {type: integer, key: true}}}}
`;
const config = { stage: 'prod', region: 'eu-west-1', feeds: [{ file: 'feed.yaml' }], recipients: ['a@example.com'] };
await writeFile(join(folder, 'feed.yaml'), feed);
await writeFile(join(folder, 'nightfeed.config.yaml'), JSON.stringify(config));
execFileSync(join(checkout, 'node_modules/.bin/node'), [join(checkout, 'bin/app.ts')], {
  cwd: checkout,
  env: {
    PATH: `${join(checkout, 'node_modules/.bin')}:${process.env.PATH}`,
    HOME: folder,
    CDK_OUTDIR: join(folder, 'cdk.out'),
    NIGHTFEED_CONFIG: join(folder, 'nightfeed.config.yaml'),
  },
});
const path = join(folder, 'cdk.out', 'nightfeed-prod-Pipeline-shop.template.json');
const { definitionOf } = await import(join(resolve(checkout), 'test/infra/asl.ts'));
const { default: template } = await import(path, { with: { type: 'json' } });
const into = resolve(import.meta.dirname, 'definitions');
await mkdir(into, { recursive: true });
await writeFile(join(into, `${commit}.json`), `${JSON.stringify(definitionOf(template), null, 1)}\n`);
await rm(folder, { recursive: true });
