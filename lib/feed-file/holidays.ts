import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { NightfeedError } from '../core/errors.ts';
import { holiday } from '../core/feed/spec/schedule.ts';
import { shownText } from '../core/shown-text.ts';

/**
 * A feed with the days of `schedule.holidays.file` in its place, so that the feed document of a run says by which days it went. Anything
 * else stays as it is, for the schema to judge. Throws FEED_INVALID.
 */
export function withHolidays(feed: unknown, folder: string): unknown {
  const named = feed as { schedule?: { holidays?: { file?: unknown } } } | null;
  const file = named?.schedule?.holidays?.file;
  if (typeof file !== 'string' || Object.keys(named!.schedule!.holidays!).length > 1) return feed;
  return { ...named, schedule: { ...named!.schedule, holidays: daysOf(resolve(folder, file)) } };
}

function daysOf(path: string): string[] {
  const lines = textOf(path).split(/\r\n|\n|\r/);
  const days = lines.map((line) => line.replace(/#.*/, '').trim());
  const faults = days.flatMap((day, index) =>
    day === '' || holiday.safeParse(day).success
      ? []
      : [`${path}:${index + 1}: expected a day such as 2026-12-25, received ${dateLike(day)}`],
  );
  if (faults.length > 0) throw new NightfeedError('FEED_INVALID', faults.slice(0, MOST_FAULTS).join('\n'));
  return days.filter((day) => day !== '');
}

const MOST_FAULTS = 100;

/** What is no date may be another file than its author may read, of which a message must not tell anything. */
function dateLike(day: string): string {
  const shown = shownText(day);
  return /^\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}(\\u\{[0-9a-f]+\})*$/.test(shown) ? shown : 'something else';
}

/** A thousand days with long comments. */
const MOST_BYTES = 100_000;

function textOf(path: string): string {
  let size: number;
  try {
    size = statSync(path).isFile() ? statSync(path).size : Number.NaN;
    if (size <= MOST_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NightfeedError('FEED_INVALID', `schedule.holidays.file: cannot read ${path}: ${code}`, { cause: error });
  }
  const received = Number.isNaN(size) ? 'something else' : `${size} bytes`;
  throw new NightfeedError(
    'FEED_INVALID',
    `schedule.holidays.file: expected a file of at most ${MOST_BYTES} bytes, received ${received} at ${path}`,
  );
}
