import { z } from 'zod';
import { environmentNames } from '../../core/cloud/environment-names.ts';
import type { EngineChoice } from '../../core/feed/descriptors/engine-descriptor.ts';
import { size } from '../../core/feed/values/text-forms.ts';
import type { EngineKind } from '../engine-kind.ts';

const options = z
  .strictObject({
    above: size.describe('Uncompressed size of a table, such as 200GB, above which `engine: auto` takes Spark.'),
  })
  .optional()
  .describe('When `auto` picks spark. Without it, never.');

/** For deliveries that one machine cannot hold. */
export const spark = {
  name: 'spark',
  version: 'spark-4.1',
  options,
  demand(asked, bytes) {
    if (asked.engine === 'spark') return { reason: 'the feed asks for it' };
    if (asked.engine !== 'auto' || bytes <= aboveOf(asked)) return null;
    return { reason: `${bytes} bytes are more than spark.above` };
  },
  job: {
    needs: ({ name, arn }) => ({
      rights: [{ actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns'], resources: [arn] }],
      environment: { [environmentNames.glueJob]: name },
    }),
    faults(asked, gigabytes) {
      const above = aboveOf(asked);
      if (above === Number.POSITIVE_INFINITY || above <= gigabytes * 1e9) return [];
      const expected = `expected at most ${gigabytes}GB, which fit on a task's disk`;
      return [`spark.above: ${expected}, received ${above / 1e9}GB`];
    },
  },
  async open({ pool, spark }) {
    const { SparkEngine } = await import('./engine.ts');
    return new SparkEngine(pool, spark);
  },
} as const satisfies EngineKind;

function aboveOf({ spark }: EngineChoice): number {
  return (spark as z.output<typeof options>)?.above ?? Number.POSITIVE_INFINITY;
}
