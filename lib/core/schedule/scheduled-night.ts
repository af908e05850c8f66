import { type BusinessDate, businessDateAt, businessDateOn, todayIn } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import { hasNight, isHoliday } from './night-days.ts';
import { clockIn, isShown } from './zone-clock.ts';

/** The night that an invocation of a schedule is for. */
interface ScheduledNight {
  readonly date: BusinessDate;
  /** false for an invocation of the later schedule on a day on which the clocks show `schedule.at`. */
  readonly isDue: boolean;
  /** Whether the invocation is for a holiday, on which no night begins. */
  readonly isHoliday: boolean;
}

/**
 * The night of a scheduled time, which says what the clocks of the feed's zone showed. EventBridge Scheduler invokes nothing at a time that
 * the clocks skip. So there is a second schedule, `hoursLater`, and its invocation counts on days on which `schedule.at` is skipped.
 */
export function scheduledNight(feed: Feed, scheduledTime: Date, hoursLater = 0): ScheduledNight {
  const times = { timezone: 'UTC', ...feed.schedule };
  const { timezone } = times;
  const shown = Date.parse(`${clockIn(timezone, scheduledTime)}Z`);
  if (hoursLater === 0 || Number.isNaN(shown))
    return {
      date: businessDateAt(feed, scheduledTime),
      isDue: true,
      isHoliday: isHoliday(times, todayIn(feed, scheduledTime)),
    };
  const [day, clock] = new Date(shown - hoursLater * HOUR).toISOString().split('T') as [BusinessDate, string];
  const holiday = isHoliday(times, day);
  const isSkipped = (holiday || hasNight(times, day)) && !isShown(day, clock.slice(0, 5), timezone);
  return { date: businessDateOn(feed, day), isDue: isSkipped, isHoliday: isSkipped && holiday };
}

const HOUR = 3_600_000;
