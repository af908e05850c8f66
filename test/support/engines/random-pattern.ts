import fc from 'fast-check';

/** A character of a text, and of a pattern. */
export const letter = fc.constantFrom(
  'a',
  'b',
  'A',
  '1',
  ' ',
  '-',
  '.',
  '&',
  '~',
  '/',
  "'",
  'é',
  '\n',
  '\t',
  '📏',
  '\\',
  '[',
  '^',
  '\u2028',
  '\r',
);
const atom = fc.oneof(
  { weight: 4, arbitrary: letter.map((text) => (/[\\[^.]/.test(text) ? `\\${text}` : text)) },
  fc.constantFrom(
    '.',
    '\\d',
    '\\w',
    '\\s',
    '[a-c]',
    '[^a&~-]',
    '[\\w.]',
    '[^\\s\\d]',
    '[\\\\\\]^]',
    '[--/]',
    '\\-',
    '\\_',
    '[a\\-z]',
  ),
);
/** A pattern as a feed file may have it. */
export const pattern = fc
  .letrec<{ sequence: string; item: string }>((tie) => ({
    sequence: fc.array(tie('item'), { maxLength: 4 }).map((parts) => parts.join('')),
    item: fc.oneof(
      { maxDepth: 2 },
      fc
        .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{02}', '{1,}', '{0,2}'))
        .map((parts) => parts.join('')),
      fc
        .tuple(tie('sequence'), tie('sequence'), fc.constantFrom('', '?', '{1,02}'))
        .map(([a, b, times]) => `(${a}|${b})${times}`),
    ),
  }))
  .sequence.filter((written) => written.length <= 1000);
