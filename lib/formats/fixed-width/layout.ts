import type { FixedWidthFormat } from './options.ts';

/** Where fields stand in a record, counted from 0 in characters or bytes, in the order of their starts. */
export interface Layout {
  readonly names: readonly string[];
  readonly starts: readonly number[];
  /** Behind the last character. */
  readonly ends: readonly number[];
  /** Where a field begins or ends, ascending. */
  readonly cuts: readonly number[];
  /** Of a whole record. */
  readonly length: number;
  /** Of the shortest record that may be taken. */
  readonly least: number;
}

export function layoutOf({ fields, record_length, min_length }: FixedWidthFormat): Layout {
  const placed = Object.entries(fields)
    .map(([name, { start, length }]) => ({ name, start: start - 1, end: start - 1 + length }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const length = record_length ?? Math.max(...placed.map(({ end }) => end));
  return {
    names: placed.map(({ name }) => name),
    starts: placed.map(({ start }) => start),
    ends: placed.map(({ end }) => end),
    cuts: [...new Set([0, length, ...placed.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b),
    length,
    least: min_length ?? length,
  };
}

/** The first two fields that stand on the same places. */
export function overlapOf({ names, starts, ends }: Layout): readonly [string, string] | undefined {
  for (let index = 1, longest = 0; index < names.length; index++) {
    if (starts[index]! < ends[longest]!) return [names[longest]!, names[index]!];
    if (ends[index]! > ends[longest]!) longest = index;
  }
  return undefined;
}
