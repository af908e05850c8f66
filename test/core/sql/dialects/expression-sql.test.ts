import { expect, test } from 'vitest';
import { checkValue } from '../../../../lib/core/expression/check.ts';
import { newestMeaning } from '../../../../lib/core/expression/meaning.ts';
import { expressionSql } from '../../../../lib/core/sql/dialects/expression-sql.ts';
import { spark } from '../../../../lib/core/sql/dialects/spark.ts';

const scope = new Map([
  ['weight', 'real'],
  ['note', 'text'],
] as const);

function lengthOf(depth: number, cast: (inner: string) => string, start: string): number {
  let text = start;
  for (let level = 0; level < depth; level += 1) text = cast(text);
  const expression = checkValue(text, 'real', scope, newestMeaning);
  return expressionSql(spark, expression, (name) => `\`${name}\``).length;
}

// Each level named its value four times, so that a dozen such columns took all of Spark's memory.
test.each([
  ['doubles', (inner: string) => `cast(cast(${inner} as double) * 2e0 as real)`, 'weight'],
  ['quotients', (inner: string) => `cast(cast(${inner} as double) / 3e0 as real)`, 'weight'],
])('casts to real within one another make Spark’s SQL no longer than their number allows: %s', (_of, cast, start) => {
  const [few, many] = [1, 2].map((depth) => lengthOf(depth, cast, start)) as [number, number];
  expect(many / few).toBeLessThan(2.5);
});
