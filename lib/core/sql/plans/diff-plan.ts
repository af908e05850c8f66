import { nullable } from '../../diff/null-counts.ts';
import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { isKeyless } from '../../feed/row-identity.ts';
import type { Column } from '../../feed/spec.ts';
import { OLDER } from '../../records/reject.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { rowTextSql } from '../dialects/row-text.ts';
import { duplicates, noDuplicates } from './duplicates.ts';
import { FILTERED, nextRows } from './next-rows.ts';
import { nullCountSql } from './null-count-sql.ts';
import type { PlanStep } from './plan-step.ts';
import { type FileRange, type RepeatQueries, repeatsSql } from './repeats-sql.ts';
import { type RowSql, rowSql } from './row-sql.ts';
import { sampleSql } from './sample-sql.ts';
import { setRules } from './set-rules.ts';
import { storedColumnsSql, storedRowsSql } from './stored-rows.ts';
import { isOlder, noOlderRows, OLDER_ROWS, type Versions, versions } from './versions.ts';

/** A result that the engine writes as typed Parquet with the feed's column names. */
export interface DiffPlan {
  readonly steps: readonly PlanStep[];
  readonly outputs: Readonly<Record<'inserted' | 'updated' | 'gone' | 'carried', string>>;
  /** One row of counts. */
  readonly numbers: string;
  /** One row with the number of rows that break each rule that does not reject, as `b` and the rule's index; null without such rules. */
  readonly broken: string | null;
  /** Columns of `accepted` that say which of these rules a row breaks. `changed` has them with the prefix `n_`. */
  readonly flags: readonly string[];
  /** One row each: rows, hi, lo. */
  readonly fingerprints: Readonly<{ before: string; after: string; whole?: string }>;
  /** Over the same rows, one row each: `rows`, and the number of nulls in each nullable column `c0`, `c1`, …. */
  readonly nulls: Readonly<{ before: string; after: string; whole?: string }>;
  /** A few rows of each kind, as `sampleRow` reads them. */
  readonly samples: Readonly<Record<'inserted' | 'updated' | 'gone', string>>;
  /** The same for rows that break a rule, by the column that says so. */
  readonly brokenSamples: Readonly<Record<string, string>>;
  /** A first load without rejects needs none of the steps. */
  readonly withoutRejects: LoadWithoutRejects;
  /** Queries about repeats in several of the vendor's files, given the ranges of records of each file. Run only if a key occurs several times. */
  repeats(files: readonly FileRange[]): RepeatQueries;
  /** Value and key rejects, and older versions of a key, in stream order: part, ord, code, column index, readable. */
  readonly rejects: string;
}

/** Statements over a file of the accepted rows with the feed's column names. */
interface LoadWithoutRejects {
  readonly rows: string;
  /** One row: the number of keys that occur several times. */
  keysTwice(file: string): string;
  fingerprint(file: string): string;
  nulls(file: string): string;
}

export interface DiffPlanInput {
  /** Columns of the table, the first ones of the reading spec. */
  readonly columns: readonly Column[];
  readonly reading: ReadingSpec;
  /** The fingerprint of the whole snapshot has to be computed, because this is a first load or the columns differ. */
  readonly whole: boolean;
  /** Rules that do not reject are evaluated for every accepted row, not only for new and changed ones. */
  readonly judgeAll: boolean;
  /** The records are only a part of the table and `base_rows` are the others, so unique values have to be unique among both. */
  readonly isPart?: boolean;
  /** No key occurs twice among the records. */
  readonly isUnique?: boolean;
  /** `base_rows` is empty, so every accepted row is a change and no join is needed. */
  readonly first: boolean;
}

/**
 * The diff of one table. The engine provides three relations; columns are positional (`r0`, `c0`, …), so that no name of
 * the vendor's reaches SQL:
 * - `next_records(part, ord, r0…)`: the well-formed records as text, null for an unquoted null value;
 * - `next_malformed(part, ord, code, readable, r0…)`: structural rejects, with key fields as text if they can be read;
 * - `base_rows(c0…)`: what production holds, typed.
 */
