import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { rowTextSql } from '../dialects/row-text.ts';

/** A column of a plan's relations, by place: no name of the vendor's reaches SQL. */
type PlacedColumn = Column & { readonly c: string };

/** How plans write the rows of a table. */
export interface RowSql {
  readonly all: readonly PlacedColumn[];
  readonly keys: readonly PlacedColumn[];
  readonly compared: readonly PlacedColumn[];
  /** `n.c0, n.c1` */
  list(prefix: string, of?: readonly PlacedColumn[]): string;
  /** `a.c0 = b.c0 AND …` over the key. */
  sameKey(a: string, b: string): string;
  /** The text that is hashed of a row, or of some of its columns. */
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
