import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

const DATE = '2026-11-20';
const inShop = 'target: {schema: shop}\n';

interface Check {
  readonly area: string;
  readonly verdict: string;
  readonly found: string;
  readonly error: string | null;
  readonly hint: string | null;
}

async function deskWith(feed = feedText() + inShop) {
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  await desk.deliver(DATE, ['1,one,1.00', '2,two,2.00']);
  return desk;
}

async function examined(desk: PriceDesk, ...more: string[]) {
  const { code, answer, stderr } = await desk.ask('doctor', desk.feed, '--date', DATE, ...more);
  const checks: Check[] = answer.checks;
  return { code, answer, stderr, checks, failed: checks.filter(({ verdict }) => verdict === 'fail') };
}

/** A role that may log in, and nothing else; roles are the whole server's. */
async function weakRole(desk: PriceDesk): Promise<string> {
  const role = `weak_${randomBytes(4).toString('hex')}`;
  await desk.sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
  onTestFinished(async () => {
    await desk.sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  return role;
}

const urlAs = (desk: PriceDesk, username: string) =>
  Object.assign(new URL(desk.url), { username, password: 'weak' }).href;

test('the GRANTs that it prints are all that a role needs to publish a night', async () => {
  const desk = await deskWith();
  expect(await desk.ask('migrate', desk.feed)).toMatchObject({ code: 0 });
  const role = await weakRole(desk);
  desk.commandUrl = urlAs(desk, role);

  const before = await examined(desk);
  expect(before).toMatchObject({ code: 1, answer: { healthy: false, feed: 'shop', date: DATE } });
  expect(before.failed).toMatchObject([{ area: 'database', error: 'DATABASE_REFUSED' }]);
  const [, ...grants] = before.failed[0]!.hint!.split('\n');
  for (const grant of grants) await desk.sql.unsafe(grant);

  expect(await examined(desk)).toMatchObject({ code: 0, answer: { healthy: true } });
  const night = await desk.night(DATE);
  expect(night.answer, night.stderr).toMatchObject({ state: 'published', tables: { prices: { inserted: 2 } } });
  expect(await examined(desk)).toMatchObject({ code: 0 });
});

test('a right of each kind that is taken is named with the GRANT', async () => {
  const desk = await deskWith();
  await desk.publish(DATE, ['1,one,1.00']);
  const role = await weakRole(desk);
  desk.commandUrl = urlAs(desk, role);
  const [, loader] = /^```sql loader\n(.*?)^```/ms.exec(
    readFileSync(new URL('../../../docs/vm.md', import.meta.url), 'utf8'),
  )!;
  await desk.sql.unsafe(loader!.replaceAll(/\bloader\b/g, role));

  for (const right of [
    'USAGE ON SCHEMA "shop"',
    'CREATE ON SCHEMA "nightfeed_stage"',
    'SELECT ON "nightfeed"."run"',
    'UPDATE ("history") ON "nightfeed"."target_table"',
    'EXECUTE ON FUNCTION "nightfeed"."note_run"',
    'DELETE ON "shop"."prices"',
  ]) {
    await desk.sql.unsafe(`REVOKE ${right} FROM ${role}`);
    const grant = `GRANT ${right} TO "${role}";`;
    expect((await examined(desk)).failed, right).toMatchObject([{ hint: `Have the owner type:\n${grant}` }]);
    await desk.sql.unsafe(grant);
  }
});

test('a table of that name that is somebody else’s, and a delivery that does not fit the feed file', async () => {
  const desk = await deskWith(feedText());
  await desk.sql.unsafe('CREATE TABLE public.prices (id integer)');
  await desk.put(DATE, 'prices.csv', ['id,title', '1,one']);

  const { code, failed } = await examined(desk);
  expect(failed).toMatchObject([
    { area: 'source', error: 'HEADER_MISMATCH' },
    { area: 'database', error: 'TABLE_EXISTS', hint: expect.stringContaining('nightfeed adopt') },
  ]);
  expect(code).toBe(5);
  expect(await desk.sql`SELECT FROM pg_namespace WHERE nspname = 'nightfeed'`).toHaveLength(0);
});

test('a feed file that is not valid is the only check, and exits with 2', async () => {
  const desk = await deskWith('feed: shop\n');
  expect(await examined(desk)).toMatchObject({
    code: 2,
    answer: { feed: null, date: null, healthy: false },
    checks: [{ area: 'feed', error: 'FEED_INVALID' }],
  });
});

test('a home that cannot be used stops neither the feed file nor the source', async () => {
  const desk = await deskWith();
  await writeFile(desk.home, 'a file');
  const { failed, checks } = await examined(desk);
  expect(failed.map(({ area }) => area)).toContain('lake');
  expect(checks.filter(({ area, verdict }) => area === 'source' && verdict === 'ok').length).toBeGreaterThan(2);
});

test('a server that takes the connection and says nothing is given up, and the secret for it is never shown', async () => {
  const server = await silentServer();
  const source = `{ftp: {host: 127.0.0.1, port: ${server.port}, user: shop, password: "env:SHOP_PASSWORD", tls: none, path: /out}}`;
  const desk = await deskWith(feedText().replace('{folder: "./inbox/{date}"}', source));
  const { stdout, stderr, code } = await desk.run(['doctor', desk.feed, '--json'], { SHOP_PASSWORD: 'hunter2' });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).checks.find(({ area }: Check) => area === 'source').error).toMatch(/^SOURCE_/);
  expect(stdout + stderr).not.toContain('hunter2');
});

test('a database that takes the connection and says nothing is given up, and lake and engine are looked at', async () => {
  const server = await silentServer();
  const desk = await deskWith();
  desk.commandUrl = `postgres://loader:x@127.0.0.1:${server.port}/warehouse?connect_timeout=2`;
  const begun = performance.now();
  const { failed, checks, code } = await examined(desk);
  expect((performance.now() - begun) / 1000).toBeLessThan(100);
  expect(failed).toMatchObject([{ area: 'database', error: 'DATABASE_UNAVAILABLE' }]);
  expect(code).toBe(1);
  expect(new Set(checks.map(({ area }) => area))).toEqual(new Set(['feed', 'source', 'database', 'lake', 'engine']));
});

test('it leaves nothing in the lake but the lake itself, and no ledger', async () => {
  const desk = await deskWith();
  expect(await examined(desk)).toMatchObject({ code: 0 });
  expect(await readdir(join(desk.home, 'lake'))).toEqual(['.tmp', 'identity']);
  expect(await desk.sql`SELECT FROM pg_namespace WHERE nspname IN ('nightfeed', 'shop')`).toHaveLength(0);
});

/** It accepts connections, and never answers. */
async function silentServer(): Promise<{ readonly port: number }> {
  const server: Server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  onTestFinished(() => void server.close());
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port };
}
