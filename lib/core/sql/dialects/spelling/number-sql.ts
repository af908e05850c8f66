import { notANumber } from '../../../feed/values/bad-value.ts';
import { hundredth, NEGATIVE, type NumberSpelling } from '../../../feed/values/spelling/number-spelling.ts';
import type { SqlDialect } from '../dialect.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainNumber` of `core/feed/values/spelling/number-spelling.ts`, as SQL. */
export function numberStages({ pattern, digits, from, to, isHundredth }: NumberSpelling): readonly Stage[] {
  const plain: Stage = (sql, text) => {
    const found = digits === null ? text : sql.extract(text, digits, 0);
    const marked = `translate(${found}, ${sql.literal(from)}, ${sql.literal(to)})`;
    const sign = `CASE WHEN ${sql.contains(text, NEGATIVE)} THEN '-' ELSE '' END`;
    const signed = digits === null ? marked : `${sign} || ${isHundredth ? "'00' || " : ''}${marked}`;
    return `CASE WHEN ${sql.matches(text, pattern)} THEN ${signed} ${badNumber(sql, text)} END`;
  };
  const shifted: Stage = (sql, text) => sql.arranged(text, hundredth.pattern, hundredth.by);
  return isHundredth ? [plain, shifted] : [plain];
}

const badNumber = (sql: SqlDialect, text: string) =>
  `WHEN ${sql.matches(text, notANumber)} THEN ${rejected('NOT_A_NUMBER')} ELSE ${rejected('FORMAT')}`;
