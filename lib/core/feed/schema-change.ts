import { z } from 'zod';
import { entryOf } from '../entry-of.ts';
import { NightfeedError } from '../errors.ts';
import { type Stored, storedByName, storedTexts } from '../objects/stored.ts';
import { excerpt, excerpts } from '../shown-text.ts';
import type { FormatDescriptor } from './descriptors/format-descriptor.ts';
import { isIdentifier, reservedColumns } from './identifier.ts';
import { complaintsAbout } from './spec/checks/checks.ts';
import { uncomparedText } from './spec/column.ts';
import type { Contract, Feed, Table } from './spec.ts';

const headerChange = z.object({
  /** Unknown names, in file order. */
  added: storedTexts,
  /** Declared names that are missing. */
  missing: storedTexts,
  /** The name found instead, by declared name. */
  renamed: storedByName(z.string()),
  reordered: z.boolean(),
});

export const schemaChangeSchema = headerChange.extend({
  /** Columns whose first values all fail to read as the declared type. */
  retyped: storedTexts,
  /** Columns that the delivery brings into the table, as text. */
  taken: storedTexts,
  /** Declared columns that this delivery does not write. */
  withheld: storedTexts,
});

/** How the columns of a file differ from the declared ones. Names that are not declared come from the vendor. */
export type HeaderChange = Stored<typeof headerChange>;

/** The same for all files of a table, with what its contract decided. */
export type SchemaChange = Stored<typeof schemaChangeSchema>;

export const noSchemaChange: SchemaChange = {
  added: [],
  missing: [],
  renamed: {},
  reordered: false,
  retyped: [],
  taken: [],
  withheld: [],
};

/** Merges the changes of a table's files. Throws HEADER_MISMATCH when the files would write different columns. */
export function changeOfAll(files: readonly HeaderChange[], contract: Contract): HeaderChange {
  const [first = noSchemaChange] = files;
  const written = ({ added, missing, renamed }: HeaderChange) =>
    JSON.stringify([contract.added === 'evolve' ? added.toSorted() : [], missing, renamed]);
  if (files.some((file) => written(file) !== written(first)))
    throw new NightfeedError('HEADER_MISMATCH', 'the files of one table bring different columns');
  return {
    ...first,
    added: [...new Set(files.flatMap(({ added }) => added))].sort(),
    reordered: files.some(({ reordered }) => reordered),
  };
}

/** Applies the contract to a change that it did not refuse. Throws SCHEMA_RETYPED when it refuses a changed type. */
export function applyContract(
  table: Pick<Table, 'columns' | 'contract'>,
  change: HeaderChange,
  retyped: SchemaChange['retyped'],
): SchemaChange {
  const { contract } = table;
  const [name] = retyped;
  if (name !== undefined && contract.retyped === 'refuse') {
    const was = `the column ${excerpt(name)} is declared as ${table.columns[name]!.type}`;
    throw new NightfeedError('SCHEMA_RETYPED', `${was}; none of its first values reads as that`);
  }
  const added = contract.added === 'evolve' ? takeable(table, change.added) : [];
  const apart = contract.retyped === 'evolve' ? setApart(table, retyped, added) : [];
  return {
    ...change,
    retyped,
    taken: [...added, ...apart.map(textNameOf)],
    withheld: [...change.missing, ...apart],
  };
}

/** A table as this delivery writes it. */
export function tableOfDelivery(table: Table, { taken, withheld }: SchemaChange): Table {
  if (taken.length + withheld.length === 0) return table;
  const written = Object.entries(table.columns).filter(([name]) => !withheld.includes(name));
  return { ...table, columns: Object.fromEntries([...written, ...taken.map((name) => [name, uncomparedText])]) };
}

/** The feed with its tables as the delivery writes them. */
export function feedOfDelivery(feed: Feed, landed: Readonly<Record<string, { readonly schema: SchemaChange }>>): Feed {
  const tables = Object.entries(feed.tables).map(([name, table]) => {
    const change = entryOf(landed, name)?.schema;
    return [name, change ? tableOfDelivery(table, change) : table];
  });
  return { ...feed, tables: Object.fromEntries(tables) };
}

/** Throws SCHEMA_MISSING when the feed file cannot do without a column that this delivery does not write. */
export function requireWhole(
  feed: Feed,
  table: string,
  change: SchemaChange,
  formats: readonly FormatDescriptor[],
): void {
  if (change.withheld.length === 0) return;
  const [complaint] = complaintsAbout(feedOfDelivery(feed, { [table]: { schema: change } }), formats);
  if (complaint === undefined) return;
  const without = excerpts(change.withheld, { told: 5 });
  throw new NightfeedError('SCHEMA_MISSING', `without ${without} the feed file does not hold: ${complaint}`);
}

/** Names of a file's columns, as the table of this delivery has them. */
export function headerOfDelivery(header: readonly string[], { withheld }: SchemaChange): string[] {
  return header.map((name) => (withheld.includes(name) ? textNameOf(name) : name));
}

/** The text column that takes the values which the declared type cannot hold. */
function textNameOf(column: string): string {
  return `${column}_text`;
}

/** More unknown columns at once mean that this is a different file. */
const MAX_TAKEN = 50;

function takeable({ columns }: Pick<Table, 'columns'>, names: readonly string[]): string[] {
  const seen = new Set(Object.keys(columns).map((name) => name.toLowerCase()));
  const fit = names.filter((name) => {
    const folded = name.toLowerCase();
    if (!isIdentifier(name) || reservedColumns.has(folded) || seen.has(folded)) return false;
    seen.add(folded);
    return true;
  });
  return fit.length > MAX_TAKEN ? [] : fit;
}

function setApart(table: Pick<Table, 'columns'>, names: readonly string[], added: readonly string[]): string[] {
  const all = { ...table.columns, ...Object.fromEntries(added.map((name) => [name, uncomparedText])) };
  return names.filter((name) => !table.columns[name]!.key && takeable({ columns: all }, [textNameOf(name)]).length > 0);
}
