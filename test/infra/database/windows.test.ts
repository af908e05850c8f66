import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { nightsOf } from '../../../lib/infra/constructs/database/nights.ts';
import { windowsFor } from '../../../lib/infra/constructs/database/windows.ts';
import { cloudFeed } from '../synthesised.ts';

const NOW = new Date('2026-11-30T00:00:00Z');
const feedAt = (at: string, timezone: string, deadline: string, feed = 'catalog'): Feed => ({
  ...cloudFeed,
  feed,
  schedule: { at, timezone, deadline, business_date: 'today' },
});
const placed = (feeds: readonly Feed[], given = {}) => windowsFor(given, nightsOf(feeds, NOW));

describe('windows of the database', () => {
  test('lie where the night is never, in summer and in winter', () => {
    // 2:00 to 6:00 in New York and three hours of work are 6:00 to 14:00 UTC.
    expect(placed([feedAt('02:00', 'America/New_York', '06:00')])).toEqual({
      windows: { backup: '21:00-22:00', maintenance: 'sun:22:00-sun:23:00' },
      disturbed: [],
    });
  });

  test.each([
    [[], '00:00-01:00', 'sun:01:00-sun:02:00'],
    [[feedAt('08:00', 'UTC', '09:00')], '21:00-22:00', 'sun:22:00-sun:23:00'],
    [[feedAt('10:00', 'UTC', '13:00')], '00:00-01:00', 'sun:01:00-sun:02:00'],
    [[feedAt('09:00', 'UTC', '12:30')], '23:00-00:00', 'mon:00:00-mon:01:00'],
  ])('%j', (feeds, backup, maintenance) => {
    expect(placed(feeds).windows).toEqual({ backup, maintenance });
  });

  test('that are given stay, and the other one keeps away from it', () => {
    const feeds = [feedAt('02:00', 'America/New_York', '06:00')];
    expect(placed(feeds, { backup: '22:00-22:30' }).windows).toEqual({
      backup: '22:00-22:30',
      maintenance: expect.not.stringContaining('sun:22:'),
    });
    expect(placed(feeds, { maintenance: 'sat:22:00-sat:23:00', backup: '23:00-23:30' })).toEqual({
      windows: { maintenance: 'sat:22:00-sat:23:00', backup: '23:00-23:30' },
      disturbed: [],
    });
  });

  test.each([
    [{ backup: '12:00-12:30' }, 'database.backup_window: 12:00-12:30 (UTC) is in the time of catalog'],
    // Only in winter.
    [
      { maintenance: 'sun:13:30-sun:14:00' },
      'database.maintenance_window: sun:13:30-sun:14:00 (UTC) is in the time of catalog',
    ],
    // Only in summer.
    [{ backup: '05:30-06:30' }, 'database.backup_window: 05:30-06:30 (UTC) is in the time of catalog'],
    [{ maintenance: 'sun:20:00-tue:20:00' }, /^database.maintenance_window: .* is in the time of catalog$/],
    [
      { backup: '20:00-21:00', maintenance: 'sun:20:30-sun:21:30' },
      'database.maintenance_window: sun:20:30-sun:21:30 (UTC) is in the time of database.backup_window',
    ],
  ])('%j is refused by name', (given, message) => {
    const feeds = [feedAt('02:00', 'America/New_York', '06:00')];
    expect(() => placed(feeds, given)).toThrow(
      expect.objectContaining({ name: 'USAGE', message: expect.stringMatching(asPattern(message)) }),
    );
  });

  test('of feeds around the world disturb as few as can be, and say whom', () => {
    const feeds = ['Asia/Tokyo', 'Europe/Berlin', 'America/New_York', 'America/Los_Angeles', 'Australia/Sydney'].map(
      (zone) => feedAt('02:00', zone, '08:00', zone.toLowerCase()),
    );
    const { disturbed } = placed(feeds);
    expect(disturbed.length).toBeGreaterThan(0);
    expect(disturbed.length).toBeLessThan(3);
  });

  test('by the clocks of the zone, no time in them is within a night', () => {
    const zones = fc.constantFrom(
      ...[
        'America/New_York',
        'Europe/Berlin',
        'Asia/Kathmandu',
        'Australia/Lord_Howe',
        'Pacific/Apia',
        'Africa/Casablanca',
        'UTC',
      ],
    );
    const clock = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`);
    const day = fc.integer({ min: 0, max: 365 });
    fc.assert(
      fc.property(zones, clock, fc.integer({ min: 0, max: 12 }), day, (zone, at, hours, later) => {
        const [hour, minute] = at.split(':');
        const deadline = `${String((Number(hour) + hours) % 24).padStart(2, '0')}:${minute}`;
        const { backup, maintenance } = placed([feedAt(at, zone, deadline)]).windows;
        for (const start of [backup.slice(0, 5), maintenance.slice(4, 9)]) {
          const date = new Date(NOW.getTime() + later * 86_400_000).toISOString().slice(0, 10);
          const local = new Date(`${date}T${start}:00Z`).toLocaleTimeString('en-GB', { timeZone: zone });
          const since = (minutesOf(local) - minutesOf(at) + 1440) % 1440;
          expect(since).toBeGreaterThanOrEqual(hours * 60);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

const asPattern = (message: string | RegExp) =>
  typeof message === 'string' ? new RegExp(`^${message.replace(/[.()]/g, '\\$&')}$`) : message;
