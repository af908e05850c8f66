import { offsetOf } from './zone-offset.ts';

/**
 * What AWS documents of EventBridge Scheduler ("Schedule types", section on daylight saving time): a time that the clocks skip is not
 * invoked, and a time that they show twice is invoked once. Which of the two it is, is not documented, so a test tries both.
 */
export function invocationAt(day: string, time: string, zone: string, twice: 'first' | 'second'): Date | undefined {
  const shown = Date.parse(`${day}T${time}:00Z`);
  const offsets = new Set([-DAY, DAY].map((near) => offsetOf(zone, shown + near)));
  const found = [...offsets].map((offset) => shown - offset).filter((at) => shown - at === offsetOf(zone, at));
  found.sort((a, b) => a - b);
  const instant = twice === 'first' ? found[0] : found.at(-1);
  return instant === undefined ? undefined : new Date(instant);
}

const DAY = 24 * 3_600_000;
