import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { StepTimes } from '../../lib/core/run/step-times.ts';
import { laterSteps, stepNames } from '../../lib/core/workflow/workflows.ts';
import { CloudLab, SECRET } from '../support/aws/cloud-lab.ts';
import type { NightLab } from '../support/nights/night-lab.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { corrected, deliveryOf, empty, feedFile, mostMissing } from '../support/vendors/night-vendor.ts';
import { approve, cloudNight, DAY, FIRST, RUN, SECOND } from './cloud-night.ts';

const { deployed, fork, twin } = cloudNight();

test('a night in processes of their own leaves what the laptop’s night leaves', async () => {
  const cloud = await deployed();

  const ended = await cloud.execute(FIRST, { date: DAY });

  expect(ended).toEqual({ state: 'published', trace: stepNames, error: null });
  await cloud.lab.checkInvariants(deliveryOf(3));
  expect(await cloud.lab.fingerprints()).toEqual(await twin().fingerprints());
  expect(lakeOf(cloud.lab)).toEqual(lakeOf(twin()));
  expect(await ledgerOf(cloud.lab)).toEqual(await ledgerOf(twin()));
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
  for (const lab of [cloud.lab, twin()]) {
    const [row] = await lab.sql<{ steps: StepTimes }[]>`SELECT steps FROM nightfeed.run WHERE date = ${DAY}`;
    expect(Object.keys(row!.steps).sort()).toEqual([...laterSteps].sort());
    for (const { ended, attempts } of Object.values(row!.steps))
      expect([typeof ended, attempts]).toEqual(['string', 1]);
  }
});

test('every process sees the columns as the delivery has them', async () => {
  const evolving = feedFile('{folder: "vendor/{date}"}').replace(
    'files: products.csv',
    '$&\n    contract: {added: evolve}',
  );
  const cloud = await deployed(evolving);
  const { id, lines } = widen(cloud.lab);
  expect(lines).toBeGreaterThan(50);

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({ state: 'published', trace: stepNames });

  await cloud.lab.checkInvariants(deliveryOf(3));
  const [row] = await cloud.lab.sql`SELECT size FROM shop.products WHERE id = ${id}`;
  expect(row).toEqual({ size: `size of ${id}` });
});

/** Today's products with a column that the feed file does not declare; a row that is new tonight. */
function widen(lab: NightLab): { id: string; lines: number } {
  const path = join(lab.folder, 'vendor', DAY, 'products.csv');
  const { mtime } = statSync(path);
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const idOf = (line: string) => line.slice(0, line.indexOf(','));
  writeFileSync(path, [`${header},size`, ...lines.map((line) => `${line},size of ${idOf(line)}`), ''].join('\n'));
  utimesSync(path, mtime, mtime);
  return { id: idOf(lines.at(-1)!), lines: lines.length };
}

test('asked again it is unchanged, and says nothing', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  const again = await cloud.execute(SECOND, { date: DAY });

  expect(again).toMatchObject({ state: 'unchanged', trace: ['claim', 'look', 'claim'] });
  expect(cloud.messages).toHaveLength(1);
});

test('the same bytes under a new time are pulled, and found to be what production holds', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });
  cloud.lab.deliver(DAY, deliveryOf(3), 5);

  const ended = await cloud.execute(SECOND, { date: DAY });

  expect(ended).toMatchObject({ state: 'unchanged', trace: ['claim', 'look', 'claim', 'arrive', 'pull', 'diff'] });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`, `nightfeed ${RUN}-r2: unchanged`]);
  await cloud.lab.checkInvariants(deliveryOf(3));
});

test('a delivery that cannot be meant is refused with all its words, and told', async () => {
  const cloud = await deployed();
  empty(join(cloud.lab.folder, 'vendor', DAY, 'stock.csv'));

  const ended = await cloud.execute(FIRST, { date: DAY });

  expect(ended).toMatchObject({ state: 'refused', trace: ['claim', 'arrive', 'pull'], error: { name: 'EMPTY_FILE' } });
  const [row] = await cloud.lab.sql`SELECT state, error FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row).toMatchObject({
    state: 'refused',
    error: {
      name: 'EMPTY_FILE',
      message: expect.stringContaining('stock.csv'),
      hint: expect.stringContaining('vendor'),
    },
  });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: refused (EMPTY_FILE)`]);
  await cloud.lab.checkInvariants(deliveryOf(2));
});

test('a hold that is approved goes on with what was held, whatever lies at the source by now', async () => {
  const cloud = await deployed();
  cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({ state: 'held', trace: stepNames.slice(0, 5) });
  await approve(cloud);
  cloud.lab.deliver(DAY, corrected(deliveryOf(3)));

  expect(await cloud.execute(SECOND, { resumes: RUN })).toMatchObject({ state: 'published', trace: stepNames });
  await cloud.lab.checkInvariants(mostMissing(deliveryOf(3)));
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: held`, `nightfeed ${RUN}: published`]);
});

