/** What a letter after the backslash means, in the dialects that have such letters. */
export const escapeLetters = {
  /** `SELECT … INTO OUTFILE`, `mysqldump --tab` and the client's batch output. */
  mysql: { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' },
  /** `COPY … TO` as text. It reads octal and hexadecimal numbers too, but never writes them. */
  copy: { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
} as const;

export function isNamedEscape(text: string): text is keyof typeof escapeLetters {
  return Object.hasOwn(escapeLetters, text);
}
