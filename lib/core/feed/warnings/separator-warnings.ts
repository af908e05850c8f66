import { declaredColumnsOf } from '../columns.ts';
import type { Feed } from '../spec.ts';
import { traitsOf } from '../values/type-traits.ts';

/** Replacements that turn a number into another number, each with the path of the option. */
export function separatorWarnings({ tables }: Feed): string[] {
  return Object.entries(tables).flatMap(([name, table]) =>
    declaredColumnsOf(table).flatMap((column) => {
      const isOwn = column.replace !== undefined;
      const deleted = (column.replace ?? table.clean?.replace ?? []).filter(
        ({ from, to }) => separators.test(from) && to === '',
      );
      if (deleted.length === 0 || column.as !== undefined || traitsOf(column.type).number === undefined) return [];
      const marks = deleted.map(({ from }) => JSON.stringify(from)).join(' and ');
      const path = isOwn ? `tables.${name}.columns.${column.name}.replace` : `tables.${name}.clean.replace`;
      return [
        `${path}: deletes ${marks} from the numbers of ${column.name}; the night on which the vendor writes 99.90 or 99,90 the other way, it is read as 9990. Say what the marks are instead, such as decimal: "," and thousands: ".": what does not fit is rejected`,
      ];
    }),
  );
}

const separators = /^[.,]+$/;
