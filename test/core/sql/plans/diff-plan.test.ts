import { expect, test } from 'vitest';
import { readingSpecOf } from '../../../../lib/core/feed/reading-spec.ts';
import { duckdb } from '../../../../lib/core/sql/dialects/dialect.ts';
import { spark } from '../../../../lib/core/sql/dialects/spark.ts';
import { diffPlan } from '../../../../lib/core/sql/plans/diff-plan.ts';
import { columnsOf, feedSchema } from '../../../../lib/feed-file/feed.ts';

const feed = feedSchema.parse({
  feed: 'golden',
  source: { folder: '.' },
  tables: {
    t: {
      files: 't.csv',
      columns: {
        id: { type: 'bigint', key: true },
        region: { type: 'text', key: true },
        price: { type: 'decimal(12,2)', required: true },
        at: 'timestamptz',
        seen: { type: 'date', compare: false },
      },
    },
  },
});

/** The text is what a reviewer of a change to the plan reads; golden and property tests execute it. */
test.each([duckdb, spark])('the diff as SQL for $name', async (dialect) => {
  const plan = diffPlan(dialect, {
    columns: columnsOf(feed.tables.t!),
    reading: readingSpecOf(feed.tables.t!),
    whole: true,
    judgeAll: false,
    first: false,
  });
  const named = (parts: Record<string, string | undefined>) =>
    Object.entries(parts).map(([name, sql]) => `-- ${name}\n${sql};\n`);
  const steps = plan.steps.map(({ name, kind, select }) => `-- ${kind} ${name}\n${select};\n`);
  const text = [
    ...steps,
    ...named(plan.outputs),
    ...named({ numbers: plan.numbers, rejects: plan.rejects }),
    ...named({ ...plan.fingerprints }),
    ...named({ 'nulls before': plan.nulls.before, 'nulls after': plan.nulls.after, 'nulls whole': plan.nulls.whole }),
    ...named({ 'sample of updated': plan.samples.updated, 'sample of gone': plan.samples.gone }),
    ...named({
      'without rejects, rows': plan.withoutRejects.rows,
      'without rejects, keysTwice': plan.withoutRejects.keysTwice('rows'),
      'without rejects, fingerprint': plan.withoutRejects.fingerprint('rows'),
      'without rejects, nulls': plan.withoutRejects.nulls('rows'),
    }),
  ];
  await expect(text.join('\n')).toMatchFileSnapshot(`../../../golden/sql/diff.${dialect.name}.sql`);
});