export function diffPlan(
  sql: SqlDialect,
  { columns, reading, whole, judgeAll, first, isPart = false, isUnique = false }: DiffPlanInput,
): DiffPlan {
  const rows = rowSql(sql, columns);
  const { all, keys, compared, list, sameKey, text } = rows;
  const sets = setRules(reading, rows, isPart ? 'base' : first ? 'none' : 'staying');
  const next = nextRows(sql, reading, columns.length, sets.columns);
  const newest = all.find(({ name }) => name === reading.newest);
  const flags = [...next.flags, ...sets.flags.map((flag) => flag.slice(flag.lastIndexOf(' ') + 1))];
  const flagList = (prefix: string, named = '') =>
    flags.map((b) => `, ${prefix}${b}${named && ` AS ${named}${b}`}`).join('');
  const names = (prefix: string) => storedColumnsSql(sql, columns, prefix);
  // The simple case without rules over all rows.
  const refused = `SELECT part, ord, substr(problem, 1, position(':' IN problem) - 1) AS code, substr(problem, position(':' IN problem) + 1) AS col,
  readable, ${list('', keys)} FROM next_rows WHERE problem IS NOT NULL${next.filters ? ` AND problem <> '${FILTERED}'` : ''}
UNION ALL SELECT part, ord, code, NULL, true, ${list('', keys)} FROM duplicate_rows
UNION ALL ${next.malformed}`;
  const brokenRules = sets.rejected(list('n.', keys));
  const everyReject = `SELECT * FROM refused${brokenRules === null ? '' : `\nUNION ALL ${brokenRules}`}`;
  const steps: PlanStep[] = [
    { name: 'next_rows', kind: 'table', select: next.judged },
    ...repeated(
      sql,
      rows,
      newest === undefined ? null : { newest, malformed: next.malformed },
      isUnique || isKeyless(reading),
    ),
    {
      name: sets.steps.length > 0 ? 'unrefused' : 'accepted',
      kind: 'view',
      select: `SELECT * FROM next_rows n WHERE problem IS NULL
  AND NOT EXISTS (SELECT 1 FROM duplicate_rows d WHERE d.part = n.part AND d.ord = n.ord)${
    newest ? `\n  AND NOT EXISTS (SELECT 1 FROM ${OLDER_ROWS} o WHERE o.part = n.part AND o.ord = n.ord)` : ''
  }`,
    },
    ...(sets.steps.length > 0
      ? [
          { name: 'refused', kind: 'table', select: refused } as const,
          ...sets.steps,
          {
            name: 'accepted',
            kind: 'view',
            select: `SELECT ${['n.*', ...sets.flags].join(', ')} FROM unrefused n${sets.accepts === null ? '' : ` WHERE ${sets.accepts}`}`,
          } as const,
        ]
      : []),
    {
      name: 'rejected',
      kind: 'table',
      select: sets.steps.length > 0 ? everyReject : refused,
    },
    first
      ? {
          name: 'changed',
          kind: 'view',
          select: `SELECT 1 AS in_next, CAST(NULL AS INTEGER) AS in_base, ${all.map(({ c, type }) => `${c} AS n_${c}, CAST(NULL AS ${sql.type(type)}) AS b_${c}`).join(', ')}${flagList('', 'n_')} FROM accepted`,
        }
      : {
          name: 'changed',
          kind: 'table',
          select: `SELECT n.present AS in_next, b.present AS in_base, ${all.map(({ c }) => `n.${c} AS n_${c}, b.${c} AS b_${c}`).join(', ')}${flagList('n.', 'n_')}
FROM (SELECT 1 AS present, ${list('')}${flagList('')} FROM accepted) n
FULL OUTER JOIN (SELECT 1 AS present, ${list('')} FROM base_rows) b ON ${sameKey('n', 'b')}
WHERE n.present IS NULL OR b.present IS NULL OR ${differ(compared.filter((column) => !column.key))}`,
        },
    {
      name: 'missing',
      kind: 'table',
      select: `SELECT m.*, EXISTS (SELECT 1 FROM rejected r WHERE r.readable AND ${keys.map(({ c }) => `r.${c} = m.b_${c}`).join(' AND ')}) AS kept
FROM changed m WHERE m.in_next IS NULL`,
    },
    { name: 'suspension', kind: 'table', select: `SELECT count(*) > 0 AS suspended FROM rejected WHERE NOT readable` },
  ];

  const isGone = 'NOT kept AND NOT (SELECT suspended FROM suspension)';
  const stays = `(kept OR (SELECT suspended FROM suspension))`;
  const before = (of: (prefix: string) => string) => `(SELECT ${of('b_')} FROM changed WHERE in_next = 1 AND in_base = 1
    UNION ALL SELECT ${of('b_')} FROM missing WHERE ${isGone}) rows_before`;
  const after = (of: (prefix: string) => string) => `(SELECT ${of('n_')} FROM changed WHERE in_next = 1) rows_after`;
  const everything = (of: (prefix: string) => string) => `(SELECT ${of('')} FROM accepted
    UNION ALL SELECT ${of('b_')} FROM missing WHERE ${stays}) rows_all`;
  const rowTexts = (prefix: string) => `${text(prefix, compared)} AS t`;
  const mayBeNull = nullable(all);
  const values = (prefix: string) => ['1 AS one', ...mayBeNull.map(({ c }) => `${prefix}${c} AS ${c}`)].join(', ');
  const nulls = (rows: string) =>
    nullCountSql(
      mayBeNull.map(({ c }) => ({ c, sql: c })),
      rows,
    );
  const sample = (rows: string, keySide: 'b' | 'n') => sampleSql(sql, { columns, rows, keySide });
  const asked = judgeAll
    ? `(SELECT 1 AS in_next, ${all.map(({ c, type }) => `${c} AS n_${c}, CAST(NULL AS ${sql.type(type)}) AS b_${c}`).join(', ')}${flagList('', 'n_')} FROM accepted) asked`
    : 'changed';

  // The hash of a row that is not read is none.
  const rejectKey = isKeyless(reading) ? `CAST(NULL AS ${sql.type('text')})` : text('', keys);

  return {
    steps,
    outputs: {
      inserted: `SELECT ${names('n_')} FROM changed WHERE in_base IS NULL`,
      updated: `SELECT ${names('n_')} FROM changed WHERE in_next = 1 AND in_base = 1`,
      gone: `SELECT ${names('b_')} FROM missing WHERE ${isGone}`,
      carried: `SELECT ${names('b_')} FROM missing WHERE ${stays}`,
    },
    numbers: `SELECT * FROM (SELECT count(*) AS records, ${next.filters ? `count(*) FILTER (WHERE problem = '${FILTERED}')` : '0'} AS filtered FROM next_rows) n, (SELECT count(*) AS accepted FROM accepted) a,
  (SELECT count(*) FILTER (WHERE in_base IS NULL) AS inserted,
    count(*) FILTER (WHERE in_next = 1 AND in_base = 1) AS updated,
    ${newest ? `count(*) FILTER (WHERE in_next = 1 AND in_base = 1 AND ${isOlder('n_', 'b_', newest)})` : '0'} AS reverted FROM changed) c,
  (SELECT count(*) FILTER (WHERE NOT kept AND NOT suspended) AS gone, count(*) FILTER (WHERE kept) AS carried,
    count(*) FILTER (WHERE NOT kept AND suspended) AS suspended
    FROM missing, suspension) m,
  (SELECT count(*) FILTER (WHERE ord IS NOT NULL) AS value_rejects, count(*) AS rejects FROM rejected) r,
  (SELECT ${newest ? `count(*) AS collapsed FROM ${OLDER_ROWS}` : '0 AS collapsed'}) o`,
    flags,
    brokenSamples: Object.fromEntries(flags.map((b) => [b, sample(`${asked} WHERE in_next = 1 AND n_${b}`, 'n')])),
    broken:
      flags.length === 0 ? null : judgeAll ? brokenSql('accepted', '') : brokenSql('changed WHERE in_next = 1', 'n_'),
    fingerprints: {
      before: sql.fingerprint(before(rowTexts)),
      after: sql.fingerprint(after(rowTexts)),
      ...(whole ? { whole: sql.fingerprint(everything(rowTexts)) } : {}),
    },
    nulls: {
      before: nulls(before(values)),
      after: nulls(after(values)),
      ...(whole ? { whole: nulls(everything(values)) } : {}),
    },
    samples: {
      inserted: sample('changed WHERE in_base IS NULL', 'n'),
      updated: sample('changed WHERE in_next = 1 AND in_base = 1', 'n'),
      gone: sample(`missing WHERE ${isGone}`, 'b'),
    },
    withoutRejects: {
      rows: storedRowsSql(sql, columns, `(${next.judged}) judged WHERE problem IS NULL`),
      keysTwice: (file) =>
        `SELECT count(*) AS keys FROM (SELECT 1 FROM ${file} GROUP BY ${keys.map(({ name }) => sql.identifier(name)).join(', ')} HAVING count(*) > 1) twice`,
      fingerprint: (file) =>
        sql.fingerprint(
          `(SELECT ${rowTextSql(
            sql,
            compared.map(({ name, type }) => ({ sql: sql.identifier(name), type })),
          )} AS t FROM ${file}) rows_all`,
        ),
      nulls: (file) =>
        nullCountSql(
          mayBeNull.map(({ c, name }) => ({ c, sql: sql.identifier(name) })),
          file,
        ),
    },
    repeats: (files) => repeatsSql(sql, rows, files),
    rejects: `SELECT part, ord, code, col, readable, ${rejectKey} AS key FROM rejected WHERE ord IS NOT NULL${
      newest ? `\nUNION ALL SELECT part, ord, '${OLDER}', NULL, true, ${text('', keys)} FROM ${OLDER_ROWS}` : ''
    } ORDER BY part, ord`,
  };

  function brokenSql(rows: string, prefix: string): string {
    return `SELECT ${flags.map((b) => `count(CASE WHEN ${prefix}${b} THEN 1 END) AS ${b}`).join(', ')} FROM ${rows}`;
  }

  function differ(of: typeof all): string {
    return of.length === 0 ? 'false' : `(${of.map(({ c }) => `n.${c} IS DISTINCT FROM b.${c}`).join(' OR ')})`;
  }
}

/** Steps up to `duplicate_rows`, and to `older_rows` where records of one key are versions. */
function repeated(sql: SqlDialect, rows: RowSql, among: Versions | null, isUnique: boolean): PlanStep[] {
  if (isUnique) return [noDuplicates(rows), ...(among ? [noOlderRows(rows)] : [])];
  return among ? versions(sql, rows, among) : duplicates(rows);
}
