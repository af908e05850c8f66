import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { claimExecution } from '../../lib/cloud/execution.ts';
import { outcomeOf } from '../../lib/cloud/outcome.ts';
import { runFunctionStep, runTaskStep } from '../../lib/cloud/step-worker.ts';
import { stop } from '../../lib/cloud/stop.ts';
import type { ClaimEvent } from '../../lib/core/cloud/events.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import { parseRunName } from '../../lib/core/run/keys.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import type { StepTimes } from '../../lib/core/run/step-times.ts';
import { laterSteps, stepNames } from '../../lib/core/workflow/workflows.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { CloudLab, SECRET } from '../support/aws/cloud-lab.ts';
import { BEFORE_MS, NightLab } from '../support/nights/night-lab.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { corrected, dateOf, deliveryOf, empty, feedFile, mostMissing } from '../support/vendors/night-vendor.ts';

const DAY = dateOf(3);
const RUN = `shop/${DAY}`;
const FIRST = 'arn:aws:states:eu-west-1:000000000000:execution:night:first';
const SECOND = FIRST.replace('first', 'second');
const event = { run: RUN, execution: FIRST };

let before: NightLab;
/** Where the laptop's night leads to. */
let twin: NightLab;
beforeAll(async () => {
  before = await NightLab.after(2);
  before.deliver(DAY, deliveryOf(3));
  twin = await before.fork();
  await twin.night(DAY);
}, BEFORE_MS);
afterAll(async () => {
  await before.close();
  await twin.close();
});

async function deployed(text?: string): Promise<CloudLab> {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
  const cloud = new CloudLab(lab, text);
  await cloud.deploy();
  return cloud;
}

test('a night in processes of their own leaves what the laptop’s night leaves', async () => {
  const cloud = await deployed();

  const ended = await cloud.execute(FIRST, { date: DAY });

  expect(ended).toEqual({ state: 'published', trace: stepNames, error: null });
  await cloud.lab.checkInvariants(deliveryOf(3));
  expect(await cloud.lab.fingerprints()).toEqual(await twin.fingerprints());
  expect(lakeOf(cloud.lab)).toEqual(lakeOf(twin));
  expect(await ledgerOf(cloud.lab)).toEqual(await ledgerOf(twin));
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
  for (const lab of [cloud.lab, twin]) {
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

const claimOf = (cloud: CloudLab, looked: ClaimEvent['looked']) => {
  const started = `${DAY}T02:00:00Z`;
  return cloud.process((ports) =>
    claimExecution({ input: { date: DAY }, execution: SECOND, started, looked }, cloud.deployed, ports),
  );
};

test('whoever decides does not meet the vendor', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });
  const met: string[] = [];

  for (const minutes of [0, 5]) {
    cloud.lab.deliver(DAY, deliveryOf(3), minutes);
    await cloud.execute(SECOND, { date: DAY }, (process, work) =>
      work((ports) => ({
        ...ports,
        openSource: (feed, date) => {
          met.push(process);
          return ports.openSource(feed, date);
        },
      })),
    );
  }

  expect([...new Set(met)].sort()).toEqual(['arrive', 'look', 'pull']);
});

test('what a look says counts for the run that was looked at', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  const earlier = { run: `shop/${dateOf(2)}`, outcome: 'new' } as const;
  expect(await claimOf(cloud, earlier)).toEqual({ run: RUN, outcome: 'settled' });
  expect(await claimOf(cloud, { run: RUN, outcome: 'same' })).toEqual({ run: RUN, outcome: 'unchanged' });
  expect(await claimOf(cloud, { run: RUN, outcome: 'new' })).toEqual({ run: `${RUN}-r2`, outcome: 'opened' });
});

