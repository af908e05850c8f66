import { metaColumns, quoteIdentifier } from '../../../core/feed/identifier.ts';
import type { Column, Feed } from '../../../core/feed/spec.ts';
import { type ArrayType, type ColumnType, elementOf, typeName } from '../../../core/feed/values/column-type.ts';
import type { TargetObject } from '../../../core/run/diff-receipt.ts';
import { columnList, columnOf, postgresType } from '../../../core/sql/dialects/postgres.ts';
import type { Survey } from '../../../ports/adopt.ts';
import type { Connection } from '../connection/session.ts';
import { ledgerVersion } from '../ledger/ledger-version.ts';
import { type Relation, registrationsOf, relationsOf } from '../tables/catalog.ts';
import { liveCondition } from '../tables/export.ts';
import * as ddl from '../tables/table-ddl.ts';
import { type Target, targetOf } from '../tables/target.ts';
import { targetObjects } from '../tables/target-objects.ts';

type Problem = Survey['problems'][number];

/** Examines each table. With `values` it reads all rows of a foreign table to find values that no delivery can have. */
export async function survey(
  db: Connection,
  feed: Feed,
  names: readonly string[],
  date: string,
  { values = true } = {},
): Promise<Survey[]> {
  const relations = await relationsOf(db, feed.target.schema, names);
  const ours =
    (await ledgerVersion(db)) === null ? new Map<string, unknown>() : await registrationsOf(db, feed.target.schema);
  const objects = await targetObjects(db, feed);
  const surveys: Survey[] = [];
  for (const table of names) {
    const relation = relations.get(table);
    const nothing = { problems: [], objects: [], meta: [] };
    if (!relation) surveys.push({ table, state: 'absent', ...nothing });
    else if (ours.has(table)) surveys.push({ table, state: 'ours', ...nothing });
    else {
      const found = objects.filter((object) => object.table === table);
      surveys.push(await surveyForeign(db, targetOf(feed, table), { relation, objects: found }, date, values));
    }
  }
  return surveys;
}

async function surveyForeign(
  db: Connection,
  target: Target,
  { relation, objects }: { relation: Relation; objects: readonly TargetObject[] },
  date: string,
  values: boolean,
): Promise<Survey> {
  const { name: table } = target;
  const shape =
    relation.kind === 'r'
      ? [
          ...columnProblems(target, relation),
          ...keyProblems(target, relation),
          ...(await extraProblems(db, target)),
          ...objectProblems(objects),
        ]
      : [
          {
            what: `${table} is not an ordinary table`,
            sql: `-- Move its rows into an ordinary table ${target.table}.`,
          },
        ];
  // Values are examined only if the columns are as declared.
  const problems = shape.length > 0 || !values ? shape : await valueProblems(db, target);
  return {
    table,
    state: 'foreign',
    problems,
    objects,
    meta: problems.length > 0 ? [] : metaSql(target, relation, date),
  };
}

function columnProblems(target: Target, { columns }: Relation): Problem[] {
  return target.columns.flatMap((column): Problem[] => {
    const found = columns.find(({ name }) => name === column.name);
    const wanted = postgresType(column.type);
    if (!found)
      return [
        {
          what: `column ${column.name} is missing`,
          sql: `${ddl.addColumn(target.table, { name: column.name, type: wanted })};`,
        },
      ];
    const sql = ddl.changeType(target.table, { name: column.name, type: wanted }, found.type);
    if (found.type === wanted && found.collation === undefined) return [];
    if (found.type === wanted)
      return [
        {
          what: `column ${column.name} has the collation ${found.collation}, by which different texts may be equal`,
          sql,
        },
      ];
    return [
      {
        what: `column ${column.name} is ${found.type}; the feed file says ${wanted}`,
        sql,
      },
    ];
  });
}

function keyProblems(target: Target, { key }: Relation): Problem[] {
  const declared = target.keys.map(({ name }) => name);
  const found = key?.columns ?? [];
  if (declared.length === found.length && declared.every((name) => found.includes(name))) return [];
  return [
    {
      what: `the primary key is ${found.length > 0 ? found.join(', ') : 'missing'}; the feed file says ${declared.join(', ')}`,
      sql: ddl.changeKey(target.table, key?.name ?? null, columnList(target.keys)),
    },
  ];
}

/** Objects under which no night can write, even if accepted: a rule rewrites our statements, row-level security hides rows from the proof. */
function objectProblems(objects: readonly TargetObject[]): Problem[] {
  return objects.flatMap(({ name }): Problem[] => {
    if (name.startsWith('rule '))
      return [{ what: `${name} rewrites what nightfeed writes`, sql: `-- Drop the ${name}.` }];
    if (!name.startsWith('row-level security ')) return [];
    return [
      { what: `${name} applies to this role`, sql: `-- Lift the ${name} for this role: NO FORCE, or BYPASSRLS.` },
    ];
  });
}

