import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { isKeyless } from '../../feed/row-identity.ts';
import { ruleCodes } from '../../feed/rules/rule.ts';
import { isTextual } from '../../feed/values/type-traits.ts';
import { fieldSql } from '../dialects/column-sql.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { isFree } from '../dialects/row-text.ts';
import { copySql, hashSql, identityPlaces } from './row-identity.ts';
import { cleanedRecords, type PlanColumn, type ShapedSql, shapeSql } from './shape-sql.ts';

/** PostgreSQL limits a B-tree entry to 2704 bytes, headers included. */
export const MAX_KEY_BYTES = 2600;

/** `next_rows.problem` of a row that a filter leaves out. For a rejected row it is `CODE:column`. */
export const FILTERED = 'FILTERED';

export interface NextRows {
  /** part, ord, problem, readable, c0…. A single query, because DuckDB would bind every view on the way again. */
  readonly judged: string;
  /** Malformed records as rejects: part, ord, code, col, readable, key columns. */
  readonly malformed: string;
  readonly filters: boolean;
  /** Columns `b…` that say which rules a row breaks without being rejected. */
  readonly flags: readonly string[];
}

/** The records of the delivery as typed rows: cleaned, read, derived, filtered and checked. `stored` columns come first. */
export function nextRows(sql: SqlDialect, reading: ReadingSpec, stored: number, alsoKept: readonly string[]): NextRows {
  const { columns, delivered, derived, filters, broken } = shapeSql(sql, reading);
  const keys = columns.filter((column) => column.key);
  const readKeys = keys.filter((column) => delivered.includes(column));
  const derivedKeys = derived.filter((column) => column.key);
  const code = (column: PlanColumn) => `${codeSql(sql, column, column.r)} AS ${column.k}`;
  // The typed value of a field with a code means nothing: the row is rejected, and its key counts only if it is readable.
  const typed = (column: PlanColumn) => `${fieldSql(sql, column, column.r).typed} AS ${column.c}`;
  const first = (problems: readonly string[]) =>
    problems.length > 1 ? `coalesce(${problems.join(', ')})` : problems[0]!;
  const fieldProblem = first(delivered.map(({ k }) => `${k} || ':${k.slice(1)}'`));
  const keysGood = [...readKeys.map(({ k }) => `${k} IS NULL`), ...derivedKeys.map(readableSql)].join(' AND ');
  const judgeable = filters.map((filter, index) => `${readableSql(filter)} AS j${index}`);
  const newest = columns.find(({ name }) => name === reading.newest);
  const fallible = derived.filter(({ failure }) => failure !== null);
  const failureOf = (column: PlanColumn) => `f${column.c.slice(1)}`;
  const noneFailed = (of: readonly PlanColumn[]) =>
    fallible.filter((column) => of.includes(column)).map((column) => `NOT ${failureOf(column)}`);
  const through = ({ through }: ShapedSql) =>
    noneFailed(derived.filter(({ c }) => through.includes(Number(c.slice(1)))));
  const problems = derived.flatMap((column) => {
    const [failed, missing] = [column.failure !== null, column.key || column.required];
    if (!failed && !missing) return [];
    const whens = [
      ...(failed ? [`WHEN ${failureOf(column)} THEN 'CAST:${column.c.slice(1)}'`] : []),
      ...(missing ? [missingSql(column)] : []),
    ];
    const before = through(column);
    return [`CASE ${before.length > 0 ? `WHEN NOT (${before.join(' AND ')}) THEN NULL ` : ''}${whens.join(' ')} END`];
  });
  const readable = [
    'readable',
    ...derivedKeys.flatMap((column) => [
      `${column.c} IS NOT NULL${isTextual(column.type) ? ` AND ${column.c} <> ''` : ''}`,
      ...noneFailed([column]),
      ...through(column),
    ]),
  ];
  const isReadable = readable.join(' AND ');
  const madeNewest = derived.find(({ c }) => c === newest?.c);
  const isTold = ['told', ...(madeNewest ? [...noneFailed([madeNewest]), ...through(madeNewest)] : [])].join(' AND ');
  const toldFields = newest ? [`${readableSql(madeNewest ?? { reads: [newest] })} AS told`] : [];

  const rejects = (index: number) => reading.rules![index]!.on_fail === 'reject_row';
  const undecided = filters.flatMap(({ failure }, index) =>
    failure === null ? [] : [`CASE WHEN ${failure} THEN 'CAST:f${index}' END`],
  );
  const ruled = broken.flatMap(([index, { sql: isBroken, failure }]) => {
    const whens = [
      ...(failure === null ? [] : [`WHEN ${failure} THEN 'CAST:r${index}'`]),
      ...(rejects(index) ? [`WHEN ${isBroken} THEN '${ruleCodes[reading.rules![index]!.kind]}:r${index}'`] : []),
    ];
    return whens.length === 0 ? [] : [`CASE ${whens.join(' ')} END`];
  });
  const flagged = broken.filter(([index]) => !rejects(index));
  const later = [...problems, ...undecided, ...ruled];
  const problem = later.length === 0 ? 'problem' : `coalesce(problem, ${later.join(', ')})`;
  // PostgreSQL allows 32 key columns, and no other value has more than 64 bytes.
  const keyBytes = keys.map(({ c, type }) => sql.bytes(sql.canonical(c, type))).join(' + ');
  const special = [
    ...filters.map((filter, index) => {
      const isDecided = [
        ...through(filter),
        ...(filter.failure === null ? [] : [`NOT ${filter.failure}`]),
        // It takes part among the versions of its key, so its version has to be known.
        ...(newest ? [`(NOT (${isReadable}) OR (${isTold}))`] : []),
      ];
      return `WHEN ${[`j${index}`, ...isDecided, filter.sql].join(' AND ')} THEN '${FILTERED}'`;
    }),
    ...(keys.some(({ type }) => isFree(type))
      ? [`WHEN ${isReadable} AND ${keyBytes} > ${MAX_KEY_BYTES} THEN 'KEY_TOO_LONG:${keys[0]!.c.slice(1)}'`]
      : []),
  ];
  const judged = special.length === 0 ? problem : `CASE ${special.join(' ')} ELSE ${problem} END`;
  const values = [
    ...new Set([...columns.slice(0, stored).map(({ c }) => c), ...alsoKept]),
    ...(newest ? [`(${isTold}) AS told`] : []),
    ...flagged.map(([index, { sql: isBroken }]) => `${isBroken} AS b${index}`),
  ];
  const shaped = derived.map((column) => `${column.sql} AS ${column.c}`);
  const failures = fallible.map((column) => `${column.failure} AS ${failureOf(column)}`);

  const coded = `SELECT *, ${delivered.map(code).join(', ')} FROM ${cleanedRecords(sql, delivered, 'next_records')}`;
  const read = `SELECT ${['part', 'ord', `${fieldProblem} AS problem`, `(${keysGood || 'true'}) AS readable`, ...judgeable, ...toldFields, ...delivered.map(typed)].join(', ')}
FROM (${coded}) coded`;
  const made = shaped.length > 0 ? `SELECT *, ${shaped.join(', ')} FROM (${read}) fields` : read;
  const whole = failures.length > 0 ? `SELECT *, ${failures.join(', ')} FROM (${made}) made` : made;
  const malformedCoded = `SELECT ${['part', 'ord', 'code', 'readable', ...readKeys.map(({ r }) => r), ...readKeys.map(code)].join(', ')} FROM ${cleanedRecords(sql, readKeys, 'next_malformed', ['part', 'ord', 'code', 'readable'])}`;
  if (isKeyless(reading)) {
    const { hash, copy } = identityPlaces(reading);
    const contents = `SELECT part, ord, ${judged} AS problem, ${values.join(', ')} FROM (${whole}) typed`;
    const hashed = `SELECT *, CASE WHEN problem IS NULL THEN ${hashSql(sql, reading)} END AS ${hash} FROM (${contents}) contents`;
    return {
      // Nobody knows which row a rejected record stands for.
      judged: `SELECT *, (problem IS NULL) AS readable, ${copySql(sql, hash, 'part, ord')} AS ${copy} FROM (${hashed}) hashed`,
      malformed: `SELECT part, NULL AS ord, code, NULL AS col, false AS readable, CAST(NULL AS ${sql.type('text')}) AS ${hash}, CAST(NULL AS ${sql.type('bigint')}) AS ${copy} FROM next_malformed`,
      filters: filters.length > 0,
      flags: flagged.map(([index]) => `b${index}`),
    };
  }
  return {
    judged: `SELECT part, ord, ${judged} AS problem,
  ${derivedKeys.length > 0 ? `(${isReadable}) AS readable` : 'readable'}, ${values.join(', ')} FROM (${whole}) typed`,
    // A derived key may need fields that cannot be trusted in a malformed record.
    malformed: `SELECT part, NULL AS ord, code, NULL AS col, ${derivedKeys.length > 0 ? 'false' : `readable AND ${keysGood}`} AS readable, ${keys.map((key) => (readKeys.includes(key) ? typed(key) : `CAST(NULL AS ${sql.type(key.type)}) AS ${key.c}`)).join(', ')} FROM (${malformedCoded}) broken_coded`,
    filters: filters.length > 0,
    flags: flagged.map(([index]) => `b${index}`),
  };
}

/** Whether all that it depends on can be read. A missing required value counts as read. */
function readableSql({ reads }: Pick<ShapedSql, 'reads'>): string {
  const conditions = reads.map(({ k, key, required }) =>
    key || required ? `(${k} IS NULL OR ${k} IN ('KEY_MISSING', 'REQUIRED'))` : `${k} IS NULL`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function missingSql({ c, key, type }: PlanColumn): string {
  const isMissing = key && isTextual(type) ? `coalesce(${c}, '') = ''` : `${c} IS NULL`;
  return `WHEN ${isMissing} THEN '${key ? 'KEY_MISSING' : 'REQUIRED'}:${c.slice(1)}'`;
}

/** Why a field is rejected, or null. A field that had an unquoted null value is null already. */
function codeSql(sql: SqlDialect, column: PlanColumn, raw: string): string {
  const whenNull = column.key ? `'KEY_MISSING'` : column.required ? `'REQUIRED'` : 'NULL';
  const empty = column.key && isTextual(column.type) ? ` WHEN ${raw} = '' THEN 'KEY_MISSING'` : '';
  return `CASE WHEN ${raw} IS NULL THEN ${whenNull}${empty} ELSE ${fieldSql(sql, column, raw).code} END`;
}
