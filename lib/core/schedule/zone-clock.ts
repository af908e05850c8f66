/** What the clocks of a zone show, as `YYYY-MM-DDTHH:MM:SS`. */
export function clockIn(timezone: string, instant: Date): string {
  const parts = formatOf(timezone).formatToParts(instant);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The instant at which the clocks of a zone show this time. For a time that they skip: as long after the gap begins as the time is in it. */
export function instantOf(day: string, time: string, timezone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const closer = (guess: number) => guess + wanted - Date.parse(`${clockIn(timezone, new Date(guess))}Z`);
  const second = closer(closer(wanted));
  // In a gap the guesses would jump between its two sides for ever.
  return new Date(Math.max(second, closer(second)));
}

/** Whether the clocks of a zone show this time on this day. In spring they skip some. */
export function isShown(day: string, time: string, timezone: string): boolean {
  return clockIn(timezone, instantOf(day, time, timezone)).startsWith(`${day}T${time}`);
}

/** The day so many days after this one, or before it. A zone's calendar may lack it. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether the calendar of a zone has this day. A zone that crosses the date line skips one, as Pacific/Apia did on 2011-12-30. */
export function hasDay(day: string, timezone: string): boolean {
  const name = `${timezone} ${day}`;
  const known = days.get(name) ?? isShown(day, '12:00', timezone);
  days.set(name, known);
  return known;
}

/** Asked for every file of a listing, and always about the same few days. */
const days = new Map<string, boolean>();

/** How many hours the clocks of a zone skip at once, rounded up; 0 where they never skip any. A day that is skipped whole does not count. */
export function hoursSkipped(timezone: string): number {
  let longest = 0;
  for (let at = FIRST; at < LAST; at += WEEK) {
    const leap = offsetIn(timezone, at + WEEK) - offsetIn(timezone, at);
    if (leap < WHOLE_DAY) longest = Math.max(longest, leap);
  }
  return Math.ceil(longest / HOUR);
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Less than a day, because no leap of a few hours comes near. */
const WHOLE_DAY = 20 * HOUR;
/** A zone that changed its clocks some years ago may do so again. */
const FIRST = Date.UTC(2005);
const LAST = Date.UTC(2045);

/** How far the clocks of a zone are ahead of UTC, in milliseconds; `instant` is a whole second. */
export function offsetIn(timezone: string, instant: number): number {
  return Date.parse(`${clockIn(timezone, new Date(instant))}Z`) - instant;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timezone, format);
  return format;
}

/** Making one takes as long as using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();
