import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkValue } from '../../../lib/core/expression/check.ts';
import { evaluate } from '../../../lib/core/expression/evaluate.ts';
import type { Expression } from '../../../lib/core/expression/expression.ts';
import { canonicalOf, scalarOf } from '../../../lib/core/expression/scalar.ts';
import type { ColumnType } from '../../../lib/core/feed/column-type.ts';
import { parseValue } from '../../../lib/core/feed/value.ts';
import { fieldSql } from '../../../lib/core/sql/column-sql.ts';
import { duckdb } from '../../../lib/core/sql/dialect.ts';
import { expressionSql } from '../../../lib/core/sql/expression-sql.ts';
import { type Composed, expressionOf, rawOf, resultTypes, scope } from '../../support/random-expression.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
});
afterAll(() => connection.closeSync());

const names = [...scope.keys()];
const row = fc.tuple(...names.map((name) => fc.option(rawOf(scope.get(name)!), { freq: 6 })));

test.each(resultTypes)('any expression of %s is the same in DuckDB and in plain code', async (type) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(expressionOf(type, 4), { minLength: 1, maxLength: 25 }),
      fc.array(row, { minLength: 1, maxLength: 12 }),
      async (composed, rows) => {
        const checked = composed.map((each) => checkedOf(each, type));
        expect(await byDuckdb(checked, type, rows)).toEqual(
          rows.map((values) => checked.map((each) => byCode(each, type, values))),
        );
      },
    ),
    { numRuns: 25 },
  );
});

function checkedOf({ text }: Composed, type: ColumnType): Expression {
  try {
    return checkValue(`cast(${text} as ${type})`, type, scope);
  } catch (error) {
    throw new Error(`${text}: ${String(error)}`);
  }
}

function byCode(expression: Expression, type: ColumnType, values: readonly (string | null)[]): string | null {
  const found = evaluate(expression, (name) => {
    const of = scope.get(name)!;
    const raw = values[names.indexOf(name)] ?? null;
    return scalarOf(of, raw === null ? null : parseValue({ type: of }, raw).text!);
  });
  return canonicalOf(type, found);
}

async function byDuckdb(
  expressions: readonly Expression[],
  type: ColumnType,
  rows: readonly (readonly (string | null)[])[],
) {
  const raws = rows.map(
    (values, index) =>
      `(${[index, ...values.map((value) => (value === null ? 'CAST(NULL AS VARCHAR)' : duckdb.literal(value)))].join(', ')})`,
  );
  const typed = names.map(
    (name, index) =>
      `CASE WHEN r${index} IS NOT NULL THEN ${fieldSql(duckdb, { type: scope.get(name)! }, `r${index}`).typed} END AS c${index}`,
  );
  const results = expressions.map((each) =>
    duckdb.text(duckdb.canonical(`(${expressionSql(duckdb, each, (name) => `c${names.indexOf(name)}`)})`, type)),
  );
  const found = await connection.runAndReadAll(
    `SELECT ${results.join(', ')} FROM (SELECT ord, ${typed.join(', ')} FROM (VALUES ${raws.join(', ')}) AS v(ord, ${names.map((_name, index) => `r${index}`).join(', ')})) ORDER BY ord`,
  );
  return found.getRowsJson() as (string | null)[][];
}
