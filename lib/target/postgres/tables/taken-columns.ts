import { NightfeedError } from '../../../core/errors.ts';
import type { Publication } from '../../../ports/target.ts';
import { OTHER_TYPE, sqlState } from '../connection/errors.ts';
import type { Connection } from '../connection/session.ts';

export function takesColumns({ receipt }: Publication): boolean {
  return Object.values(receipt.tables).some(({ schema }) => schema.taken.length > 0);
}

/**
 * Adds the text columns that the delivery brings, before its transaction begins. Adding a column locks everybody out of the table, and
 * the lock must not last as long as writing rows. Throws MIGRATION_NEEDED for a column that the table has with another type.
 */
export async function addTakenColumns(db: Connection, { feed, receipt }: Publication): Promise<void> {
  const { schema } = feed.target;
  for (const [table, { schema: change }] of Object.entries(receipt.tables)) {
    for (const column of change.taken) {
      try {
        await db.query('SELECT nightfeed.add_text_column($1, $2, $3)', [schema, table, column]);
      } catch (error) {
        if (sqlState(error) !== OTHER_TYPE) throw error;
        const message = `${schema}.${table} has a column ${JSON.stringify(column)} already, and its type is not text: declare it`;
        throw new NightfeedError('MIGRATION_NEEDED', message, { cause: error });
      }
    }
  }
}
