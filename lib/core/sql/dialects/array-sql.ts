import type { ValueForm } from '../../feed/values/value.ts';
import type { SqlDialect } from './dialect.ts';
import { respelledCode } from './spelling/stage.ts';

/** A function that engines have beside their own: lib/engines/duckdb/functions.ts and glue-jobs/diff.py. SQL cannot read quotes within quotes. */
export const ARRAY_FUNCTION = 'nightfeed_array';

/** The same as `core/feed/values/array.ts`, as SQL. The typed value is PostgreSQL's text of the array, which never looks like a reject. */
export function arrayField(sql: SqlDialect, raw: string, { type, separator }: ValueForm) {
  const form = JSON.stringify({ type, separator });
  const text = `${ARRAY_FUNCTION}(${raw}, ${sql.literal(form)})`;
  return { code: respelledCode(text, 'NULL'), typed: text };
}
