import { respelledCode } from './spelling/stage.ts';

/** A function that engines have beside their own: lib/engines/duckdb/functions.ts and glue-jobs/diff.py. SQL cannot put names in order. */
export const JSONB_FUNCTION = 'nightfeed_jsonb';

/** The same as `core/feed/values/jsonb.ts`, as SQL. The typed value is PostgreSQL's text of the jsonb, which never looks like a reject. */
export function jsonbField(raw: string) {
  const text = `${JSONB_FUNCTION}(${raw})`;
  return { code: respelledCode(text, 'NULL'), typed: text };
}
