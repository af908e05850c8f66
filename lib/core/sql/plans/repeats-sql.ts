import type { SqlDialect } from '../dialects/dialect.ts';
import type { RowSql } from './row-sql.ts';

/** The records of one of the vendor's files in the plan's relation: from `first` to before `past`. */
export interface FileRange {
  readonly part: number;
  readonly first: number;
  readonly past: number;
  /** Its index among the table's files. */
  readonly file: number;
}

/** Queries over `duplicate_texts(part, ord, key, t)`: totals in one row; a row for each file that shares keys; a few keys. */
export type RepeatQueries = Readonly<Record<'counts' | 'files' | 'keys', string>>;

const SHOWN_KEYS = 3;
/** Characters of a key's value. One more is read, which tells that the value was cut. */
export const KEY_CHARACTERS = 40;

/** For each repeated key: how often it occurs in one file, and in how many files. */
export function repeatsSql(sql: SqlDialect, { keys, list }: RowSql, ranges: readonly FileRange[]): RepeatQueries {
  const files = `(VALUES ${ranges.map(({ part, first, past, file }) => `(${part}, ${first}, ${past}, ${file})`).join(', ')}) f (in_part, from_ord, past_ord, file)`;
  const copies = `(SELECT ${list('d.', keys)}, d.t, f.file FROM duplicate_texts d JOIN ${files}
  ON f.in_part = d.part AND d.ord >= f.from_ord AND d.ord < f.past_ord) copies`;
  const groups = `(SELECT ${list('', keys)}, min(t) <> max(t) AS differ, count(*) AS records, count(DISTINCT file) AS files
  FROM ${copies} GROUP BY ${list('', keys)}) found`;
  const same = keys.map(({ c }) => `s.${c} = g.${c}`).join(' AND ');
  const texts = keys.map(({ c }, index) => `substr(${sql.text(c)}, 1, ${KEY_CHARACTERS + 1}) AS k${index}`);
  return {
    counts: `SELECT count(CASE WHEN files > 1 AND differ THEN 1 END) AS different, count(CASE WHEN files > 1 AND NOT differ THEN 1 END) AS equal,
  coalesce(sum(CASE WHEN NOT differ THEN records - files END), 0) AS repeated FROM ${groups}`,
    files: `SELECT s.file, count(CASE WHEN g.differ THEN 1 END) AS different, count(CASE WHEN NOT g.differ THEN 1 END) AS equal
FROM (SELECT DISTINCT ${list('', keys)}, file FROM ${copies}) s JOIN (SELECT * FROM ${groups} WHERE files > 1) g ON ${same} GROUP BY s.file`,
    keys: `SELECT ${texts.join(', ')} FROM ${groups} WHERE files > 1 ORDER BY CASE WHEN differ THEN 0 ELSE 1 END, ${list('', keys)} LIMIT ${SHOWN_KEYS}`,
  };
}
