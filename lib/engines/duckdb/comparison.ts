import type { Fingerprint } from '../../core/diff/fingerprint.ts';
import type { NullCounts } from '../../core/diff/null-counts.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import { fingerprintIn, nullCountsIn } from '../common/plan-answers.ts';
import type { DuckDbSession } from './session.ts';

/** The plan's result over these inputs. The caller adds which engine prepared the inputs, and why. */
export interface Comparison<Files = LocalFiles> extends Omit<EngineDiff, 'engine' | 'reason' | 'files'> {
  readonly files: Files;
}

/** Paths on this machine. */
export type LocalFiles = Readonly<Partial<Record<keyof EngineDiff['files'], string>>>;

/** The result of one of the plan's fingerprint queries. */
export async function fingerprintOf(session: DuckDbSession, sql: string): Promise<Fingerprint> {
  return fingerprintIn((await session.run(sql))[0]!);
}

/** The result of one of the plan's queries of null counts. */
export async function nullCountsOf(
  session: DuckDbSession,
  { columns }: Pick<EngineInput, 'columns'>,
  sql: string,
): Promise<NullCounts> {
  return nullCountsIn(columns, (await session.run(sql))[0]!);
}
