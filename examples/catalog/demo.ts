import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import postgres from 'postgres';
import { joinEmbeddedPostgres } from '../../lib/local/embedded-postgres/join.ts';
import { startFtpServer } from '../../test/support/vendors/ftp-server.ts';
import { deliver, type Night } from './vendor.ts';

/** Several nights of a product catalogue: a real FTP server, a real PostgreSQL, and the command line as anybody types it. */
const PRODUCTS = 200_000;
const PASSWORD = 'demo-only';
const cli = fileURLToPath(new URL('../../bin/nightfeed.ts', import.meta.url));

const home = mkdtempSync(join(tmpdir(), 'nightfeed-demo-'));
// Readable for the unprivileged user under whom PostgreSQL runs when we are root.
chmodSync(home, 0o755);
const vendorFolder = join(home, 'vendor');
deliver(join(vendorFolder, 'out', '2026-11-17'), { number: 1, products: PRODUCTS });
const ftp = await startFtpServer({ root: vendorFolder, users: { vendor: PASSWORD } });
const database = await joinEmbeddedPostgres({ home });
const sql = postgres(database.url, { max: 1, onnotice: () => {} });
const feed = join(home, 'feed.yaml');
writeFileSync(
  feed,
  readFileSync(new URL('feed.yaml', import.meta.url), 'utf8')
    .replace('port: 2121', `port: ${ftp.port}`)
    // This vendor writes its files at once, so that nobody has to watch a minute go by each night.
    .replace('stable: 60s', 'stable: 1s'),
);

let failures = 0;
try {
  await night('The first night: everything is new.', '2026-11-17', null, 0);
  await night(
    'A night with changes, new rows, and rows that the vendor took off its list.',
    '2026-11-18',
    { number: 2, products: PRODUCTS + 600 },
    0,
  );
  await night('The same delivery again: nothing is pulled, nothing is written.', '2026-11-18', null, 0);
  await night(
    "The vendor's upload broke off in the middle of a row.",
    '2026-11-19',
    { number: 3, products: PRODUCTS + 600, isCut: true },
    5,
  );
  await night('The vendor has sent it again.', '2026-11-19', { number: 3, products: PRODUCTS + 600 }, 0);
  await night(
    '40 % of the rows are missing. Nobody wants to explain that in the morning.',
    '2026-11-20',
    { number: 4, products: PRODUCTS + 600, missing: 0.4 },
    3,
  );
  await step(
    'Somebody looks at the numbers, calls the vendor, and approves.',
    ['approve', 'catalog/2026-11-20', '--by', 'ada', '--reason', 'the vendor closed its outlet'],
    0,
  );
  await step('What production holds agrees with what was proved, row by row.', ['audit', feed], 0);
  await step('All runs.', ['history'], 0);
  whereNext();
} finally {
  await sql.end();
  await database.leave();
  await ftp.close();
  rmSync(home, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function night(title: string, date: string, delivery: Night | null, expectedExit: number): Promise<void> {
  if (delivery) deliver(join(vendorFolder, 'out', date), delivery);
  await step(title, ['run', feed, '--date', date], expectedExit);
}

async function step(title: string, args: string[], expectedExit: number): Promise<void> {
  const shown = args
    .map((arg) => (arg === feed ? 'examples/catalog/feed.yaml' : /\s/.test(arg) ? `"${arg}"` : arg))
    .join(' ');
  process.stdout.write(`\n${styleText('bold', title)}\n${styleText('dim', `$ nightfeed ${shown}`)}\n`);
  const before = await rows();
  const exit = await run(args);
  const after = await rows();
  if (args[0] === 'run' || args[0] === 'approve')
    process.stdout.write(`  production before: ${before}\n  production after:  ${after}\n`);
  if (exit === expectedExit) return;
  failures += 1;
  process.stdout.write(styleText('red', `  expected exit code ${expectedExit}, got ${exit}\n`));
}

function run(args: string[]): Promise<number> {
  const { NIGHTFEED_DATABASE_URL: _own, ...inherited } = process.env;
  const env = { ...inherited, NIGHTFEED_HOME: home, CATALOG_FTP_PASSWORD: PASSWORD };
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

async function rows(): Promise<string> {
  const [exists] = await sql`SELECT to_regclass('catalog.products') IS NOT NULL AS yes`;
  if (!exists?.yes) return 'no tables';
  const [products] =
    await sql`SELECT count(*) FILTER (WHERE _gone_since IS NULL) AS live, count(*) FILTER (WHERE _gone_since IS NOT NULL) AS gone FROM catalog.products`;
  const [stock] = await sql`SELECT count(*) AS live FROM catalog.stock`;
  const number = (value: unknown) => Number(value).toLocaleString('en');
  return `${number(products?.live)} products live, ${number(products?.gone)} kept although gone; ${number(stock?.live)} stock rows`;
}

function whereNext(): void {
  process.stdout.write(`
${styleText('bold', 'Where to look next')}
  examples/catalog/feed.yaml   the whole description of this feed
  README.md                    a feed of your own in five minutes
  nightfeed plan FEED.yaml     what tonight would do, before it does it
`);
}
