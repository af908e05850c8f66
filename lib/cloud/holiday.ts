import type { ClaimAnswer, ClaimEvent } from '../core/cloud/events.ts';
import { businessDateOn, ownDayOf } from '../core/feed/business-date.ts';
import { runName } from '../core/run/keys.ts';
import { lastNight } from '../core/schedule/night-days.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { RunRequest } from '../steps/run/run-request.ts';

/**
 * The answer on a holiday. No run is opened. It says whether production holds the night before, because the alarm for feeds that go silent
 * counts holidays as nights that found production up to date: a holiday after a night that failed must not end that alarm.
 */
export async function answerHoliday(
  { input }: ClaimEvent,
  { feed, date }: RunRequest,
  { ledger }: WithLedger<Runs>,
): Promise<ClaimAnswer> {
  const before = lastNight(feed.schedule!, ownDayOf(feed, date), new Date(input.scheduledTime!));
  const held = await ledger.lastNight(feed.feed);
  const isCurrent = held !== null && held.run.date >= businessDateOn(feed, before.day);
  return {
    run: runName({ feed: feed.feed, date, revision: 1 }),
    outcome: isCurrent ? 'holiday' : 'holiday-behind',
  };
}
