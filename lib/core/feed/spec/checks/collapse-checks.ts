import { entryOf } from '../../../entry-of.ts';
import { isTextual, traitsOf } from '../../values/type-traits.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: string[]) => void;

/** Requires of the column that tells the newest version of a key that it can be compared, with production's too. */
export function checkCollapse({ collapse, columns }: Table, complain: Complain): void {
  if (collapse === undefined) return;
  const fault = faultOf(collapse.newest, entryOf(columns, collapse.newest));
  if (fault !== undefined) complain(fault, 'collapse', 'newest');
}

function faultOf(name: string, column: Table['columns'][string] | undefined): string | undefined {
  if (column === undefined) return `no column ${JSON.stringify(name)}`;
  if (column.key) return `${name} is part of the key, and so the same in all versions of it`;
  if (column.store === false)
    return `${name} is not stored, so nobody could tell whether production has a newer version; remove its store: false`;
  // Among texts the greatest is not the newest for sure: "9" comes after "10".
  if (isTextual(column.type) || traitsOf(column.type).comparable !== 'order')
    return `${name} is ${column.type}; expected a number, date, timestamp or timestamptz, of which the greatest is the newest`;
  return undefined;
}
