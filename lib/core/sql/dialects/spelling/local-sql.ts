import { type LocalSpelling, localPattern, otherEndPattern } from '../../../feed/values/spelling/local-spelling.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainLocal` of `core/feed/values/spelling/local-spelling.ts`, as SQL: a blank before the clock, then the offset behind it. */
export function localStages({ entries }: LocalSpelling): readonly Stage[] {
  const spaced: Stage = (
    sql,
    text,
  ) => `CASE WHEN ${sql.matches(text, localPattern)} THEN '${LOCAL}' || substr(${text}, 1, 10) || ' ' || substr(${text}, 12)
    WHEN ${sql.matches(text, otherEndPattern)} THEN ${rejected('TIME')}
    WHEN ${sql.matches(text, '[0-9][\\s\\S]*')} THEN ${text} ELSE ${rejected('DATE')} END`;
  const told: Stage = (sql, text) => {
    const meaning = sql.lastUpTo(
      text,
      entries.map(({ from, offset, code }) => [LOCAL + from, offset ?? rejected(code!).slice(1, -1)]),
    );
    const both = `(${meaning} || substr(${text}, 2))`;
    return `CASE WHEN left(${text}, 1) = '${LOCAL}' THEN ${sql.arranged(both, REJECTED_OR_OFFSET, [1, 3, 2])} ELSE ${text} END`;
  };
  return [spaced, told];
}

/** Marks a time that gets an offset. */
const LOCAL = '@';

/** A reject before a time, or an offset before it. */
const REJECTED_OR_OFFSET = '^(?:(![A-Z_]+)[\\s\\S]*|([+-][0-9]{2}:[0-9]{2})([\\s\\S]*))$';
