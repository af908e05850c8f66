import {
  DAY,
  type EpochSpelling,
  epochPattern,
  FIRST_MICROSECOND,
  LAST_MICROSECOND,
  tooFinePattern,
} from '../../../feed/values/spelling/epoch-spelling.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainEpoch` of `core/feed/values/spelling/epoch-spelling.ts`, as SQL: the microseconds, then the plain spelling. */
export function epochStages({ places, type }: EpochSpelling): readonly Stage[] {
  const microseconds: Stage = (
    sql,
    text,
  ) => `CASE WHEN ${sql.matches(text, tooFinePattern(places))} THEN ${rejected('SCALE')}
    WHEN ${sql.matches(text, epochPattern)} THEN split_part(${text}, '.', 1) || rpad(split_part(${text}, '.', 2), ${places}, '0')
    ELSE ${rejected('DATE')} END`;
  const plain: Stage = (sql, text) => {
    const count = sql.tryCast(text, 'bigint');
    const moment = sql.text(sql.atMicrosecond(count));
    const isInRange = `${count} BETWEEN ${FIRST_MICROSECOND} AND ${LAST_MICROSECOND}`;
    if (type === 'date')
      return `CASE WHEN ${isInRange} THEN CASE WHEN ${count} % ${DAY} = 0 THEN substr(${moment}, 1, 10) ELSE ${rejected('DATE')} END ELSE ${rejected('DATE_RANGE')} END`;
    return `CASE WHEN ${isInRange} THEN ${moment}${type === 'timestamptz' ? " || 'Z'" : ''} ELSE ${rejected('DATE_RANGE')} END`;
  };
  return [microseconds, plain];
}
