import { describe, expect, test } from 'vitest';
import { scheduledNight } from '../../../lib/core/schedule/scheduled-night.ts';
import { hoursSkipped } from '../../../lib/core/schedule/zone-clock.ts';
import { isFull } from '../../support/full.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';
import { invocationAt } from './scheduler-model.ts';
import { type Change, changesOf } from './zone-offset.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const DAY = 24 * HOUR;

/** Ten years from now. */
const [FROM, TO] = [Date.UTC(2026), Date.UTC(2037)];
/** The years before had changes of other kinds, such as Pacific/Apia's 2011 without a 30th of December. FULL=1 walks all of them. */
const PAST = Date.UTC(2009);

const zones = Intl.supportedValuesOf('timeZone');
const unusual = [
  'Pacific/Apia',
  'Asia/Pyongyang',
  'America/Caracas',
  'Antarctica/Casey',
  'Pacific/Norfolk',
  'Africa/Juba',
];
const changes = [
  ...zones.flatMap((zone) => changesOf(zone, FROM, TO)),
  ...(isFull ? zones : unusual).flatMap((zone) => changesOf(zone, PAST, FROM)),
];
/** Changes of one instant between the same offsets are alike in all zones. */
const alike = [...Map.groupBy(changes, ({ at, before, after }) => [at, before, after].join()).values()];
const walked = isFull ? changes : alike.map(([first]) => first!);

test('the walk meets what zones do with their clocks', () => {
  const leaps = new Set(changes.map(({ before, after }) => (after - before) / MINUTE));
  // Summer time; Lord Howe; Troll; Casey; Caracas; Apia's day.
  for (const leap of [60, -60, 30, -30, 120, -120, 180, -180, 24 * 60]) expect(leaps).toContain(leap);
  expect(zones.length).toBeGreaterThan(400);
  const last = Math.max(...changes.map(({ at }) => at));
  expect(new Date(last).getUTCFullYear()).toBe(2036);
});

describe.each(['today', 'yesterday'] as const)('every day has its night once, for business_date: %s,', (mode) => {
  test.each(['first', 'second'] as const)(
    'when a time that comes twice is invoked the %s time',
    (twice) => {
      const met = twice === 'first' ? walked : walked.filter(({ before, after }) => after < before);
      const wrong = met.flatMap((change) =>
        timesAround(change).flatMap((at) => {
          const { expected, claimed } = nightsAround(change, at, mode, twice);
          return claimed.join() === expected.join() ? [] : [{ zone: change.zone, at, expected, claimed }];
        }),
      );
      expect(wrong.slice(0, 5)).toEqual([]);
    },
    600_000,
  );
});

/** The dates that should be claimed around a change, and those that are, both in order. */
function nightsAround({ zone, at: instant, before }: Change, at: string, mode: string, twice: 'first' | 'second') {
  const feed = feedAt(at, zone, mode);
  const hours = hoursOf(zone);
  const middle = Date.parse(`${dayOf(instant + before)}T00:00Z`);
  const days = [-3, -2, -1, 0, 1, 2].map((near) => dayOf(middle + near * DAY));
  const [later, next] = laterThan(at, hours);
  const invocations = days.flatMap((day) => [
    [invocationAt(day, at, zone, twice), 0] as const,
    ...(hours > 0
      ? [[invocationAt(next ? dayOf(Date.parse(day) + DAY) : day, later, zone, twice), hours] as const]
      : []),
  ]);
  const claimed = invocations.flatMap(([time, hoursLater]) => {
    const night = time && scheduledNight(feed, time, hoursLater);
    return night?.isDue ? [night.date] : [];
  });
  const real = days.filter((day) => isInCalendar(day, zone));
  // The day before the first is the same in every zone: no change is three days away.
  const expected = mode === 'today' ? real : [dayOf(Date.parse(real[0]!) - DAY), ...real.slice(0, -1)];
  return { expected, claimed: claimed.sort() };
}

/** Times at, before and after those that are skipped or come twice, and the same earlier by the hours of the later schedule. */
function timesAround({ zone, at, before, after }: Change): string[] {
  const edges = [at + before, at + after];
  const middle = (edges[0]! + edges[1]!) / 2;
  const near = [...edges.flatMap((edge) => [edge - MINUTE, edge, edge + 10 * MINUTE]), middle];
  const all = [...near, ...near.map((time) => time - hoursOf(zone) * HOUR), 0, 12 * HOUR, DAY - MINUTE];
  return [...new Set(all.map((time) => new Date(time).toISOString().slice(11, 16)))];
}

function laterThan(at: string, hours: number): [time: string, isNextDay: boolean] {
  const moved = Date.parse(`2000-01-01T${at}:00Z`) + hours * HOUR;
  return [new Date(moved).toISOString().slice(11, 16), new Date(moved).getUTCDate() === 2];
}

function isInCalendar(day: string, zone: string): boolean {
  return ['00:00', '12:00', '23:59'].some((time) => invocationAt(day, time, zone, 'first') !== undefined);
}

const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);

const hoursByZone = new Map<string, number>();
function hoursOf(zone: string): number {
  const known = hoursByZone.get(zone) ?? hoursSkipped(zone);
  hoursByZone.set(zone, known);
  return known;
}

const shop = parseFeed(feedFile('{folder: "vendor/{date}"}'), 'feed.yaml');
const feedAt = (at: string, timezone: string, mode: string) => ({
  ...shop,
  schedule: { at, timezone, business_date: mode as 'today' | 'yesterday' },
});
