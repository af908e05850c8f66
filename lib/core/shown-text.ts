/**
 * Characters that are invisible, or that a terminal, a log or a page obeys: control characters, direction marks and other formats, separators
 * of lines and paragraphs, halves of pairs, and fillers. U+FE0F stays: text writes it after every second emoji.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?!\ufe0f)\p{Default_Ignorable_Code_Point}/gu;
const HIDDEN_BUT_LINE_FEED = new RegExp(String.raw`(?!\n)(?:${HIDDEN.source})`, 'gu');
/** In names, combining marks and unusual blanks are written out too, because names may differ only by them. */
const HIDDEN_IN_NAMES = new RegExp(String.raw`${HIDDEN.source}|\p{M}|(?! )\p{Zs}`, 'gu');

/**
 * Foreign text made safe to show on one line: hidden characters are written out, such as `\n` or `\u{1b}`, and
 * it is cut after `most` characters.
 */
export function shownText(text: string, most = Number.POSITIVE_INFINITY): string {
  const shown = writtenOut(text.slice(0, most), HIDDEN);
  return text.length > most || shown.length > most ? cut(shown, most) : shown;
}

/** A foreign name or text within a sentence: made safe, and in quotes as JSON writes them. */
export function excerpt(text: string, most = 160): string {
  const shown = writtenOut(JSON.stringify(text.slice(0, most)).slice(1, -1), HIDDEN_IN_NAMES);
  return `"${text.length > most || shown.length > most ? cut(shown, most) : shown}"`;
}

/** The first names, and the number of the others. */
export function excerpts(
  names: readonly string[],
  { told, most }: { readonly told: number; readonly most?: number },
): string {
  const first = names.slice(0, told).map((name) => excerpt(name, most));
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

/** A whole message, which may have several lines, cut to this many bytes of UTF-8. */
export function shownLines(text: string, mostBytes = Number.POSITIVE_INFINITY): string {
  const shown = writtenOut(text.slice(0, mostBytes), HIDDEN_BUT_LINE_FEED);
  const fits = text.length <= mostBytes && Buffer.byteLength(shown) <= mostBytes;
  return fits ? shown : cut(shown, mostBytes - Buffer.byteLength(CUT), Buffer.byteLength);
}

/** JSON of a value with hidden characters written as escapes; its meaning as JSON is the same. */
export function shownJson(value: unknown): string {
  const unit = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join(''),
  );
}

function writtenOut(text: string, hidden: RegExp): string {
  return text.replace(hidden, (character) => short[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const CUT = '…';
/** An escape as a whole, or any other character. */
const PIECES = /\\u\{[0-9a-f]+\}|\\u[0-9a-f]{4}|\\["\\bfnrt]|./gsu;

function cut(shown: string, most: number, sizeOf = (piece: string) => piece.length): string {
  let [end, size] = [0, 0];
  for (const [piece] of shown.matchAll(PIECES)) {
    size += sizeOf(piece);
    if (size > most) break;
    end += piece.length;
  }
  return shown.slice(0, end) + CUT;
}