test('an execution of a state machine from before, which has no look, says that it is to be started again', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  await expect(claimOf(cloud, undefined)).rejects.toMatchObject({
    name: 'EXECUTION_DIED',
    message: expect.stringContaining('began before this version was deployed'),
  });
  expect(await cloud.lab.states()).toMatchObject({ [DAY]: 'published' });
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

test('without a delivery it is late, and goes on when there is one', async () => {
  const cloud = await deployed();
  cloud.lab.remove(DAY);

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({ state: 'late', error: { name: 'LATE' } });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: late (LATE)`]);

  cloud.lab.deliver(DAY, deliveryOf(3));
  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'published' });
  await cloud.lab.checkInvariants(deliveryOf(3));
});

test('before the deadline it says how long to wait, in whole seconds', async () => {
  const schedule = 'schedule: {at: "02:00", timezone: UTC, deadline: "04:00"}\n';
  const cloud = await deployed(feedFile('{folder: "vendor/{date}"}') + schedule);
  cloud.lab.remove(DAY);
  await claimed(cloud);
  const at = (time: string) => (ports: Ports) =>
    runFunctionStep('arrive', event, { ...ports, now: () => new Date(`${DAY}T${time}Z`) });

  expect(await cloud.process(at('03:00:00'))).toEqual({ outcome: 'waiting', seconds: 30 });
  expect(await cloud.process(at('03:59:50.300'))).toEqual({ outcome: 'waiting', seconds: 10 });
  await expect(cloud.process(at('04:00:00'))).rejects.toMatchObject({ name: 'LATE' });
});

test('a delivery that may still grow is looked at twice', async () => {
  const cloud = await deployed();
  cloud.lab.deliver(DAY, deliveryOf(3), 0);

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({
    state: 'published',
    trace: ['claim', 'arrive', ...stepNames.slice(1)],
  });
  expect(cloud.log).toContainEqual(expect.stringContaining('may still be growing; looking again in 60 s'));
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

test.each(['claim', 'arrive', 'guard'] as const)(
  '%s asked again, because its answer was lost, gives the same',
  async (step) => {
    const cloud = await deployed();
    cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));
    await cloud.execute(FIRST, { date: DAY });
    await approve(cloud);
    cloud.lab.deliver(DAY, corrected(deliveryOf(3)));
    let lost = 0;

    const ended = await cloud.execute(SECOND, { resumes: RUN }, async (asked, work) => {
      if (asked === step && lost++ === 0) await work();
      return work();
    });

    expect(lost).toBeGreaterThan(0);
    expect(ended).toMatchObject({ state: 'published' });
    await cloud.lab.checkInvariants(mostMissing(deliveryOf(3)));
  },
);

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

test.each(['pull', 'diff', 'publish', 'tidy'] as const)(
  'a %s task that dies without a word is begun again',
  async (step) => {
    const cloud = await deployed();
    let deaths = 0;

    const ended = await cloud.execute(FIRST, { date: DAY }, async (asked, work) => {
      if (asked === step && deaths++ === 0) await work(dying).catch(() => {});
      return work();
    });

    expect(deaths).toBe(1);
    expect(ended).toMatchObject({ state: 'published' });
    await cloud.lab.checkInvariants(deliveryOf(3));
    expect(await cloud.lab.fingerprints()).toEqual(await twin.fingerprints());
  },
);

test('a task that cannot read its feed says so in the ledger', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const readText = async () => Promise.reject(new NightfeedError('STORE_DENIED', 'the key of the lake is not ours'));
  const denied = (ports: Ports) => runTaskStep('pull', event, { ...ports, store: { ...ports.store, readText } });

  expect(await cloud.process(denied)).toMatchObject({ name: 'STORE_DENIED' });
  await expect(cloud.process((ports) => outcomeOf('pull', event, ports))).rejects.toMatchObject({
    name: 'STORE_DENIED',
    message: 'the key of the lake is not ours',
  });
});

test('a process that was thought dead is fenced when it wakes up', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive', 'pull');
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let slept = () => {};
  const sleeping = new Promise<void>((resolve) => {
    slept = resolve;
  });
  const first = cloud.process((ports) =>
    runTaskStep('diff', event, {
      ...ports,
      reach: async (point) => {
        if (point !== 'diff.engine') return;
        slept();
        await asleep;
      },
    }),
  );
  await sleeping;

  expect(await cloud.process((ports) => runTaskStep('diff', event, ports))).toEqual({ outcome: 'compared' });
  wake();

  expect(await first).toMatchObject({ name: 'FENCED' });
  expect(await cloud.process((ports) => outcomeOf('diff', event, ports))).toEqual({ outcome: 'compared' });
});

test('a transient failure is waited out in the task', async () => {
  const cloud = await deployed();
  const pauses: number[] = [];
  let failures = 6;

  const ended = await cloud.execute(FIRST, { date: DAY }, (step, work) =>
    work((ports) => ({
      ...ports,
      sleep: async (milliseconds) => void pauses.push(milliseconds),
      target: {
        ...ports.target,
        publish: async (publication) => {
          if (step === 'publish' && failures-- > 0) throw new NightfeedError('DATABASE_UNAVAILABLE', 'failing over');
          return ports.target.publish(publication);
        },
      },
    })),
  );

  expect(ended).toMatchObject({ state: 'published' });
  expect(pauses.filter((pause) => pause >= 10_000)).toEqual([15_000]);
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

test('the run of a dead execution is released and told once, and the next execution has it at once', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive', 'pull');
  const died = { detail: { executionArn: FIRST, status: 'ABORTED' } };

  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'busy', error: { name: 'BUSY' } });
  expect(await cloud.process((ports) => stop(died, ports))).toEqual({ state: 'failed' });
  expect(await cloud.process((ports) => stop(died, ports))).toEqual({ state: 'failed' });

  expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (EXECUTION_DIED)`]);
  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'published' });
});