/** Columns that a new row cannot leave out, or that cannot be written. */
async function extraProblems(db: Connection, target: Target): Promise<Problem[]> {
  const columns = await db.query<{ name: string; identity: string; generated: string; needed: boolean }>(
    `SELECT attname AS name, attidentity AS identity, attgenerated AS generated, attnotnull AND NOT atthasdef AND attidentity = '' AS needed
     FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [target.table],
  );
  const declared = new Set(target.columns.map(({ name }) => name));
  const known = new Set<string>([...declared, ...metaColumns]);
  return columns.flatMap(({ name, identity, generated, needed }): Problem[] => {
    const alter = `ALTER TABLE ${target.table} ALTER COLUMN ${quoteIdentifier(name)}`;
    if (declared.has(name) && generated !== '')
      return [{ what: `column ${name} is generated`, sql: `${alter} DROP EXPRESSION;` }];
    if (declared.has(name) && identity === 'a')
      return [{ what: `column ${name} is always generated`, sql: `${alter} SET GENERATED BY DEFAULT;` }];
    if (!known.has(name) && needed)
      return [
        {
          what: `column ${name} is not in the feed file, and no row may be without it`,
          sql: `${alter} DROP NOT NULL;`,
        },
      ];
    return [];
  });
}

/** Values of PostgreSQL that no field of a delivery can be, so that they have no fingerprint on which both sides agree. */
async function valueProblems(db: Connection, target: Target): Promise<Problem[]> {
  const checks = target.columns.flatMap((column) => {
    const test = oddValue(column);
    return test === null ? [] : [{ name: column.name, test }];
  });
  if (checks.length === 0) return [];
  const counts = checks.map(({ test }, index) => `count(*) FILTER (WHERE ${test})::float8 AS n${index}`);
  const [found] = await db.query<Record<string, number>>(
    `SELECT ${counts.join(', ')} FROM ${target.table} AS t WHERE ${await liveCondition(db, target)}`,
    [],
  );
  return checks.flatMap(({ name, test }, index): Problem[] => {
    const rows = found![`n${index}`]!;
    if (rows === 0) return [];
    return [
      {
        what: `column ${name} has a value in ${rows} rows that no delivery can have (not a number, infinite, outside of the years 1000 to 9999, or an array of more than one dimension or with another first index than 1)`,
        sql: `UPDATE ${target.table} AS t SET ${quoteIdentifier(name)} = NULL WHERE ${test};`,
      },
    ];
  });
}

function oddValue({ name, type }: Column): string | null {
  const value = columnOf(name, 't');
  if (typeName(type) !== 'array') return oddTest(type, value);
  const ofElement = oddTest(elementOf(type as ArrayType), 'e');
  const isOdd = `coalesce(array_ndims(${value}) > 1 OR array_lower(${value}, 1) <> 1, false)`;
  return ofElement === null ? isOdd : `(${isOdd} OR EXISTS (SELECT FROM unnest(${value}) AS e WHERE ${ofElement}))`;
}

function oddTest(type: ColumnType, value: string): string | null {
  if (type === 'double' || type === 'real') return `${value} IN ('NaN', 'Infinity', '-Infinity')`;
  // Before version 17 PostgreSQL knows no such interval.
  if (type === 'interval') return `${value}::text IN ('infinity', '-infinity')`;
  if (type === 'date' || type.startsWith('timestamp')) return `(${value} < '1000-01-01' OR ${value} >= '10000-01-01')`;
  return type.startsWith('decimal') ? `${value} = 'NaN'` : null;
}

/** Constant defaults, for which PostgreSQL does not rewrite rows. */
function metaSql({ table }: Target, { columns }: Relation, date: string): string[] {
  const types: Record<(typeof metaColumns)[number], string> = {
    _first_seen: `date NOT NULL DEFAULT '${date}'`,
    _last_changed: `date NOT NULL DEFAULT '${date}'`,
    _gone_since: 'date',
    _loaded_at: 'timestamp with time zone NOT NULL DEFAULT now()',
  };
  const missing = metaColumns.filter((name) => !columns.some((column) => column.name === name));
  if (missing.length === 0) return [];
  const dated = missing.filter((name) => name === '_first_seen' || name === '_last_changed');
  return [
    `ALTER TABLE ${table} ${missing.map((name) => `ADD COLUMN ${name} ${types[name]}`).join(', ')};`,
    ...(dated.length > 0
      ? [`ALTER TABLE ${table} ${dated.map((name) => `ALTER COLUMN ${name} DROP DEFAULT`).join(', ')};`]
      : []),
  ];
}
