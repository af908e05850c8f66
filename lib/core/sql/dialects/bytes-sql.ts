import { type BytesOptions, base64Pattern } from '../../feed/values/bytes.ts';
import type { SqlDialect } from './dialect.ts';

/** The same as `core/feed/values/bytes.ts`, as SQL. The typed value is PostgreSQL's text of the bytes. */
export function bytesField(sql: SqlDialect, raw: string, { bytes }: BytesOptions) {
  if (bytes === 'base64') {
    const isBase64 = `(length(${raw}) % 4 = 0 AND ${sql.matches(raw, base64Pattern)})`;
    // An engine fails on a text that is not base64.
    return {
      typed: `CASE WHEN ${isBase64} THEN ${marked(sql, sql.hexOfBase64(raw))} END`,
      code: `CASE WHEN NOT ${isBase64} THEN 'FORMAT' END`,
    };
  }
  const marks = bytes === 'hex' ? ['\\x', '0x', '0X'] : ['\\x'];
  const isMarked = `left(${raw}, 2) IN (${marks.map(sql.literal).join(', ')})`;
  const digits = `substr(${raw}, CASE WHEN ${isMarked} THEN 3 ELSE 1 END)`;
  const isHex = `${sql.matches(digits, '[0-9a-fA-F]*')} AND length(${raw}) % 2 = 0`;
  return {
    typed: marked(sql, `lower(${digits})`),
    code: `CASE WHEN ${bytes === 'hex' ? isHex : `${isMarked} AND ${isHex}`} THEN NULL ELSE 'FORMAT' END`,
  };
}

const marked = (sql: SqlDialect, digits: string) => `(${sql.literal('\\x')} || ${digits})`;
