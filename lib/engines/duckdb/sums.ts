import type { DiffPlan } from '../../core/sql/plans/diff-plan.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import { fingerprintIn, nullCountsIn, ruleViolations } from '../common/plan-answers.ts';
import type { DuckDbSession } from './session.ts';

type Table = Pick<EngineInput, 'columns'> & Pick<EngineInput['next'], 'reading'>;

/** The results of a plan's counts, rule violations, fingerprints and null counts. */
export async function sumUp(
  session: DuckDbSession,
  { columns, reading }: Table,
  plan: Pick<DiffPlan, 'numbers' | 'broken' | 'fingerprints' | 'nulls'>,
) {
  const { fingerprints, nulls } = plan;
  const sides = ['before', 'after', ...(fingerprints.whole ? (['whole'] as const) : [])] as const;
  const [numbers, broken, ...sums] = await session.runAll([
    plan.numbers,
    plan.broken ?? 'SELECT 1',
    ...sides.flatMap((side) => [fingerprints[side]!, nulls[side]!]),
  ]);
  const [before, after, whole] = sides.map((_side, index) => ({
    fingerprint: fingerprintIn(sums[2 * index]![0]!),
    nulls: nullCountsIn(columns, sums[2 * index + 1]![0]!),
  }));
  return {
    numbers: numbers![0]!,
    broken: ruleViolations(reading, broken![0]!),
    before: before!.fingerprint,
    after: after!.fingerprint,
    whole: whole?.fingerprint ?? null,
    nulls: { before: before!.nulls, after: after!.nulls, whole: whole?.nulls ?? null },
  };
}
