import type { RejectCode } from '../../records/reject.ts';

/** A field read as a type: its canonical text, or the reason why it has none. */
export type Value =
  | { readonly text: string; readonly code?: never }
  | { readonly code: RejectCode; readonly text?: never };

/** Why a text is no number. */
export function badNumber(raw: string): Value {
  return { code: wholeNotANumber.test(raw) ? 'NOT_A_NUMBER' : 'FORMAT' };
}

/** Why a text does not begin with a day. */
export function badDate(raw: string): Value {
  if (/^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9].*)?$/s.test(raw)) return { code: 'DATE_AMBIGUOUS' };
  if (/^([+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}.*|[0-9]+-[0-9]{2}-[0-9]{2}.* BC)$/s.test(raw)) return { code: 'DATE_RANGE' };
  return { code: 'DATE' };
}

/** Fits a whole text that says that it is no number. JavaScript, RE2 and Java read it alike. */
export const notANumber = '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)';
const wholeNotANumber = new RegExp(`^${notANumber}$`);
