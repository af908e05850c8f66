/** How a text is cut into records and fields. */
export interface Cut {
  readonly delimiter: string;
  /** '' for none. */
  readonly quote: string;
  /** Makes text of the character behind it. */
  readonly escape?: string;
  /** Blanks may stand around a quoted field. */
  readonly hasBlanks?: boolean;
}

export interface CutRecord {
  readonly fields: readonly string[];
  /** The record as it stands, without its end. */
  readonly text: string;
  /** A quote stands where none may be. */
  readonly isMisquoted: boolean;
}

/** Cuts a text that may end within a record: then the last record is left out, unless `isWhole`. For guesses only; landing has a reader of its own. */
export function splitText(text: string, cut: Cut, most: number, isWhole: boolean): CutRecord[] {
  const { delimiter, quote, escape: mark, hasBlanks = false } = cut;
  const records: CutRecord[] = [];
  let fields: string[] = [];
  let isMisquoted = false;
  let begun = 0;
  let at = 0;
  while (at <= text.length && records.length < most) {
    const opening = hasBlanks ? behindBlanks(text, at, delimiter) : at;
    const quoted = quote !== '' && text[opening] === quote;
    const closed = quoted ? closing(text, opening, cut) : plainEnd(text, at, cut);
    const end = quoted && hasBlanks ? behindBlanks(text, closed, delimiter) : closed;
    if (quoted && closed >= text.length && text[closed - 1] !== quote) isMisquoted = true;
    const field = text.slice(quoted ? opening : at, closed);
    const inner = unescaped(quoted ? field.slice(1, -1).replaceAll(quote + quote, quote) : field, mark);
    if (!quoted && quote !== '' && (mark ? field.replaceAll(mark + quote, '') : field).includes(quote))
      isMisquoted = true;
    const isEnded = end >= text.length || text[end] === '\n' || text[end] === '\r';
    if (quoted && !isEnded && text[end] !== delimiter) {
      isMisquoted = true;
      at = plainEnd(text, end, cut);
      fields.push(text.slice(end, at));
    } else {
      fields.push(inner);
      at = end;
    }
    if (at < text.length && text[at] === delimiter) {
      at += 1;
      continue;
    }
    if (at >= text.length && !isWhole) break;
    const record = text.slice(begun, at);
    if (record !== '') records.push({ fields, text: record, isMisquoted });
    if (at >= text.length) break;
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    begun = at;
    fields = [];
    isMisquoted = false;
    if (at === text.length) break;
  }
  return records;
}

function behindBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while ((text[at] === ' ' || text[at] === '\t') && text[at] !== delimiter) at += 1;
  return at;
}

function unescaped(field: string, mark: string | undefined): string {
  if (mark === undefined || !field.includes(mark)) return field;
  const parts = field.split(mark + mark);
  return parts.map((part) => part.replaceAll(mark, '')).join(mark);
}

function plainEnd(text: string, from: number, { delimiter, escape: mark }: Cut): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r')
    at += text[at] === mark ? 2 : 1;
  return Math.min(at, text.length);
}

/** Behind the closing quote; the end of the text when there is none. */
function closing(text: string, opening: number, { quote, escape: mark }: Cut): number {
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text[at] === mark) at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}
