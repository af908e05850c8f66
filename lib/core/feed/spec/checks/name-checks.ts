import { isIdentifier, reservedColumns, systemColumns } from '../../identifier.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: string[]) => void;

/** Requires of the columns' names that PostgreSQL can have them, and that each column knows where it is read from. */
export function checkNames({ columns, ignore = [] }: Table, complain: Complain): void {
  const seen = new Set<string>();
  const readers = new Map<string, string>();
  for (const [name, { as, from = name, store }] of Object.entries(columns)) {
    const folded = name.toLowerCase();
    if (!isIdentifier(name))
      complain('a name has 1 to 63 bytes and no control characters; `from` may have any', 'columns', name);
    if (reservedColumns.has(folded))
      complain('this name is reserved for a column that nightfeed adds', 'columns', name);
    if (store !== false && systemColumns.has(name))
      complain(
        `every table of PostgreSQL has a column ${name}: choose another name, and add \`from: ${name}\``,
        'columns',
        name,
      );
    if (seen.has(folded)) complain('another column has this name but for upper and lower case', 'columns', name);
    seen.add(folded);
    if (as !== undefined) {
      for (const option of ['from', 'may_be_absent'] as const)
        if (columns[name]![option] !== undefined)
          complain('a column with `as` is not in the file', 'columns', name, option);
      continue;
    }
    const sent = typeof from === 'string' ? from : from.name;
    if (ignore.includes(sent) && typeof from === 'string') complain(`the column ${name} is read from it`, 'ignore');
    const place = JSON.stringify(from);
    if (readers.has(place))
      complain(`the column ${readers.get(place)} is read from there too`, 'columns', name, 'from');
    readers.set(place, name);
  }
}
