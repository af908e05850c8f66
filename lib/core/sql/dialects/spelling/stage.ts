import type { Value } from '../../../feed/values/bad-value.ts';
import type { RejectCode } from '../../../records/reject.ts';
import type { SqlDialect } from '../dialect.ts';

/** SQL of a text made of another one, which is named so often that it has to be a column. */
export type Stage = (sql: SqlDialect, text: string) => string;

/** A text without a plain spelling becomes this and the reject code. No plain spelling begins with it. */
const MARK = '!';

/** The text that stands for a reject, as a literal. */
export const rejected = (code: RejectCode) => `'${MARK}${code}'`;

/** What a function of an engine gives for a text: the value's text, or what stands for its reject. */
export const textOrReject = ({ text, code }: Value) => text ?? `${MARK}${code}`;

export const isRejected = (text: string) => `left(${text}, 1) = '${MARK}'`;

/** The code that stages left instead of a text; the other code for a text that they respelled. */
export function respelledCode(text: string, code: string): string {
  return `CASE WHEN ${isRejected(text)} THEN substr(${text}, ${MARK.length + 1}) ELSE ${code} END`;
}
