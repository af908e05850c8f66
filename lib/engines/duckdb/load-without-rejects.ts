import { join } from 'node:path';
import { emptyFingerprint } from '../../core/diff/fingerprint.ts';
import { noSamples } from '../../core/diff/samples.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import { needsAllRows } from '../../core/feed/rules/rule.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { KeyOrder } from '../../core/records/scan/key-order.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { diffPlan } from '../../core/sql/plans/diff-plan.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import { ascends } from '../common/ascending.ts';
import { type Comparison, fingerprintOf, nullCountsOf } from './comparison.ts';
import type { Inputs } from './plan-inputs.ts';
import { type DuckDbSession, PARQUET } from './session.ts';

/**
 * A first load that rejects nothing. Its records are typed once, straight into the file that is published; tables in memory would take
 * three times as long. Resolves to null when a record is rejected or a key occurs twice; then only time is lost.
 */
export async function loadWithoutRejects(
  session: DuckDbSession,
  input: EngineInput,
  inputs: Inputs,
  scratch: string,
): Promise<Comparison | null> {
  const { landed, reading } = input.next;
  const records = inputs.next.reduce((sum, { rows }) => sum + rows, 0);
  const isAsked = reading.rules?.some((rule) => needsAllRows(rule) || rule.on_fail !== 'reject_row');
  if (landed.rejects !== null || records === 0 || isAsked) return null;
  const plan = diffPlan(duckdb, { columns: input.columns, reading, whole: false, judgeAll: true, first: true });
  for (const [name, select] of inputs.relations) await session.run(`CREATE VIEW ${name} AS ${select}`);
  const path = join(scratch, 'rows.parquet');
  const file = `read_parquet(${quoteLiteral(path)})`;
  const [written] = await session.write([{ select: plan.withoutRejects.rows, path, format: PARQUET }]);
  if (Number(written!.Count) !== records) return null;
  const order = KeyOrder.of(landed.files[0]!.header, reading.columns, recordSyntaxOf(reading.format));
  if (!ascends(order, landed.files)) {
    const [twice] = await session.run(plan.withoutRejects.keysTwice(file));
    if (Number(twice!.keys) > 0) return null;
  }
  return {
    accepted: records,
    rejected: {},
    filtered: 0,
    collapsed: 0,
    reverted: 0,
    inserted: records,
    updated: 0,
    gone: 0,
    carried: 0,
    suspended: 0,
    broken: {},
    before: emptyFingerprint,
    after: await fingerprintOf(session, plan.withoutRejects.fingerprint(file)),
    whole: null,
    nulls: { before: {}, after: await nullCountsOf(session, input, plan.withoutRejects.nulls(file)), whole: null },
    samples: noSamples,
    files: { inserted: path },
  };
}
