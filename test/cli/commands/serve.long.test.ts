import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';
import { atMidnight, daysAgo, Serving } from '../../support/nights/serving.ts';

const today = daysAgo(0);

async function openDesk(more = atMidnight): Promise<Desk> {
  const desk = await Desk.open();
  onTestFinished(() => desk.close());
  await desk.describe(more);
  return desk;
}

function serve(desk: Desk, env: Readonly<Record<string, string>> = {}): Serving {
  const serving = new Serving(desk, env);
  onTestFinished(async () => {
    serving.process.kill('SIGKILL');
    await serving.ended.catch(() => {});
  });
  return serving;
}

test('runs the night as `run` does, lives, lets no other in, and ends at SIGTERM', async () => {
  const desk = await openDesk();
  await desk.deliver(today, itemsCsv(5));
  const serving = serve(desk);
  expect(await serving.event({ event: 'feed' })).toMatchObject({
    feed: 'shop',
    file: desk.feed,
    next: expect.any(String),
  });
  expect(await serving.event({ event: 'ended' })).toMatchObject({
    run: `shop/${today}`,
    state: 'published',
    exit: 0,
    again_at: null,
  });
  const health = await serving.get('/healthz');
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    alive: true,
    feeds: 1,
    databases: 1,
    databases_unreachable: 0,
    nights_at_work: 0,
  });
  // The ledger came with the night, and is looked at twice a minute.
  const metrics = async () => (await serving.get('/metrics')).text();
  await expect.poll(metrics, { timeout: 90_000, interval: 2_000 }).toContain('feed="shop"');

  const other = await desk.run('serve', desk.folder);
  expect(other.code).toBe(6);
  expect(other.stderr).toContain(`process ${serving.process.pid} on `);

  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
  expect(serving.events.filter(({ event }) => event === 'begins')).toHaveLength(1);
  expect(await desk.query('SELECT count(*)::integer FROM items')).toEqual([{ count: 5 }]);
});

test('SIGTERM while a night waits for its delivery ends it; the next start goes on with the run', async () => {
  const desk = await openDesk('schedule: {at: "00:00", timezone: UTC, deadline: "23:59"}\n');
  const first = serve(desk);
  await first.event({ event: 'begins' });
  await expect
    .poll(() => desk.query('SELECT state FROM nightfeed.run').catch(() => []), { timeout: 60_000 })
    .toEqual([{ state: 'running' }]);
  first.process.kill('SIGTERM');
  expect((await first.ended).code).toBe(0);

  await desk.deliver(today, itemsCsv(3));
  const second = serve(desk);
  expect(await second.event({ event: 'ended' })).toMatchObject({ run: `shop/${today}`, state: 'published' });
  second.process.kill('SIGTERM');
  await second.ended;
});

test('killed in the middle of a night, with the night: the next start takes it over and finishes it', async () => {
  const desk = await openDesk();
  await desk.deliver(today, itemsCsv(4));
  const first = serve(desk, { NIGHTFEED_FAIL_AT: 'publish.written:stop' });
  await first.event({ event: 'begins' });
  await expect.poll(() => first.children().map(isFrozen), { timeout: 60_000 }).toEqual([true]);
  const nights = first.children();
  for (const pid of [first.process.pid!, ...nights]) process.kill(pid, 'SIGKILL');

  const second = serve(desk);
  expect(await second.event({ event: 'ended', state: 'published' })).toMatchObject({ run: `shop/${today}` });
  expect(await desk.query('SELECT count(*)::integer FROM items')).toEqual([{ count: 4 }]);
  second.process.kill('SIGTERM');
  await second.ended;
});

test('a night whose process dies takes nothing else down and comes again', async () => {
  const desk = await openDesk();
  await desk.deliver(today, itemsCsv(4));
  const serving = serve(desk, { NIGHTFEED_FAIL_AT: 'diff.receipt' });
  expect(await serving.event({ event: 'ended' })).toMatchObject({
    exit: null,
    error: { name: 'NIGHT_DIED', message: expect.stringContaining('SIGKILL') },
    again_at: expect.any(String),
  });
  expect((await serving.get('/healthz')).status).toBe(200);
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
});

test('without a date in the path, dates that went by are missed, told, and listed by status', async () => {
  const desk = await openDesk();
  await desk.describe(atMidnight, './inbox/latest');
  await desk.deliver('latest', itemsCsv(2));
  expect((await desk.run('run', desk.feed, '--date', daysAgo(3))).code).toBe(0);
  await desk.deliver('latest', itemsCsv(3));
  const serving = serve(desk);
  expect(await serving.event({ event: 'missed' })).toMatchObject({ feed: 'shop', dates: [daysAgo(2), daysAgo(1)] });
  await serving.event({ event: 'ended', run: `shop/${today}` });
  const sent = () => desk.query('SELECT id, sent_at IS NOT NULL AS sent FROM nightfeed.outbox WHERE revision IS NULL');
  await expect.poll(sent, { timeout: 60_000 }).toEqual([{ id: `shop/${daysAgo(1)}:missed`, sent: true }]);
  serving.process.kill('SIGTERM');
  await serving.ended;
  const { answer } = await desk.ask('status');
  expect(answer.missed).toMatchObject([{ feed: 'shop', date: daysAgo(1) }, { date: daysAgo(2) }]);
});

/** Whether a process was stopped by a signal. The field after its name in parentheses says so. */
function isFrozen(pid: number): boolean {
  return / \(.*\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
