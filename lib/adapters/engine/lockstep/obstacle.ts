import { canonicalJson } from '../../../core/feed/reading-spec.ts';
import type { EngineInput } from '../../../steps/engine-port.ts';
import { needsWhole } from '../duckdb/compare.ts';

/** Why lockstep would be wrong or useless here; null when it may walk. Equal bytes must mean the same on both sides. */
export function obstacleTo(input: EngineInput): string | null {
  const { base, next } = input;
  if (base === null) return 'the first load has nothing to compare with';
  if (canonicalJson(base.reading) !== canonicalJson(next.reading))
    return 'the reading spec changed: equal bytes may mean something else';
  if (needsWhole(input)) return 'other columns are compared than before: the fingerprint has to be computed afresh';
  const files = [...base.files, ...next.landed.files];
  const [first] = files;
  if (!first) return 'there are no files';
  if (files.some((file) => file.header.join('\n') !== first.header.join('\n')))
    return 'the columns stand in another order';
  if (files.some((file) => file.recordEnd !== first.recordEnd)) return 'records end differently';
  if (first.header.length === 1) return 'a blank line of a one-column file is a record only sometimes';
  return null;
}
