import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { ServedWorld, scheduledFeed } from '../../support/in-memory/served-world.ts';

const daily = { at: '02:00', timezone: 'UTC' };

const zones = [
  // The clocks skip 02:30 on the last Sunday of March, and show it twice in October.
  ['Europe/Berlin', '02:30', '2026-10-01T00:00:00Z'],
  ['America/New_York', '02:30', '2026-10-01T00:00:00Z'],
  ['Asia/Kolkata', '00:00', '2026-10-01T00:00:00Z'],
  // The clocks go by half an hour.
  ['Australia/Lord_Howe', '02:15', '2026-10-01T00:00:00Z'],
  // 2011-12-30 is in no calendar there.
  ['Pacific/Apia', '02:00', '2011-10-01T00:00:00Z'],
] as const;

test.each(zones)('400 nights in %s: each date has one, in order', async (timezone, at, begin) => {
  const world = new ServedWorld(begin, [scheduledFeed('shop', { at, timezone })]);
  const end = new Date(Date.parse(begin) + 400 * 86_400_000);

  await world.until(end.toISOString(), 150);

  const dates = world.dates();
  const days = Array.from({ length: 402 }, (_, day) => dayAt(Date.parse(begin) + (day - 1) * 86_400_000));
  const expected = days.filter(
    (day) => day >= dates[0]! && day <= dates.at(-1)! && !(timezone === 'Pacific/Apia' && day === '2011-12-30'),
  );
  expect(dates).toEqual(expected);
  expect(dates.length).toBeGreaterThanOrEqual(399);
  expect(world.missed.size).toBe(0);
  const late = world.begun
    .slice(1)
    .filter(({ date, at: begun }) => Math.abs(Date.parse(begun) - Date.parse(date)) > 26 * 3_600_000);
  expect(late).toEqual([]);
});

test('only on its days, and a feed without a schedule never', async () => {
  const { schedule: _, ...unscheduled } = scheduledFeed('plain', daily);
  const world = new ServedWorld('2026-11-20T12:00:00Z', [
    scheduledFeed('shop', { ...daily, days: ['mon-fri'] }),
    unscheduled as ReturnType<typeof scheduledFeed>,
  ]);
  await world.until('2026-11-25T12:00:00Z');
  expect(world.dates()).toEqual(['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']);
  expect(world.dates('plain')).toEqual([]);
});

test('after downtime a feed whose path carries the date is caught up, in order', async () => {
  const world = new ServedWorld('2026-11-24T12:00:00Z', [scheduledFeed('shop', daily, true)]);
  world.states.set('shop/2026-11-20', 'published');
  await world.until('2026-11-24T16:00:00Z');
  expect(world.dates()).toEqual(['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24']);
  expect(world.missed.size).toBe(0);
});

test('without a date in a name the newest runs, and the others are missed, with one message', async () => {
  const world = new ServedWorld('2026-11-24T12:00:00Z', [scheduledFeed('shop', daily)]);
  world.states.set('shop/2026-11-20', 'failed');
  await world.until('2026-11-24T12:30:00Z');
  expect(world.dates()).toEqual(['2026-11-24']);
  expect([...world.missed]).toEqual(['shop/2026-11-21', 'shop/2026-11-22', 'shop/2026-11-23']);
  expect(world.events).toContainEqual({
    event: 'missed',
    feed: 'shop',
    dates: ['2026-11-21', '2026-11-22', '2026-11-23'],
  });
  expect(world.relayed).toEqual(['shop']);
});

test('a night that was killed or failed is run again; one that is held, late or refused is not', async () => {
  const states = { held: 3, late: 4, refused: 5, failed: 1 } as const;
  for (const [state, exit] of Object.entries(states)) {
    const world = new ServedWorld('2026-11-20T12:00:00Z', [scheduledFeed('shop', daily)]);
    world.ends = () => ({ state: state as keyof typeof states, exit });
    await world.until('2026-11-20T12:35:00Z', 5);
    expect(
      world.begun.map(({ at }) => at.slice(11, 16)),
      state,
    ).toEqual(exit === 1 ? ['12:00', '12:10', '12:20', '12:30'] : ['12:00']);
  }
  const killed = new ServedWorld('2026-11-20T12:00:00Z', [scheduledFeed('shop', daily)]);
  killed.ends = () => ({ state: 'running', exit: null });
  killed.states.set('shop/2026-11-20', 'running');
  await killed.until('2026-11-20T12:15:00Z', 5);
  expect(killed.dates()).toEqual(['2026-11-20', '2026-11-20']);
});

test('a night that could not open its run, and is over, is not run again', async () => {
  const world = new ServedWorld('2026-11-20T12:00:00Z', [scheduledFeed('shop', daily)]);
  world.ends = () => ({ state: null, exit: 5 });
  await world.until('2026-11-20T18:00:00Z');
  expect(world.dates()).toEqual(['2026-11-20']);
});

test('an older night that always fails lets newer ones begin after six tries, and is missed if it has no run', async () => {
  const world = new ServedWorld('2026-11-22T12:00:00Z', [scheduledFeed('shop', daily, true)]);
  world.states.set('shop/2026-11-20', 'published');
  world.ends = (_, date) => (date === '2026-11-21' ? { state: null, exit: 2 } : { state: 'published', exit: 0 });
  await world.until('2026-11-22T15:00:00Z', 10);
  expect(world.dates()).toEqual([...Array(6).fill('2026-11-21'), '2026-11-22']);
  expect([...world.missed]).toEqual(['shop/2026-11-21']);
});

