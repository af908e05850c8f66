import type { Expression } from '../expression/expression.ts';
import { failureOf } from '../expression/failure.ts';
import { type Meaning, newestMeaning } from '../expression/meaning.ts';
import { readingSpecOf } from './reading-spec.ts';
import { retainWhere } from './rules/retain-condition.ts';
import { shapingOf } from './shaping.ts';
import type { Table } from './spec/table.ts';

/** Changes of the meaning of expressions, oldest first, each with the expressions that it concerns. */
const changes: readonly { readonly version: Meaning; concerns(expression: Expression): boolean }[] = [
  { version: 2, concerns: (expression) => failureOf(expression) !== null },
];

interface Tables {
  tables: Record<string, Table>;
}

/** Spelled out, because it is part of a type that the package exports. */
type WithMeaning<Feed> = Omit<Feed, 'tables'> & { tables: Record<string, Table> };

/** Marks a feed file that was just read: its expressions have today's meaning. */
export function underNewestMeaning<Feed extends Tables>(feed: Feed): WithMeaning<Feed> {
  return mapTables(feed, underNewest);
}

/** Removes the mark from tables whose expressions have always meant the same, so that their hashes and snapshots stay valid. */
export function withMeaning<Feed extends Tables>(feed: Feed): WithMeaning<Feed> {
  return mapTables(feed, (table) => {
    const newest = underNewest(table);
    const { derived, filters, broken } = shapingOf(readingSpecOf(newest));
    const reading = latestOf([...derived.values(), ...filters, ...broken.values()].map(({ expression }) => expression));
    const condition = retainWhere(newest, newestMeaning);
    const retaining = latestOf(condition ? [condition] : []);
    if (!reading && !retaining) return table;
    return { ...table, meaning: { ...(reading && { reading }), ...(retaining && { retain_where: retaining }) } };
  });
}

/** The last change that concerns one of these expressions. */
function latestOf(expressions: readonly Expression[]): Meaning | undefined {
  return changes.findLast(({ concerns }) => expressions.some(concerns))?.version;
}

function underNewest(table: Table): Table {
  return { ...table, meaning: { reading: newestMeaning, retain_where: newestMeaning } };
}

function mapTables<Feed extends Tables>(feed: Feed, change: (table: Table) => Table): WithMeaning<Feed> {
  const tables = Object.entries(feed.tables).map(([name, table]) => [name, change(table)]);
  return { ...feed, tables: Object.fromEntries(tables) };
}
