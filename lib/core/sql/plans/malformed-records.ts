import type { ReadingSpec } from '../../feed/reading-spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';

/** Key fields of a malformed record, those that the vendor sends: `r0`… */
export function readKeys({ columns }: ReadingSpec): string[] {
  return columns.flatMap(({ key, as }, index) => (key && as === undefined ? [`r${index}`] : []));
}

/** The plan's relation of structural rejects, without rows. */
export function noMalformed(reading: ReadingSpec, sql: SqlDialect): string {
  const keys = readKeys(reading).map((r) => `CAST(NULL AS ${sql.type('text')}) AS ${r}`);
  return `SELECT CAST(0 AS BIGINT) AS part, CAST(NULL AS BIGINT) AS ord, '' AS code, ${['false AS readable', ...keys].join(', ')} WHERE false`;
}
