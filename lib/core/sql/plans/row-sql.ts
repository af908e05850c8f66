import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { rowTextSql } from '../dialects/row-text.ts';

/** A column of a plan's relations, named by its index, so that no vendor's name reaches SQL. */
type PlacedColumn = Column & { readonly c: string };

/** SQL fragments for the rows of a table. */
export interface RowSql {
  readonly all: readonly PlacedColumn[];
  readonly keys: readonly PlacedColumn[];
  readonly compared: readonly PlacedColumn[];
  /** `n.c0, n.c1` */
  list(prefix: string, of?: readonly PlacedColumn[]): string;
  /** `a.c0 = b.c0 AND …` over the key. */
  sameKey(a: string, b: string): string;
  /** The text of a row, or of some columns, that is hashed. */
  text(prefix: string, of: readonly PlacedColumn[]): string;
}

export function rowSql(sql: SqlDialect, columns: readonly Column[]): RowSql {
  const all = columns.map((column, index) => ({ ...column, c: `c${index}` }));
  const keys = all.filter((column) => column.key);
  return {
    all,
    keys,
    compared: all.filter((column) => column.compare),
    list: (prefix, of = all) => of.map(({ c }) => `${prefix}${c}`).join(', '),
    sameKey: (a, b) => keys.map(({ c }) => `${a}.${c} = ${b}.${c}`).join(' AND '),
    text: (prefix, of) =>
      rowTextSql(
        sql,
        of.map(({ c, type }) => ({ sql: `${prefix}${c}`, type })),
      ),
  };
}
