/** A parsed date format. */
export interface DateFormat {
  /** A regular expression with three groups. JavaScript, RE2 and Java read it alike. */
  readonly pattern: string;
  /** Which group holds what. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const formatPattern = /^(YYYY|MM?|DD?)([/. -]?)(YYYY|MM?|DD?)([/. -]?)(YYYY|MM?|DD?)$/;
const tokens: Record<string, string> = {
  YYYY: '([0-9]{4})',
  MM: '([0-9]{2})',
  DD: '([0-9]{2})',
  M: '([0-9]{1,2})',
  D: '([0-9]{1,2})',
};

/** Parses `DD/MM/YYYY`. undefined when the text is not a format, or leaves open where a number ends. */
export function dateFormatOf(format: string): DateFormat | undefined {
  const match = formatPattern.exec(format);
  if (!match) return undefined;
  const [, first, between, second, then, third] = match as unknown as [string, string, string, string, string, string];
  const letters = [first, second, third].map((token) => token[0]);
  const needSeparators = [first, second, third].some((token) => token.length === 1);
  if (new Set(letters).size < 3 || (needSeparators && (between === '' || then === ''))) return undefined;
  const separator = (text: string) => (text === '' ? '' : `[${text}]`);
  return {
    pattern: `${tokens[first]}${separator(between)}${tokens[second]}${separator(then)}${tokens[third]}`,
    year: letters.indexOf('Y') + 1,
    month: letters.indexOf('M') + 1,
    day: letters.indexOf('D') + 1,
  };
}
