import { lenientName } from '../feed/identifier.ts';
import type { ReadingColumn } from '../feed/reading-spec.ts';

type NamedColumn = Pick<ReadingColumn, 'name' | 'from'>;

/** A column as the vendor's header names it; `nth` tells apart those that have the same name, from 1. */
interface SentName {
  readonly name: string;
  readonly nth?: number | undefined;
}

/** A name of a header: of a declared column; of one that the feed leaves out; or one that the feed does not know. */
interface BoundName {
  readonly name: string;
  readonly kind: 'declared' | 'ignored' | 'unknown';
}

export function sentNameOf({ name, from = name }: NamedColumn): SentName {
  return typeof from === 'string' ? { name: from } : from;
}

/** The names of a header, those of declared columns as they are declared. */
export function declaredNames(
  sent: readonly string[],
  columns: readonly NamedColumn[],
  ignored: readonly string[],
): BoundName[] {
  const byName = new Map(columns.map((column) => [placeOf(sentNameOf(column)), column.name]));
  const declared = new Set(columns.map(({ name }) => name));
  const seen = new Map<string, number>();
  return sent.map((name) => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const column = byName.get(placeOf({ name, nth })) ?? byName.get(placeOf({ name }));
    if (column !== undefined) return { name: column, kind: 'declared' };
    const kind = ignored.includes(name) ? 'ignored' : 'unknown';
    // A declared column of this name is read from another place.
    let apart = name;
    while (declared.has(apart)) apart += ' (not read)';
    return { name: apart, kind };
  });
}

/** The header with the spelling of the feed for every name that differs in case and blanks only. */
export function asDeclared(sent: readonly string[], columns: readonly NamedColumn[]): string[] {
  const spelt = new Map(columns.map(sentNameOf).map(({ name }) => [lenientName(name), name]));
  return sent.map((name) => spelt.get(lenientName(name)) ?? name);
}

function placeOf({ name, nth }: SentName): string {
  return JSON.stringify([name, nth ?? null]);
}
