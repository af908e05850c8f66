import { canonicalJson } from '../../core/feed/reading-spec.ts';
import { isKeyless } from '../../core/feed/row-identity.ts';
import { needsAllRows } from '../../core/feed/rules/rule.ts';
import type { Arriving, EngineInput, FileHead } from '../../ports/comparison.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import { needsWhole } from '../duckdb/join-rows.ts';

/** null when lockstep may compare. Equal bytes must mean the same on both sides. */
export function obstacleTo({ base, columns, next }: EngineInput): Unsuitable | null {
  if (base === null) return new Unsuitable('the first load has nothing to compare with');
  return (
    obstacleToReading({ base, columns, reading: next.reading }) ??
    obstacleToFiles([...base.files, ...next.landed.files])
  );
}

/** Obstacles that the heads of the files show. */
export function obstacleToFiles(files: readonly FileHead[]): Unsuitable | null {
  const [first] = files;
  if (!first) return new Unsuitable('there are no files');
  if (files.some((file) => file.header.join('\n') !== first.header.join('\n')))
    return new Unsuitable('the columns are in another order');
  if (files.some((file) => file.recordEnd !== first.recordEnd)) return new Unsuitable('records end differently');
  if (first.header.length === 1) return new Unsuitable('a blank line of a one-column file is a record only sometimes');
  return null;
}

/** Obstacles that are known before there are files. */
export function obstacleToReading({
  base,
  columns,
  reading,
}: Pick<Arriving, 'base' | 'columns' | 'reading'>): Unsuitable | null {
  if (base.files.length === 0)
    return new Unsuitable('the base was read from production, and has no records to walk along');
  if (canonicalJson(base.reading) !== canonicalJson(reading))
    return new Unsuitable('the reading spec changed: equal bytes may mean something else');
  if (isKeyless(reading)) return new Unsuitable('rows have no key: equal ones are counted, which needs all rows');
  if (reading.rules?.some(needsAllRows))
    return new Unsuitable('a rule is unique or references a table, and that needs all rows');
  if (reading.newest !== undefined && (reading.where ?? reading.drop_row_when) !== undefined)
    return new Unsuitable('a filter may leave out the newest version of a key, and its older ones are not in the base');
  if (needsWhole({ base, columns }))
    return new Unsuitable(
      'the fingerprint has to be computed afresh: other columns are compared than before, or an older version left the base',
    );
  return null;
}
