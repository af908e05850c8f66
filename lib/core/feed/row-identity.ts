import { createHash } from 'node:crypto';
import { rowText } from '../sql/dialects/row-text.ts';
import type { ReadingSpec } from './reading-spec.ts';

/** Whether rows are told apart by their contents alone. */
export function isKeyless({ key }: Pick<ReadingSpec, 'key'>): boolean {
  return key === 'none';
}

/** Indexes of the columns in the order in which they are hashed: by name, so that the order in the feed file means nothing. */
export function hashOrder(columns: readonly { readonly name: string }[]): number[] {
  return [...columns.keys()].sort((a, b) => (columns[a]!.name < columns[b]!.name ? -1 : 1));
}

/** SHA-256 over the text of a row, which nobody can make the same for two rows. `core/sql/plans/row-identity.ts` says the same as SQL. */
export function rowHash({ columns }: Pick<ReadingSpec, 'columns'>, row: readonly (string | null)[]): string {
  const order = hashOrder(columns);
  const text = rowText(
    order.map((index) => columns[index]!.type),
    order.map((index) => row[index]!),
  );
  return createHash('sha256').update(text).digest('hex');
}
