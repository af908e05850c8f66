/** How backslashes are read: in strings of MySQL, in `E'…'` of PostgreSQL, in lines of COPY. */
export type Escapes = 'none' | 'mysql' | 'e-string' | 'copy';

const BACKSLASH = 0x5c;

/** Writes the text between `from` and `to` without its escapes; where a `quote` is given, two of them are one. Answers with the end. */
export function unescaped(
  bytes: Buffer,
  from: number,
  to: number,
  escapes: Escapes,
  quote: number | undefined,
  into: Buffer,
): number {
  const meanings = escapes === 'none' ? noLetters : letters[escapes];
  let end = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === quote) at++;
    if (byte !== BACKSLASH || escapes === 'none') {
      into[end++] = byte;
      continue;
    }
    const next = bytes[++at]!;
    const numbered = escapes !== 'mysql' && mayBeNumber(next) ? numberAt(bytes, at, to, escapes) : undefined;
    if (numbered) {
      end += into.write(numbered.text, end, numbered.isByte ? 'latin1' : 'utf8');
      at += numbered.length - 1;
      continue;
    }
    // MySQL keeps the backslash before the marks of LIKE.
    if (escapes === 'mysql' && (next === 0x25 || next === 0x5f)) into[end++] = BACKSLASH;
    into[end++] = meanings[next]!;
  }
  return end;
}

const common = { b: 8, n: 10, r: 13, t: 9 };
/** The byte that each byte means behind a backslash. */
function lettersOf(map: Readonly<Record<string, number>>): Uint8Array {
  const meanings = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const [letter, byte] of Object.entries(map)) meanings[letter.charCodeAt(0)] = byte;
  return meanings;
}

const noLetters = lettersOf({});
const letters: Record<Exclude<Escapes, 'none'>, Uint8Array> = {
  mysql: lettersOf({ ...common, 0: 0, Z: 26 }),
  'e-string': lettersOf({ ...common, f: 12 }),
  copy: lettersOf({ ...common, f: 12, v: 11 }),
};

/** Digits, x, u and U. */
function mayBeNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x37) || byte === 0x78 || byte === 0x75 || byte === 0x55;
}

/** Octal and hexadecimal bytes, and in strings also characters by their number. */
function numberAt(
  bytes: Buffer,
  at: number,
  to: number,
  escapes: Escapes,
): { readonly text: string; readonly isByte: boolean; readonly length: number } | undefined {
  const start = bytes.toString('latin1', at, Math.min(to, at + 9));
  const octal = /^[0-7]{1,3}/.exec(start)?.[0];
  if (octal !== undefined)
    return { text: String.fromCharCode(Number.parseInt(octal, 8) & 0xff), isByte: true, length: octal.length };
  const hex = /^x([0-9a-f]{1,2})/i.exec(start);
  if (hex && start[0] === 'x')
    return { text: String.fromCharCode(Number.parseInt(hex[1]!, 16)), isByte: true, length: hex[0].length };
  const character = escapes === 'e-string' ? /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(start) : null;
  if (!character) return undefined;
  const code = Number.parseInt(character[1] ?? character[2]!, 16);
  // Half of a pair, or no character at all: a byte that is no UTF-8 has the record rejected.
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    return { text: '\xff', isByte: true, length: character[0].length };
  return { text: String.fromCodePoint(code), isByte: false, length: character[0].length };
}
