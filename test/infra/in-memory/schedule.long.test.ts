import { expect, test } from 'vitest';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';
import { DAY, execute, FIRST, nightInMemory, RUN, SECOND } from './in-memory-night.ts';

const deployed = nightInMemory();

/** The schedule of a zone whose clocks go from 02:00 to 03:00 on the date. */
const SPRING = '2027-03-28';
const inBerlin = 'schedule: {at: "02:00", timezone: Europe/Berlin}\n';

test('an hour later there is nothing to do, with or without a night before it, and nobody hears of it', async () => {
  const cloud = await deployed(inBerlin);
  const later = { scheduledTime: `${DAY}T02:00:00Z`, hoursLater: 1 };

  for (const first of [false, true]) {
    if (first) await execute(cloud, FIRST, { scheduledTime: `${DAY}T01:00:00Z` });
    const before = [await cloud.lab.states(), [...cloud.messages]];
    // It meets neither the database nor the vendor.
    const ended = await execute(cloud, SECOND, later, (_name, work) =>
      work((ports) => ({ ...ports, ledger: null as never, openSource: null as never })),
    );
    expect(ended).toEqual({ trace: ['claim'], state: 'Not due', error: null, attempts: {} });
    expect([await cloud.lab.states(), cloud.messages]).toEqual(before);
  }
});

test('on the day whose clocks skip the time of the night, the later schedule starts it', async () => {
  const cloud = await deployed(inBerlin);
  cloud.lab.deliver(SPRING, deliveryOf(3));
  // Delivered hours after it: the scheduled time counts.
  const input = { scheduledTime: `${SPRING}T01:00:00Z`, hoursLater: 1 };
  const then = new Date(`${SPRING}T04:00:00Z`);

  const ended = await execute(cloud, FIRST, input, (_name, work) => work((ports) => ({ ...ports, now: () => then })));

  expect(ended).toMatchObject({ trace: stepNames, state: 'Published' });
  expect(cloud.messages).toEqual([`nightfeed shop/${SPRING}: published`]);
  await cloud.lab.checkInvariants(deliveryOf(3));
});

test('a schedule that finds its night at work leaves it alone; who asks by hand is told that the feed is busy', async () => {
  const cloud = await deployed('schedule: {at: "02:00", timezone: UTC}\n');
  const during: unknown[] = [];

  const { state } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
    const done = await work();
    if (name === 'guard') {
      during.push(await execute(cloud, SECOND, { scheduledTime: `${DAY}T02:00:00Z` }));
      during.push(await execute(cloud, SECOND, { date: DAY }));
      during.push(await execute(cloud, SECOND, { scheduledTime: `${dateOf(4)}T02:00:00Z` }));
    }
    return done;
  });

  expect(during).toMatchObject([
    { trace: ['claim'], state: 'Running', error: null, attempts: {} },
    { trace: ['claim'], state: 'Busy', attempts: { Claim: 6 } },
    { trace: ['claim'], state: 'Busy', attempts: { Claim: 6 } },
  ]);
  expect(state).toBe('Published');
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
});

test('on a holiday no run is opened and nobody hears of it; it counts as up to date only if production holds the night before', async () => {
  const cloud = await deployed(`schedule: {at: "01:00", timezone: UTC, holidays: [${DAY}, ${dateOf(4)}]}\n`);
  const before = [await cloud.lab.states(), [...cloud.messages]];

  const first = await execute(cloud, FIRST, { scheduledTime: `${DAY}T01:00:00Z` });
  const second = await execute(cloud, SECOND, { scheduledTime: `${dateOf(4)}T01:00:00Z` });
  // The night that is expected on the day after did not come; the holiday after it is behind.
  const behind = await deployed(`schedule: {at: "01:00", timezone: UTC, holidays: [${dateOf(4)}]}\n`);
  const third = await execute(behind, FIRST, { scheduledTime: `${dateOf(4)}T01:00:00Z` });

  expect([first, second, third].map(({ trace, state }) => [...trace, state])).toEqual([
    ['claim', 'Holiday'],
    ['claim', 'Holiday'],
    ['claim', 'Holiday behind'],
  ]);
  expect([await cloud.lab.states(), cloud.messages]).toEqual(before);
});

test('a delivery is welcome on a holiday, to whoever asks for its date', async () => {
  const cloud = await deployed(`schedule: {at: "01:00", timezone: UTC, deadline: "06:00", holidays: [${DAY}]}\n`);
  expect(await execute(cloud, FIRST, { date: DAY })).toMatchObject({ trace: stepNames, state: 'Published' });
});
