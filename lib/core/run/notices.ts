import { NightfeedError } from '../errors.ts';
import { type BusinessDate, showTime } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import { type RunMessage, runMessage } from './message.ts';
import type { RunState } from './state.ts';

/** Says that a date is neither published nor found unchanged by its deadline. */
export function overdueMessage(feed: Feed, date: BusinessDate, deadline: Date, state: RunState | null): RunMessage {
  const became = state === null ? 'it has no run' : `its run is ${state}`;
  const error = new NightfeedError(
    'NIGHT_OVERDUE',
    `${feed.feed} ${date}: nothing was published, or found unchanged, by ${showTime(feed, deadline)}; ${became}`,
  );
  return { ...aboutDate(feed, date, error), id: `${feed.feed}/${date}:overdue` };
}

/** Says which dates went by without a run; of the last of them, so that a later night answers it. */
export function missedMessage(feed: Feed, dates: readonly BusinessDate[], now: Date): RunMessage {
  const last = dates.at(-1)!;
  const error = new NightfeedError(
    'NIGHTS_MISSED',
    `${feed.feed}: ${dates.length} ${dates.length === 1 ? 'night' : 'nights'} went by without a run, found at ${showTime(feed, now)}: ${listed(dates)}`,
  );
  return { ...aboutDate(feed, last, error), id: `${feed.feed}/${last}:missed` };
}

function aboutDate({ feed }: Feed, date: BusinessDate, error: NightfeedError): RunMessage {
  return runMessage({ run: { feed, date, revision: 1 }, state: 'late', changeSet: null, tables: {}, error });
}

const MOST_LISTED = 10;

function listed(dates: readonly BusinessDate[]): string {
  if (dates.length <= MOST_LISTED) return dates.join(', ');
  return `${dates.slice(0, MOST_LISTED - 1).join(', ')}, … ${dates.at(-1)}`;
}
