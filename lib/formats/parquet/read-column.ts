import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { FileColumn } from './file-columns.ts';
import type { OwnColumn, OwnReading } from './footer/own-footer.ts';
import { type Declared, differenceOf, misfitOf, typeNameOf } from './misfit.ts';
import type { ParquetFormat } from './options.ts';

/** The columns that the footer of ours needs for these, each once; and for each of these the number of its own. */
export function ownColumns(columns: readonly ReadColumn[]): {
  readonly own: readonly OwnColumn[];
  readonly places: readonly number[];
} {
  const own = new Map<string, OwnColumn>();
  const keys = columns.map((column) => {
    const { root } = column.from;
    const as = readingOf(column);
    const key = `${root} ${as}`;
    own.set(key, { root, as });
    return key;
  });
  const order = [...own.keys()];
  return { own: [...own.values()], places: keys.map((key) => order.indexOf(key)) };
}

export function readingOf({ from: { node }, declared }: ReadColumn): OwnReading {
  if (node.children !== undefined || node.repetition === 2) return 'json';
  return declared.type === 'bytea' && node.meaning.kind === 'binary' ? 'bytes' : 'values';
}

/** A column that is read, by its name in the table. */
export interface ReadColumn {
  readonly name: string;
  readonly from: FileColumn;
  readonly declared: Declared;
}

/** Compares each column's type in the file with the declared one; what is to be remembered of them. Throws COLUMN_TYPE. */
export function requireFit(columns: readonly ReadColumn[], format: ParquetFormat): string[] {
  return columns.flatMap(({ name, from: { node }, declared }) => {
    const misfit = misfitOf(node, declared, format);
    if (misfit !== undefined) {
      const types = `${typeNameOf(node)} in the file, and declared as ${declared.type}`;
      throw new NightfeedError('COLUMN_TYPE', `the column ${excerpt(name)} is ${types}; ${misfit}`);
    }
    const difference = differenceOf(node, declared);
    return difference === undefined ? [] : [`${excerpt(name)} ${difference}`];
  });
}
