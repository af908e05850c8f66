import { todayIn } from '../../core/feed/business-date.ts';
import type { Feed } from '../../core/feed/spec.ts';
import { warningsOf } from '../../core/feed/warnings/warnings.ts';
import type { Ports } from '../../ports/ports.ts';
import { Area, type Tell } from './area.ts';
import type { DoctorRequest } from './request.ts';

export interface FeedPorts extends Pick<Ports, 'elapsed' | 'formats' | 'now'> {
  /** The value of a secret, if this machine lets the feed have it. */
  readSecret(reference: string): Promise<string>;
}

/** Looks at the feed file and its secrets, of which no value is shown. Resolves to whether the source has all of them. */
export async function examineFeed(
  { feed, reach, secrets }: DoctorRequest,
  ports: FeedPorts,
  tell: Tell,
): Promise<boolean> {
  const area = new Area('feed', { seconds: 30, late: 'SECRET_MISSING' }, ports, tell);
  const tables = Object.keys(feed.tables).join(', ');
  await area.look(async () => ({
    found: `${feed.feed} is valid: ${reach.kind} ${reach.place}, tables ${tables}`,
    value: true,
  }));
  for (const warning of [...warningsOf(feed, ports.formats), ...holidayWarnings(feed, ports.now())]) area.warn(warning);
  let hasAll = true;
  for (const reference of secrets) {
    const isThere = await area.look(async () => {
      const value = await ports.readSecret(reference);
      if (value === '')
        return {
          found: `${reference} is empty`,
          hint: 'Give it its value, unless the vendor asks for none.',
          value: true,
        };
      return { found: `${reference} can be read`, value: true };
    });
    hasAll &&= isThere === true;
  }
  return hasAll;
}

/** A list of holidays ends some day, and then nights are late on days on which nobody delivers. */
function holidayWarnings(feed: Feed, now: Date): string[] {
  const last = feed.schedule?.holidays?.at(-1);
  if (last === undefined || last >= todayIn(feed, now)) return [];
  return [`schedule.holidays: the last one, ${last}, is past, so that a night is expected on every day after it`];
}
