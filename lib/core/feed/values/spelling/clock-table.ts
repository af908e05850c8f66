import { offsetIn } from '../../../schedule/zone-clock.ts';

/**
 * What the clocks of a zone show, from the first to the last year: entries of text in order, each `from before after`. From this
 * time on, the clocks are `before` ahead of UTC, and `after` the same; or they skip the times to the next entry, with `gap` for
 * `after`; or they show them twice. `none`: nobody can say.
 *
 * It is part of a reading spec, so that all engines and all versions of the time zone database read the same bytes alike.
 */
export type ClockTable = readonly string[];

/** Before 1970 databases differ, and what lies far ahead no government has decided. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2069;

export interface ClockEntry {
  /** Local time, as `YYYY-MM-DD HH:MM`. */
  readonly from: string;
  readonly before: string;
  readonly after: string;
}

export function clockTableOf(zone: string): ClockTable {
  const known = tables.get(zone);
  if (known) return known;
  const made = makeTable(zone);
  tables.set(zone, made);
  return made;
}

export function clockEntries(table: ClockTable): ClockEntry[] {
  return table.map((text) => {
    const [day, time, before = '', after = before] = text.split(' ');
    return { from: `${day} ${time}`, before, after };
  });
}

const tables = new Map<string, ClockTable>();

function makeTable(zone: string): ClockTable {
  const last = Date.UTC(LAST_YEAR + 1);
  let offset = offsetIn(zone, Date.UTC(FIRST_YEAR) - DAY);
  const table = [`${FIRST_YEAR}-01-01 00:00 ${shown(offset)}`];
  for (let at = Date.UTC(FIRST_YEAR) - DAY; at < last + DAY; at += WEEK) {
    if (offsetIn(zone, at + WEEK) === offset) continue;
    const change = changeWithin(zone, at, at + WEEK);
    const next = offsetIn(zone, change);
    const isGap = next > offset;
    const [from, to] = isGap ? [change + offset, change + next] : [change + next, change + offset];
    const end = Math.ceil(to / MINUTE) * MINUTE;
    table.push(
      `${localText(from)} ${shown(offset)} ${isGap ? 'gap' : shown(next)}`,
      `${localText(end)} ${shown(next)}`,
    );
    offset = next;
    // A second change within the week is found from here on.
    at = change - WEEK;
  }
  const [begin, end] = [`${FIRST_YEAR}-01-01 00:00`, `${LAST_YEAR + 1}-01-01 00:00`];
  const inside = table.filter((text, index) => (table[index + 1] ?? '9999') > begin && text < end);
  return [
    `0000-00-00 00:00 ${NONE}`,
    ...inside.map((text) => (text < begin ? begin + text.slice(begin.length) : text)),
    `${end} ${NONE}`,
  ];
}

export const NONE = 'none';

/** The first moment after `from` at which the offset is another. */
function changeWithin(zone: string, from: number, to: number): number {
  const before = offsetIn(zone, from);
  let [low, high] = [from, to];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetIn(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** `+01:00`; where clocks show seconds of their own, no offset that a timestamp could be written with. */
function shown(offset: number): string {
  const minutes = Math.abs(offset) / MINUTE;
  if (!Number.isInteger(minutes)) return NONE;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const localText = (local: number) => new Date(local).toISOString().slice(0, 16).replace('T', ' ');

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