test('a guard that is asked again after it held says so again, and once to people', async () => {
  const cloud = await deployed();
  cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));

  const ended = await cloud.execute(FIRST, { date: DAY }, async (asked, work) => {
    if (asked === 'guard') await work();
    return work();
  });

  expect(ended).toMatchObject({ state: 'held' });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: held`]);
});

test('when production moved meanwhile it compares again', async () => {
  const cloud = await deployed();
  let moved = 0;

  const ended = await cloud.execute(FIRST, { date: DAY }, (step, work) =>
    work((ports) => ({
      ...ports,
      target: {
        ...ports.target,
        publish: async (publication) => {
          if (step === 'publish' && moved++ === 0) throw new NightfeedError('BASE_MOVED', 'somebody was faster');
          return ports.target.publish(publication);
        },
      },
    })),
  );

  expect(ended.trace).toEqual([...stepNames.slice(0, 6), 'diff', 'guard', 'publish', 'notify', 'tidy']);
  expect(ended.state).toBe('published');
});

test('the password of the vendor is in no ledger, object, outcome or log', async () => {
  const lab = await fork();
  const server = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor: SECRET } });
  onTestFinished(() => server.close());
  const cloud = new CloudLab(
    lab,
    feedFile(
      `{ftp: {host: 127.0.0.1, port: ${server.port}, user: vendor, password: "secret:shop/vendor#password", path: "/{date}"}}`,
    ),
  );
  await cloud.deploy();
  server.inject({ kind: 'reset', file: 'products.csv', atByte: 1000, times: 1 });

  const ended = await cloud.execute(FIRST, { date: DAY });

  expect(ended).toMatchObject({ state: 'published' });
  expect(server.log.some((line) => line.includes('PASS'))).toBe(true);
  const ledger =
    await lab.sql`SELECT to_jsonb(r)::text AS text FROM nightfeed.run AS r UNION ALL SELECT to_jsonb(o)::text FROM nightfeed.outbox AS o`;
  const lake = join(lab.home, 'lake');
  const objects = readdirSync(lake, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(lake, name)).isFile(),
  );
  const texts = [
    ...ledger.map((row) => String(row.text)),
    ...objects.map((name) => name + readFileSync(join(lake, name), 'latin1')),
    ...cloud.log,
    JSON.stringify(ended),
  ];
  expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
});

/** Keys and receipts without the attempts' names, and what is made of them. */
function lakeOf(lab: NightLab): Record<string, string> {
  const lake = join(lab.home, 'lake');
  // In the cloud the log of a run is CloudWatch's.
  const names = readdirSync(lake, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes(DAY) && !name.startsWith('logs/') && statSync(join(lake, name)).isFile(),
  );
  // Only the laptop compares while it lands: pull and diff are one process there.
  const plain = (text: string) =>
    text
      .replace(/\/a\d+-[0-9a-f]{8}\//g, '/a/')
      .replace(/"content":"[0-9a-f]{16}"/, '"content":""')
      // Over the names of the attempts, too.
      .replace(/"checksum":"[0-9a-f]{64}"/, '"checksum":""')
      .replaceAll(', as seen while they landed', '');
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [plain(name), name.endsWith('json') ? plain(readFileSync(join(lake, name), 'utf8')) : '']),
  );
}

async function ledgerOf(lab: NightLab): Promise<unknown> {
  const runs = await lab.sql`
    SELECT date, revision, state, feed_hash, listing, reading, delivery, change_set, tables, holds, error, published
    FROM nightfeed.run ORDER BY date, revision`;
  const outbox = await lab.sql`SELECT id, message, sent_at IS NOT NULL AS sent FROM nightfeed.outbox ORDER BY position`;
  return { runs: [...runs], outbox: [...outbox] };
}
