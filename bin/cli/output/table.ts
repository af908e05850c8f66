import Table from 'cli-table3';
import { shownText } from '../../../lib/core/shown-text.ts';

export interface Column {
  readonly align?: 'left' | 'right';
  /** Characters that the column has at least where there is room. */
  readonly least?: number;
  paint?(text: string): string;
}

export interface Lines {
  readonly lines: readonly string[];
  /** Columns of the terminal that the longest line takes. */
  readonly width: number;
}

type Rows = readonly (readonly string[])[];

/**
 * Rows whose columns stand under one another. Where the terminal has no room for them, columns become as narrow as what
 * they hold, and then the last one is broken between words.
 */
export function tableLines(rows: Rows, columns: readonly Column[], room: number): readonly string[] {
  if (rows.length === 0) return [];
  const wide = aligned(rows, columns);
  if (wide.width <= room) return wide.lines;
  const narrow = aligned(rows, columns.map(withoutLeast));
  if (narrow.width <= room) return narrow.lines;
  const others = aligned(
    rows.map((row) => row.slice(0, -1)),
    columns.slice(0, -1).map(withoutLeast),
  );
  const words = rows.flatMap((row) => row.at(-1)!.split(' ')).map((word) => [word]);
  const last = Math.max(room - others.width, aligned(words, [{}]).width);
  return aligned(rows, columns.map(withoutLeast), last).lines;
}

/** Each row is one line, unless `last`, the width of the last column, is less than what it holds. */
export function aligned(rows: Rows, columns: readonly Column[], last: number | null = null): Lines {
  // The library writes here how wide each column has become.
  const colWidths: (number | null)[] = columns.map((_column, index) => (index === columns.length - 1 ? last : null));
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': GAP, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths,
    wordWrap: true,
  });
  for (const row of rows) table.push(row.map((text, index) => cell(text, columns[index]!)));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return { lines, width: colWidths.reduce<number>((sum, width) => sum + width!, 0) };
}

/** Blanks before each column; those before the first one indent the table. */
const GAP = 2;

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];
const NO_BORDERS = Object.fromEntries(BORDERS.map((name) => [name, '']));

function withoutLeast({ least: _least, ...column }: Column): Column {
  return column;
}

function cell(text: string, { align, least = 0, paint = (text) => text }: Column): string {
  const shown = shownText(text);
  const padded = align === 'right' ? shown.padStart(least) : shown.padEnd(least);
  return padded && paint(padded);
}
