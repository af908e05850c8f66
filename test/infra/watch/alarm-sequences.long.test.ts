import { describe, expect, test } from 'vitest';
import { appOf, cloudFeed, resourcesOf, templatesOf } from '../synthesised.ts';
import { type AlarmProperties, type Datapoint, rings } from './alarm-model.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** The shortest period of the alarms. */
const STEP = 300;
/** The first look after that hour, in minutes. */
const after = (hour: number) => hour * 60 + STEP / 60;

const templates = templatesOf(
  appOf({ feeds: [{ ...cloudFeed, schedule: { ...cloudFeed.schedule!, at: '02:00', deadline: '06:00' } }] }),
);
const alarms = resourcesOf(templates['nightfeed-prod-Watch-catalog'], 'AWS::CloudWatch::Alarm');
const alarmOf = (name: string) =>
  alarms.find(({ Properties }) => Properties.AlarmName.endsWith(name))!.Properties as AlarmProperties;

const UNCHANGED = 'unchanged-prod-catalog';

/** What AWS counts of a night that ends so. The log of each execution brings zeros for what it does not have. */
const counted: Readonly<Record<string, readonly (readonly [metric: string, value: number])[]>> = {
  published: [
    ['Invocations', 1],
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 0],
  ],
  unchanged: [
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 1],
  ],
  holiday: [
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 1],
  ],
  'holiday behind': [
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 0],
  ],
  held: [
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 0],
  ],
  planned: [
    ['ExecutionsSucceeded', 1],
    [UNCHANGED, 0],
  ],
  failed: [
    ['ExecutionsFailed', 1],
    [UNCHANGED, 0],
  ],
  timedOut: [
    ['ExecutionsTimedOut', 1],
    [UNCHANGED, 0],
  ],
  aborted: [
    ['ExecutionsAborted', 1],
    [UNCHANGED, 0],
  ],
  none: [],
};

/** Nights in a row, each at 03:00 unless another hour is given. */
function nights(...ends: (string | readonly [end: string, hour: number])[]): Datapoint[] {
  return ends.flatMap((night, day) => {
    const [end, hour] = typeof night === 'string' ? [night, 3] : night;
    return counted[end]!.map(([metric, value]) => ({ metric, value, at: day * DAY + hour * HOUR }));
  });
}

/** When the alarm begins to ring, until the end of the last day: minutes after the midnight before the first night. */
function ringsAt(name: string, data: readonly Datapoint[], days: number, from = 0): number[] {
  const alarm = alarmOf(name);
  const begins: number[] = [];
  let before = false;
  for (let now = from * HOUR; now <= days * DAY; now += STEP) {
    const is = rings(
      alarm,
      data.filter(({ at }) => at < now),
      now,
    );
    if (is && !before) begins.push(now / 60);
    before = is;
  }
  return begins;
}

const many = (end: string) => Array.from({ length: 7 }, () => end);

describe('not-published', () => {
  test.each([
    ['published', many('published')],
    ['unchanged', many('unchanged')],
    ['holidays, but for the first and the last', ['published', ...many('holiday'), 'published']],
    [
      'published and unchanged by turns',
      ['published', 'unchanged', 'published', 'unchanged', 'unchanged', 'published'],
    ],
  ])('is silent after nights that are %s', (_title, ends) => {
    expect(ringsAt('not-published', nights(...ends), ends.length, 3.25)).toEqual([]);
  });

  test.each(['holiday behind', 'held', 'planned', 'failed', 'timedOut', 'aborted', 'none'])(
    'rings when all that comes after a night is %s, 32 hours later',
    (end) => {
      for (const last of ['published', 'unchanged'])
        expect(ringsAt('not-published', nights(last, end, end, end), 4, 3.25)).toEqual([after(3 + 32)]);
    },
  );

  test('ends with the next night that brings production up to date, and rings before the first one', () => {
    for (const end of ['published', 'unchanged']) {
      const data = nights('none', 'none', end, 'none');
      expect(ringsAt('not-published', data, 4, 1)).toEqual([60, after(2 * 24 + 3 + 32)]);
      expect(rings(alarmOf('not-published'), data, 2 * DAY + 5 * HOUR)).toBe(false);
    }
  });

  test('waits for a delivery at its deadline, and for the hour that clocks go back', () => {
    // At 02:00 at once; the next day at 06:00 by clocks that went back, and three hours of work.
    const data = nights(['published', 2], ['published', 6 + 1 + 2.5]);
    expect(ringsAt('not-published', data, 1.5, 2.25)).toEqual([]);
  });
});

test('the log of executions counts those that end as Unchanged or Holiday as found up to date, and no other', () => {
  const filters = resourcesOf(templates['nightfeed-prod-Pipeline-catalog'], 'AWS::Logs::MetricFilter');
  expect(filters.map(({ Properties }) => Properties.FilterPattern)).toEqual([
    '{ ($.type = "SucceedStateEntered") && (($.details.name = "Unchanged") || ($.details.name = "Holiday")) }',
  ]);
});

describe('night-failed', () => {
  test.each(['failed', 'timedOut', 'aborted'])(
    'rings for a night that is %s, whatever AWS has of the other ends',
    (end) => {
      expect(ringsAt('night-failed', nights('published', end, 'published'), 3)).toEqual([after(24 + 3)]);
    },
  );

  test.each(['published', 'unchanged', 'held', 'none'])('is silent for a night that is %s', (end) => {
    expect(ringsAt('night-failed', nights('published', end, 'published'), 3)).toEqual([]);
  });
});

test('function-errors counts the errors of all functions, where some have none', () => {
  const errors = (of: string, value: number) => ({ metric: 'Errors', of, value, at: 3 * HOUR });
  expect(ringsAt('function-errors', [errors('Functionsclaim', 1), errors('Functionsguard', 2)], 1)).toEqual([after(3)]);
  expect(ringsAt('function-errors', [errors('Functionsclaim', 1), errors('Functionsguard', 1)], 1)).toEqual([]);
});