test.each([
  { error: { Error: 'States.Timeout' }, says: 'States.Timeout: no reason was given' },
  {
    error: {
      Error: 'States.TaskFailed',
      Cause: JSON.stringify({
        StoppedReason: 'Essential container in task exited',
        Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: killed' }],
      }),
    },
    says: 'States.TaskFailed: Essential container in task exited; OutOfMemoryError: killed',
  },
])('a task that ended with $error.Error and no word ends the run as EXECUTION_DIED', async ({ error, says }) => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');

  await expect(cloud.process((ports) => outcomeOf('pull', event, ports))).rejects.toMatchObject({ name: 'UNFORESEEN' });
  expect(await cloud.process((ports) => stop({ ...event, error }, ports))).toEqual({ state: 'failed' });
  const [row] = await cloud.lab.sql`SELECT error FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row!.error).toMatchObject({ name: 'EXECUTION_DIED', message: says });
});

test('an unforeseen failure makes the task fail, and is in the ledger with its words', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const broken = (ports: Ports) =>
    runTaskStep('pull', event, {
      ...ports,
      openSource: () => Promise.reject(new TypeError('undefined is no function')),
    });

  await expect(cloud.process(broken)).rejects.toMatchObject({ name: 'UNFORESEEN' });

  expect(await cloud.process((ports) => stop({ ...event, error: { Error: 'States.TaskFailed' } }, ports))).toEqual({
    state: 'failed',
  });
  const [row] = await cloud.lab.sql`SELECT error FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row!.error).toMatchObject({ name: 'UNFORESEEN', message: 'undefined is no function' });
});

test('a failure that the ledger cannot be told makes the task fail', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const openSource = () => Promise.reject(new NightfeedError('SOURCE_DENIED', 'no such folder'));

  expect(await cloud.process((ports) => runTaskStep('pull', event, { ...ports, openSource }))).toMatchObject({
    name: 'SOURCE_DENIED',
  });
  await expect(
    cloud.process((ports) => runTaskStep('pull', event, dying({ ...ports, openSource }))),
  ).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
});

test('what stops after the commit leaves the run published', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  const stopped = await cloud.process((ports) => stop({ ...event, error: { Error: 'States.Timeout' } }, ports));

  expect(stopped).toEqual({ state: 'published' });
  expect(await cloud.process((ports) => runTaskStep('publish', event, ports))).toEqual({ outcome: 'published' });
});

test('the password of the vendor is in no ledger, object, outcome or log', async () => {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
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

/** A process that is killed when it has worked, before it can say so. */
function dying(ports: Ports): Ports {
  return { ...ports, ledger: { ...ports.ledger, recordOutcome: () => Promise.reject(new Error('killed')) } };
}

async function claimed(cloud: CloudLab, ...steps: readonly ('arrive' | 'pull')[]): Promise<void> {
  const wanted = ['claim', ...steps];
  const ended = await cloud
    .execute(FIRST, { date: DAY }, async (step, work) => {
      if (!wanted.includes(step) && step !== 'outcome') throw new Error('far enough');
      return work();
    })
    .catch(() => null);
  expect(ended).toBeNull();
}

async function approve(cloud: CloudLab): Promise<void> {
  const run = parseRunName(RUN)!;
  await cloud.process(async ({ ledger }) => {
    const changeSet = (await ledger.find(run))!.changeSet!;
    const message = runMessage({ run, state: 'rejected', changeSet, tables: {} });
    await ledger.decide(
      run,
      { changeSet, verdict: 'approved', guards: null, by: 'ada', reason: 'the vendor confirmed it' },
      message,
    );
  });
}

/** Keys and receipts without the attempts' names, and what is made of them. */
function lakeOf(lab: NightLab): Record<string, string> {
  const lake = join(lab.home, 'lake');
  const names = readdirSync(lake, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes(DAY) && statSync(join(lake, name)).isFile(),
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