test('one night of a feed at a time, so many nights at once, and those that wait for files do not count', async () => {
  const feeds = ['a', 'b', 'c', 'd'].map((name) => scheduledFeed(name, daily));
  const world = new ServedWorld('2026-11-20T01:59:00Z', feeds);
  for (const { feed } of feeds) world.states.set(`${feed}/2026-11-19`, 'published');
  let atWork = 0;
  let most = 0;
  const gates = new Map<string, PromiseWithResolvers<void>>(feeds.map(({ feed }) => [feed, Promise.withResolvers()]));
  world.ends = async (feed, _, turn) => {
    if (feed === 'a') await gates.get('a')!.promise;
    await turn();
    atWork += 1;
    most = Math.max(most, atWork);
    if (feed === 'd') for (const { resolve } of gates.values()) resolve();
    if (feed !== 'd') await new Promise((resolve) => setTimeout(resolve, 5));
    atWork -= 1;
    return { state: 'published', exit: 0 };
  };
  await world.until('2026-11-20T02:10:00Z', 1);
  expect(world.begun.map(({ feed }) => feed)).toEqual(['a', 'b', 'c', 'd']);
  expect(most).toBe(2);
});

test('beginnings are spread, the same each night', async () => {
  const world = new ServedWorld(
    '2026-11-19T12:00:00Z',
    ['a', 'b', 'c'].map((name) => scheduledFeed(name, daily)),
  );
  for (const name of ['a', 'b', 'c']) world.states.set(`${name}/2026-11-19`, 'published');
  await world.until('2026-11-21T12:00:00Z', 1, { jitter: 3600 });
  const minutes = (day: string) =>
    world.begun
      .filter(({ date }) => date === day)
      .map(({ feed, at }) => [feed, at.slice(11, 16)])
      .sort();
  expect(minutes('2026-11-20')).toEqual(minutes('2026-11-21'));
  expect(new Set(world.begun.map(({ at }) => at)).size).toBeGreaterThan(2);
  expect(world.begun.every(({ at }) => at.slice(11) >= '02:00' && at.slice(11) <= '03:01')).toBe(true);
});

test('says once of each date that nothing came of it by the deadline', async () => {
  const world = new ServedWorld('2026-11-19T12:00:00Z', [scheduledFeed('shop', { ...daily, deadline: '05:00' })]);
  world.states.set('shop/2026-11-19', 'published');
  const become = { '2026-11-20': 'published', '2026-11-21': 'held', '2026-11-22': 'unchanged' } as const;
  world.ends = (_, date) => ({ state: become[date as keyof typeof become] ?? 'late', exit: 3 });
  await world.until('2026-11-23T04:00:00Z');
  expect(world.events.filter(({ event }) => event === 'overdue')).toEqual([
    { event: 'overdue', feed: 'shop', date: '2026-11-21', state: 'held' },
  ]);
  expect(world.relayed).toEqual(['shop']);
});

test('without a deadline the next night is it; a night that never came to a run is overdue as well', async () => {
  const world = new ServedWorld('2026-11-19T12:00:00Z', [scheduledFeed('shop', daily)]);
  world.states.set('shop/2026-11-19', 'published');
  world.ends = () => ({ state: null, exit: 2 });
  await world.until('2026-11-21T02:40:00Z');
  expect(world.events.filter(({ event }) => event === 'overdue')).toEqual([
    { event: 'overdue', feed: 'shop', date: '2026-11-20', state: null },
  ]);
  expect([...world.missed]).toEqual(['shop/2026-11-20']);
});

test('a database that is away is told once and stops no other feed; the nights come when it is back', async () => {
  const world = new ServedWorld('2026-11-20T12:00:00Z', [scheduledFeed('shop', daily)]);
  world.away = new NightfeedError('DATABASE_UNAVAILABLE', 'nobody answers');
  await world.until('2026-11-20T14:00:00Z');
  expect(world.events).toEqual([
    { event: 'trouble', feed: 'shop', error: { name: 'DATABASE_UNAVAILABLE', message: 'nobody answers' } },
  ]);
  world.away = undefined;
  await world.until('2026-11-20T15:00:00Z');
  expect(world.dates()).toEqual(['2026-11-20']);
});

test('a changed schedule and a new feed count from their next night, a removed feed has none', async () => {
  const world = new ServedWorld('2026-11-20T12:00:00Z', [scheduledFeed('shop', daily)]);
  await world.until('2026-11-20T13:00:00Z');
  world.feeds = [scheduledFeed('shop', { ...daily, at: '14:00' }), scheduledFeed('new', daily)];
  await world.until('2026-11-21T13:00:00Z');
  expect(world.dates()).toEqual(['2026-11-20']);
  expect(world.dates('new')).toEqual(['2026-11-20', '2026-11-21']);
  world.feeds = [world.feeds[0]!];
  await world.until('2026-11-22T15:00:00Z');
  expect(world.dates()).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
  expect(world.dates('new')).toEqual(['2026-11-20', '2026-11-21']);
});

const dayAt = (instant: number) => new Date(instant).toISOString().slice(0, 10);

test('what is overdue while the ledger cannot keep it is said when it can', async () => {
  const world = new ServedWorld('2026-11-20T04:00:00Z', [scheduledFeed('shop', { ...daily, deadline: '05:00' })]);
  world.ends = () => ({ state: 'late', exit: 4 });
  world.noticesFrom = '2026-11-20T06:00:00Z';
  await world.until('2026-11-20T05:55:00Z', 10);
  expect(world.events.filter(({ event }) => event === 'overdue')).toEqual([]);
  world.clock = new Date('2026-11-20T04:00:00Z');
  await world.until('2026-11-20T07:00:00Z', 10);
  expect(world.events.filter(({ event }) => event === 'overdue')).toHaveLength(1);
});
