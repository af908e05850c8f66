import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { type Column, columnsOf, type Feed } from '../../../core/feed/spec.ts';
import { type ComparedColumn, comparedColumns } from '../../../core/run/applied-table.ts';

/** A table of a feed, for making SQL. `table` and `history` are qualified and quoted. */
export interface Target {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly history: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Column[];
  /** Columns that an update sets. */
  readonly values: readonly Column[];
  /** Columns that the fingerprint covers. */
  readonly compared: readonly ComparedColumn[];
  /** Gone rows may stay, stamped. */
  readonly keepsGone: boolean;
  /** A condition decides which gone rows stay; the others are deleted. */
  readonly keepsSome: boolean;
  readonly keepsHistory: boolean;
}

export function targetOf(feed: Feed, name: string): Target {
  const spec = feed.tables[name]!;
  const columns = columnsOf(spec);
  const qualified = (relation: string) => `${quoteIdentifier(feed.target.schema)}.${quoteIdentifier(relation)}`;
  return {
    name,
    schema: feed.target.schema,
    table: qualified(name),
    history: qualified(`${name}_history`),
    columns,
    keys: columns.filter((column) => column.key),
    values: columns.filter((column) => !column.key),
    compared: comparedColumns(spec),
    keepsGone: spec.on_delete === 'retain' || spec.retain_where !== undefined,
    keepsSome: spec.retain_where !== undefined,
    keepsHistory: spec.history,
  };
}

/** `x."a" = y."a" AND …` over the key. */
export function sameKey(target: Target, left: string, right: string): string {
  return target.keys
    .map(({ name }) => `${left}.${quoteIdentifier(name)} = ${right}.${quoteIdentifier(name)}`)
    .join(' AND ');
}
