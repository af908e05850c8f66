/** What the vendor means by a field, whatever type the feed file gives the column; ODD is no number, and rejected as one. */
export type Meaning = number | null | typeof ODD;
export const ODD = 'odd';

/** A column's type; every meaning can be written in each of its family. */
export const families = {
  number: ['integer', 'bigint', 'decimal(8,2)', 'double', 'text'],
  time: ['date', 'timestamp', 'timestamptz', 'text'],
} as const;
export type Family = keyof typeof families;
export type Type = (typeof families)[Family][number];

/** As the vendor writes it in a file; null is an empty field. */
export function written(meaning: Meaning, family: Family, type: Type): string {
  if (meaning === null) return '';
  if (family === 'number' || meaning === ODD) return String(meaning);
  const day = dayOf(meaning);
  return type === 'timestamp' ? `${day} 00:00:00` : type === 'timestamptz' ? `${day}T00:00:00Z` : day;
}

/** What a value of production means, read as text in UTC and ISO style. */
export function meant(text: string | null, family: Family): Meaning {
  if (text === null) return null;
  if (text === ODD) return ODD;
  if (family === 'number') return Number(text);
  return Math.round((Date.parse(`${text.slice(0, 10)}T00:00:00Z`) - EPOCH) / DAY_MS);
}

const EPOCH = Date.parse('2026-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

function dayOf(days: number): string {
  return new Date(EPOCH + days * DAY_MS).toISOString().slice(0, 10);
}
