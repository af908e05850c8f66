import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkValue } from '../../../lib/core/expression/check.ts';
import { evaluate, failed } from '../../../lib/core/expression/evaluate.ts';
import type { Expression } from '../../../lib/core/expression/expression.ts';
import { failureOf } from '../../../lib/core/expression/failure.ts';
import { newestMeaning } from '../../../lib/core/expression/meaning.ts';
import { portablePattern } from '../../../lib/core/expression/pattern.ts';
import { canonicalOf, scalarOf } from '../../../lib/core/expression/scalar.ts';
import type { ColumnType } from '../../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../../lib/core/feed/values/value.ts';
import { fieldSql } from '../../../lib/core/sql/dialects/column-sql.ts';
import { duckdb, type SqlDialect } from '../../../lib/core/sql/dialects/dialect.ts';
import { expressionSql } from '../../../lib/core/sql/dialects/expression-sql.ts';
import { mayRetry } from '../../../lib/core/sql/dialects/retrying-pattern.ts';
import { spark } from '../../../lib/core/sql/dialects/spark.ts';
import { describeEngines } from '../../support/engines/engines.ts';
import { hostileLikes, likeCases } from '../../support/engines/like-cases.ts';
import { type Composed, expressionOf, rawOf, resultTypes, scope } from '../../support/engines/random-expression.ts';
import { letter, pattern } from '../../support/engines/random-pattern.ts';
import { SparkQueries } from '../../support/engines/spark-queries.ts';

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
      // To make a real of a number repeats it so often that a deeper one would be too much.
      fc.array(expressionOf(type, type === 'real' ? 3 : 4), { minLength: 1, maxLength: 25 }),
      fc.array(row, { minLength: 1, maxLength: 12 }),
      async (composed, rows) => {
        const checked = composed.flatMap((each) => checkedIfSmall(each, type));
        fc.pre(checked.length > 0);
        expect(await byDuckdb(checked, type, rows)).toEqual(
          rows.map((values) => checked.map((each) => byCode(each, type, values))),
        );
      },
    ),
    { numRuns: 25 },
  );
});

const unfit = [
  'cast(big as integer) > 3',
  'cast(big as integer) not between 1 and 7',
  'cast(big as integer) in (5, 6)',
  'cast(coalesce(big, fine) as decimal(15,5)) > 0',
  'cast(cast(big as decimal(30,2)) as integer) <> 3',
].map((text) => ({ text }));
const tried = (all: readonly Composed[]) => all.map(({ text }) => ({ text: text.replaceAll('cast(', 'try_cast(') }));
const unfitRows = ['10000000000', '5', '4', null].map((big) => names.map((name) => (name === 'big' ? big : null)));
const byCodeAll = (checked: readonly Expression[]) =>
  unfitRows.map((values) => checked.map((each) => byCode(each, 'boolean', values)));

test('a number that does not fit fails, or is null where that is asked for, also where it is only compared, in DuckDB', async () => {
  const checked = [...unfit, ...tried(unfit)].map((each) => checkedOf(each, 'boolean'));
  const expected = byCodeAll(checked);
  expect(expected[0]).toEqual([...unfit.map(() => FAILED), ...unfit.map(() => null)]);
  expect(await byDuckdb(checked, 'boolean', unfitRows)).toEqual(expected);
});

