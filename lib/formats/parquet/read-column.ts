import { NightfeedError } from '../../core/errors.ts';
import type { ReadingColumn } from '../../core/feed/reading-spec.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { FileColumn } from './file-columns.ts';
import { differenceOf, misfitOf, typeNameOf } from './misfit.ts';
import type { ParquetFormat } from './options.ts';

/** A column that is read, by its name in the table. */
export interface ReadColumn {
  readonly name: string;
  readonly from: FileColumn;
  readonly declared: Pick<ReadingColumn, 'type'>;
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
