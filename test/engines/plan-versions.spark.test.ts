import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lackOfSpark } from '../../bin/spark.ts';
import { objectText } from '../../lib/core/objects/object-kind.ts';
import { sparkPlan } from '../../lib/core/sql/plans/spark/plan.ts';
import { readSparkResult } from '../../lib/core/sql/plans/spark/result.ts';
import { emptyPlan, SparkQueries } from '../support/engines/spark-queries.ts';

const lack = await lackOfSpark();

describe.skipIf(lack !== undefined)(lack ? `(skipped: ${lack})` : 'diff.py', () => {
  let spark: SparkQueries;
  beforeAll(async () => {
    spark = await SparkQueries.open();
  }, 300_000);
  afterAll(() => spark.close());

  const asked = (into: string) => emptyPlan(into, { asked: "SELECT 'x' AS one, NULL AS none" });

  test('what it leaves says its version, and is what it answers', async () => {
    const answer = await spark.answer((into) => objectText(sparkPlan, asked(into)));
    expect(answer.queries.asked).toEqual([{ one: 'x', none: null }]);
    const left = await spark.result();
    expect(JSON.parse(left).version).toBe(1);
    expect(readSparkResult(left, 'result.json')).toEqual(answer);
  });

  test('a plan of a newer version is refused by name, and runs nothing', async () => {
    const newer = spark.answer((into) => JSON.stringify({ ...asked(into), version: 2, queries: 'something else' }));
    await expect(newer).rejects.toMatchObject({
      name: 'OBJECT_NEWER',
      message: 'the plan for Spark is of a newer version than its job, which ran nothing',
    });
    await expect(spark.result()).rejects.toThrow('ENOENT');
  });
});
