/**
 * What nobody sees, or what a terminal, a log or a page obeys: control characters, direction marks and other formats, separators
 * of lines and paragraphs, halves of pairs, and fillers. U+FE0F stays: text writes it after every second emoji.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?!\ufe0f)\p{Default_Ignorable_Code_Point}/gu;
const HIDDEN_BUT_LINE_FEED = new RegExp(String.raw`(?!\n)(?:${HIDDEN.source})`, 'gu');
/** In names, which are told apart by them, also marks on letters and blanks of other widths. */
const HIDDEN_IN_NAMES = new RegExp(String.raw`${HIDDEN.source}|\p{M}|(?! )\p{Zs}`, 'gu');

/**
 * Text from outside on one line that can do nothing but be read: what is hidden is written out, such as `\n` or `\u{1b}`, and
 * after `most` characters it is cut.
 */
export function shownText(text: string, most = Number.POSITIVE_INFINITY): string {
  const shown = writtenOut(text.slice(0, most), HIDDEN);
  return text.length > most || shown.length > most ? cut(shown, most) : shown;
}

/** A name or another piece of text from outside within a sentence: the same in quotes, as JSON writes it. */
export function excerpt(text: string, most = 160): string {
  const shown = writtenOut(JSON.stringify(text.slice(0, most)).slice(1, -1), HIDDEN_IN_NAMES);
  return `"${text.length > most || shown.length > most ? cut(shown, most) : shown}"`;
}

/** The first of the names, and how many more there are. */
export function excerpts(
  names: readonly string[],
  { told, most }: { readonly told: number; readonly most?: number },
): string {
  const first = names.slice(0, told).map((name) => excerpt(name, most));
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

/** A whole message, which may have several lines, and is at most so many bytes of UTF-8 long. */
export function shownLines(text: string, mostBytes = Number.POSITIVE_INFINITY): string {
  const shown = writtenOut(text.slice(0, mostBytes), HIDDEN_BUT_LINE_FEED);
  const fits = text.length <= mostBytes && Buffer.byteLength(shown) <= mostBytes;
  return fits ? shown : cut(shown, mostBytes - Buffer.byteLength(CUT), Buffer.byteLength);
}

/** JSON of a value in which nothing is hidden; whoever reads it as JSON sees no difference. */
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
