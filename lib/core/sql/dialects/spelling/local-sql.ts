import {
  type LocalEntry,
  type LocalSpelling,
  localPattern,
  otherEndPattern,
} from '../../../feed/values/spelling/local-spelling.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainLocal` of `core/feed/values/spelling/local-spelling.ts`, as SQL: a blank before the clock, then the offset behind it. */
export function localStages({ entries }: LocalSpelling): readonly Stage[] {
  const spaced: Stage = (
    sql,
    text,
  ) => `CASE WHEN ${sql.matches(text, localPattern)} THEN '${LOCAL}' || substr(${text}, 1, 10) || ' ' || substr(${text}, 12)
    WHEN ${sql.matches(text, otherEndPattern)} THEN ${rejected('TIME')}
    WHEN ${sql.matches(text, '[0-9][\\s\\S]*')} THEN ${text} ELSE ${rejected('DATE')} END`;
  const told: Stage = (_sql, text) =>
    `CASE WHEN left(${text}, 1) = '${LOCAL}' THEN ${tree(entries, text)} ELSE ${text} END`;
  return [spaced, told];
}

/** Marks a time that gets an offset. */
const LOCAL = '@';

/** Halves the entries until one is left: a time is compared as often as their number has binary digits. */
function tree(entries: readonly LocalEntry[], text: string): string {
  if (entries.length === 1) return leaf(entries[0]!, text);
  const middle = entries.length >> 1;
  const [before, after] = [entries.slice(0, middle), entries.slice(middle)];
  return `CASE WHEN ${text} < '${LOCAL}${after[0]!.from}' THEN ${tree(before, text)} ELSE ${tree(after, text)} END`;
}

function leaf({ offset, code }: LocalEntry, text: string): string {
  return code === null ? `substr(${text}, 2) || '${offset}'` : rejected(code);
}
