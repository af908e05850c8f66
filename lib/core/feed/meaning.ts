import { type Expression, partsOf } from '../expression/expression.ts';
import { failureOf } from '../expression/failure.ts';
import { type Meaning, newestMeaning } from '../expression/meaning.ts';
import { portablePattern } from '../expression/pattern.ts';
import { readingSpecOf } from './reading-spec.ts';
import { retainWhere } from './rules/retain-condition.ts';
import { shapingOf } from './shaping.ts';
import type { Table } from './spec/table.ts';
import type { ColumnType } from './values/column-type.ts';
import { isSpelledAsEver, type SpellingOptions } from './values/spelling/spelling.ts';
import { isTextual } from './values/type-traits.ts';

/** What a table says that a change of meaning may concern. */
interface Sayings {
  readonly expressions: readonly Expression[];
  readonly patterns: readonly string[];
  readonly spellings: readonly SpellingOptions[];
  readonly types: readonly ColumnType[];
}

/** Changes of meaning, oldest first. */
const changes: readonly { readonly version: Meaning; concerns(sayings: Sayings): boolean }[] = [
  { version: 2, concerns: ({ expressions }) => expressions.some((each) => failureOf(each) !== null) },
  {
    version: 3,
    concerns: ({ patterns }) => patterns.some((each) => portablePattern(each, 2) !== portablePattern(each, 3)),
  },
  { version: 4, concerns: ({ spellings }) => !spellings.every(isSpelledAsEver) },
  { version: 5, concerns: ({ types, expressions }) => types.includes('double') || expressions.some(readsDoubles) },
];

/** Whether a text may be read as a double. */
function readsDoubles(expression: Expression): boolean {
  const { kind, type } = expression;
  const isRead = kind === 'cast' && type === 'double' && expression.of.type !== 'null' && isTextual(expression.of.type);
  return isRead || partsOf(expression).some(readsDoubles);
}

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
    const spec = readingSpecOf(newest);
    const { derived, filters, broken } = shapingOf(spec);
    const reading = latestOf({
      expressions: [...derived.values(), ...filters, ...broken.values()].map(({ expression }) => expression),
      patterns: (spec.rules ?? []).flatMap(({ kind, value }) => (kind === 'pattern' ? value : [])),
      spellings: spec.columns,
      types: spec.columns.map(({ type }) => type),
    });
    const condition = retainWhere(newest, newestMeaning);
    const retaining = latestOf({ expressions: condition ? [condition] : [], patterns: [], spellings: [], types: [] });
    if (!reading && !retaining) return table;
    return { ...table, meaning: { ...(reading && { reading }), ...(retaining && { retain_where: retaining }) } };
  });
}

/** The last change that concerns what is said. */
function latestOf(sayings: Sayings): Meaning | undefined {
  return changes.findLast(({ concerns }) => concerns(sayings))?.version;
}

function underNewest(table: Table): Table {
  return { ...table, meaning: { reading: newestMeaning, retain_where: newestMeaning } };
}

function mapTables<Feed extends Tables>(feed: Feed, change: (table: Table) => Table): WithMeaning<Feed> {
  const tables = Object.entries(feed.tables).map(([name, table]) => [name, change(table)]);
  return { ...feed, tables: Object.fromEntries(tables) };
}