describeEngines(['spark'], () => {
  let queries: SparkQueries;
  beforeAll(async () => {
    queries = await SparkQueries.open();
  });
  afterAll(() => queries.close());

  test('a number that does not fit fails, or is null where that is asked for, also where it is only compared, in Spark', async () => {
    const checked = [...unfit, ...tried(unfit)].map((each) => checkedOf(each, 'boolean'));
    const found = await queries.rows(selectOf(spark, checked, 'boolean', unfitRows));
    expect(found.map((each) => Object.values(each))).toEqual(byCodeAll(checked));
  });

  const likes = async (pairs: readonly (readonly [text: string, pattern: string, ...unknown[]])[]) => {
    // Of a column: what is written out would be worked out as the query is planned.
    const texts = pairs.map(([text], index) => `SELECT ${index} AS ord, ${spark.literal(text)} AS t`);
    const answers = pairs.map(([, pattern], index) => `WHEN ${index} THEN ${spark.like('t', pattern)}`);
    return queries.rows(
      `SELECT CASE ord ${answers.join(' ')} END AS fits FROM (${texts.join(' UNION ALL ')}) ORDER BY ord`,
    );
  };

  test('Spark says of like what all others say', async () => {
    const found = await likes(likeCases);
    expect(found.map(({ fits }) => fits)).toEqual(likeCases.map(([, , fits]) => (fits ? 'True' : 'False')));
  });

  test('a value that a vendor made for a like ends in Spark too', { timeout: 30_000 }, async () => {
    const found = await likes(hostileLikes);
    expect(found.map(({ fits }) => fits)).toEqual(hostileLikes.map(() => 'False'));
  });

  test('any pattern fits the same texts in Spark as in JavaScript', async () => {
    const text = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));
    const patterns = fc
      .sample(pattern, { numRuns: 80, seed: 4 })
      .map((written) => portablePattern(written, newestMeaning));
    const texts = fc.sample(text, { numRuns: 25, seed: 4 });
    const each = texts.map((found, index) => `SELECT ${index} AS ord, ${spark.literal(found)} AS t`);
    const columns = patterns.map((of, index) => `${spark.fits('t', of)} AS x${index}`);
    const found = await queries.rows(`SELECT ${columns.join(', ')} FROM (${each.join(' UNION ALL ')}) ORDER BY ord`);
    const expected = texts.map((on) =>
      patterns.map((of) => (new RegExp(`^(?:${of})$`, 'u').test(on) ? 'True' : 'False')),
    );
    expect(found.map((row) => Object.values(row))).toEqual(expected);
    expect(patterns.filter(mayRetry).length).toBeGreaterThan(10);
  });

  test('a value that a vendor made for a pattern ends in Spark', { timeout: 60_000 }, async () => {
    const pairs = [
      ['a'.repeat(100_000), '(a+)+b'],
      ['a'.repeat(100_000), '(a|a)*(a|aa)*b'],
      ['foo'.repeat(33_000), '.*foo.*bar.*foo'],
      [`${'a'.repeat(100_000)}\n`, '\\w*a\\w*a.*'],
    ] as const;
    for (const [text, written] of pairs) {
      const fits = spark.fits('t', portablePattern(written, newestMeaning));
      const [row] = await queries.rows(`SELECT ${fits} AS fits FROM (SELECT ${spark.literal(text)} AS t)`);
      expect(row).toEqual({ fits: 'False' });
    }
  });

  test.each(resultTypes)('any expression of %s is the same in Spark and in plain code', async (type) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(expressionOf(type, 2), { minLength: 8, maxLength: 12 }),
        fc.array(row, { minLength: 8, maxLength: 12 }),
        async (composed, rows) => {
          const checked = composed.flatMap((each) => checkedIfSmall(each, type));
          fc.pre(checked.length > 0);
          const found = await queries.rows(selectOf(spark, checked, type, rows));
          expect(found.map((each) => Object.values(each))).toEqual(
            rows.map((values) => checked.map((each) => byCode(each, type, values))),
          );
        },
      ),
      { numRuns: 2, endOnFailure: true },
    );
  });
});

/** Nothing for an expression that is refused because its parts would repeat one another too often. */
function checkedIfSmall(composed: Composed, type: ColumnType): Expression[] {
  try {
    return [checkedOf(composed, type)];
  } catch (error) {
    if (/too much within one another/.test(String(error))) return [];
    throw error;
  }
}

function checkedOf({ text }: Composed, type: ColumnType): Expression {
  const whole = `cast(${text} as ${type})`;
  try {
    return checkValue(whole, type, scope, 2);
  } catch (error) {
    // A text that is written out and fits nowhere is a fault of the expression.
    if (/this is no/.test(String(error))) return checkValue(whole, type, scope, 1);
    throw new Error(`${text}: ${String(error)}`);
  }
}

const FAILED = 'failed';

function byCode(expression: Expression, type: ColumnType, values: readonly (string | null)[]): string | null {
  const found = evaluate(expression, (name) => {
    const of = scope.get(name)!;
    const raw = values[names.indexOf(name)] ?? null;
    return scalarOf(of, raw === null ? null : parseValue({ type: of }, raw).text!);
  });
  return found === failed ? FAILED : canonicalOf(type, found);
}

type RawRows = readonly (readonly (string | null)[])[];

async function byDuckdb(expressions: readonly Expression[], type: ColumnType, rows: RawRows) {
  const found = await connection.runAndReadAll(selectOf(duckdb, expressions, type, rows));
  return found.getRowsJson() as (string | null)[][];
}

function selectOf(sql: SqlDialect, expressions: readonly Expression[], type: ColumnType, rows: RawRows): string {
  const raws = rows.map(
    (values, index) =>
      `(${[index, ...values.map((value) => (value === null ? `CAST(NULL AS ${sql.type('text')})` : sql.literal(value)))].join(', ')})`,
  );
  const typed = names.map(
    (name, index) =>
      `CASE WHEN r${index} IS NOT NULL THEN ${fieldSql(sql, { type: scope.get(name)! }, `r${index}`).typed} END AS c${index}`,
  );
  const written = (each: Expression) => expressionSql(sql, each, (name) => `c${names.indexOf(name)}`);
  const results = expressions.map((each, index) => {
    const value = sql.text(sql.canonical(`(${written(each)})`, type));
    const failure = failureOf(each);
    // That it is never null, and never fails itself, is part of what is tested.
    return `${failure ? `CASE WHEN NOT ${written(failure)} THEN ${value} ELSE '${FAILED}' END` : value} AS x${index}`;
  });
  return `SELECT ${results.join(', ')} FROM (SELECT ord, ${typed.join(', ')} FROM (VALUES ${raws.join(', ')}) AS v(ord, ${names.map((_name, index) => `r${index}`).join(', ')})) ORDER BY ord`;
}
