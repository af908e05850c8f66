import type { Value } from './bad-value.ts';

/** Times of a day as ISO 8601 writes them, without a zone; the end of the day is one, as for PostgreSQL. JavaScript, RE2 and Java read it alike. */
export const timePattern = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?|24:00(:00([.]0+)?)?';

/** Fits a time whose seconds have more than six digits that count. */
export const tooFineTime = '[0-9:]{8}[.][0-9]{6}[0-9]*[1-9][0-9]*';

/** Finds the canonical text in a time with seconds: without needless zeros at its end. */
export const canonicalTime = '^[0-9:]{8}([.][0-9]*[1-9])?';

export function parseTime(raw: string): Value {
  if (!wholeTime.test(raw)) return { code: 'TIME' };
  if (wholeTooFine.test(raw)) return { code: 'SCALE' };
  return { text: withSeconds(raw).match(canonicalTime)![0] };
}

const wholeTime = new RegExp(`^(?:${timePattern})$`);
const wholeTooFine = new RegExp(`^(?:${tooFineTime})$`);
const withSeconds = (raw: string) => (raw.length === 'HH:MM'.length ? `${raw}:00` : raw);
