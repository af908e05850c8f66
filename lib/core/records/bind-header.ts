import { NightfeedError } from '../errors.ts';
import { lenientName } from '../feed/identifier.ts';
import type { ReadingColumn } from '../feed/reading-spec.ts';
import { excerpt } from './excerpt.ts';

/**
 * The names in a header that are not declared; the others bind by exact name, in any order. `received` is the header as
 * sent, for messages. Throws HEADER_MISMATCH, also when an unknown name may be a missing one renamed; HEADER_DUPLICATE;
 * and SCHEMA_MISSING.
 */
export function bindHeader(
  header: readonly string[],
  columns: readonly Pick<ReadingColumn, 'name'>[],
  received: string,
): string[] {
  const declared = new Set(columns.map(({ name }) => name));
  const present = new Set(header);
  const missing = [...declared].filter((name) => !present.has(name));
  const extra = header.filter((name) => !declared.has(name));
  const expected = `expected ${excerpt([...declared].join(', '))}`;
  if (missing.length === declared.size) {
    throw new NightfeedError(
      'HEADER_MISMATCH',
      `the first record ${excerpt(received)} names no declared column; ${expected}`,
    );
  }
  const duplicate = header.find((name, index) => header.indexOf(name) !== index);
  if (duplicate !== undefined) {
    throw new NightfeedError('HEADER_DUPLICATE', `the header names ${excerpt(duplicate)} more than once; ${expected}`);
  }
  if (missing.length > 0 && extra.length > 0) {
    const difference = `the header lacks ${list(missing)} and has the unknown ${list(extra)}`;
    throw new NightfeedError('HEADER_MISMATCH', `${difference}; ${expected}`);
  }
  if (missing.length > 0) throw new NightfeedError('SCHEMA_MISSING', `the header lacks ${list(missing)}; ${expected}`);
  return extra;
}

/** The header with the declared spelling of every name that differs from one in case and blanks only. */
export function asDeclared(header: readonly string[], columns: readonly Pick<ReadingColumn, 'name'>[]): string[] {
  const declared = new Map(columns.map(({ name }) => [lenientName(name), name]));
  return header.map((name) => declared.get(lenientName(name)) ?? name);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => excerpt(name, 63));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
