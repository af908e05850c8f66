/** Milliseconds by which the clocks of a zone are ahead of UTC. It reads another output of Intl than lib/core/schedule does. */
export function offsetOf(zone: string, instant: number): number {
  const text = formatOf(zone).format(instant);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT(?:([+-])(\d+):?(\d+)?:?(\d+)?)?/.exec(text)!;
  return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** A change of a zone's clocks: its first instant, and how far the clocks were ahead of UTC before it and are from it on. */
export interface Change {
  readonly zone: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Every change of a zone's clocks. Nobody changes them twice in a week. */
export function changesOf(zone: string, from: number, to: number): Change[] {
  const changes: Change[] = [];
  let before = offsetOf(zone, from);
  for (let start = from; start < to; start += WEEK) {
    const after = offsetOf(zone, start + WEEK);
    if (after !== before) changes.push({ zone, at: changeWithin(zone, start, start + WEEK), before, after });
    before = after;
  }
  return changes;
}

const WEEK = 7 * 24 * 3_600_000;
const MINUTE = 60_000;

function changeWithin(zone: string, start: number, end: number): number {
  const before = offsetOf(zone, start);
  let [low, high] = [start, end];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetOf(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  return format;
}

const formats = new Map<string, Intl.DateTimeFormat>();
