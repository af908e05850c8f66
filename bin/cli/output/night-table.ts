import { explainFiles } from '../../../lib/core/delivery/explain-files.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import type { Output } from './output.ts';
import { aligned, type Column, tableLines } from './table.ts';

type Tables = NightResult['tables'];
type Count = (typeof always)[number] | (typeof sometimes)[number];

const always = ['rows', 'inserted', 'updated', 'returned', 'gone', 'unchanged', 'rejected', 'suspended'] as const;

/** Only where the feed filters rows, collapses versions of a key, or keeps some of the rows that are gone. */
const sometimes = ['filtered', 'collapsed', 'reverted', 'retained'] as const;

/** What became of the rows, a line a table; where the terminal has no room for all numbers, without those that are 0 everywhere. */
export function printTables(output: Output, tables: Tables): void {
  const isAnywhere = (count: Count) => Object.values(tables).some((numbers) => numbers[count]);
  const counts: readonly Count[] = [...always, ...sometimes.filter(isAnywhere)];
  const found = counts.filter((count) => count === 'rows' || isAnywhere(count));
  const ways = [linesOf(tables, counts, NUMBER), linesOf(tables, counts), linesOf(tables, found)];
  const fitting = ways.find(({ width }) => width <= output.room);
  if (fitting) printLines(output, tables, fitting.lines);
  else printSentences(output, tables, found);
}

function printLines(output: Output, tables: Tables, [head, ...lines]: readonly string[]): void {
  output.print(output.paint('dim', head!));
  for (const [index, numbers] of Object.values(tables).entries()) {
    output.print(lines[index]);
    printBelow(output, numbers, widthOfNames(tables) + 4);
  }
}

/** Characters of a number where there is room. */
const NUMBER = 9;

function linesOf(tables: Tables, counts: readonly Count[], least = 0) {
  const rows = Object.entries(tables).map(([name, numbers]) => [
    name,
    ...counts.map((count) => written(numbers[count])),
    numbers.engine,
  ]);
  const number: Column = { align: 'right', least };
  return aligned([['table', ...counts, 'engine'], ...rows], [{}, ...counts.map(() => number), {}]);
}

/** Two lines a table. */
function printSentences(output: Output, tables: Tables, counts: readonly Count[]): void {
  for (const [name, numbers] of Object.entries(tables)) {
    output.print(`  ${name}  ${output.paint('dim', numbers.engine)}`);
    const told = counts.filter((count) => count === 'rows' || numbers[count]);
    const sentence = told.map((count) => `${written(numbers[count])} ${count}`).join(', ');
    for (const line of tableLines([['', sentence]], [{}, {}], output.room)) output.print(line);
    printBelow(output, numbers, 4);
  }
}

/** Which files were taken, and what about them is odd. */
function printBelow(output: Output, { files, notes = [] }: Tables[string], indent: number): void {
  const told = [...(files ? [explainFiles(files)] : []), ...notes.map((note) => `note: ${note}`)];
  for (const text of told)
    for (const line of tableLines([[' '.repeat(indent - 4), text]], [{}, {}], output.room))
      output.print(output.paint('dim', line));
}

const widthOfNames = (tables: Tables) => Math.max('table'.length, ...Object.keys(tables).map((name) => name.length));

const written = (count = 0) => count.toLocaleString('en');
