/** How a text is cut into records and fields. */
export interface Cut {
  readonly delimiter: string;
  /** '' for none. */
  readonly quote: string;
}

export interface CutRecord {
  readonly fields: readonly string[];
  /** The record as it stands, without its end. */
  readonly text: string;
  /** A quote stands where none may be. */
  readonly isMisquoted: boolean;
}

/** Cuts a text that may end within a record: then the last record is left out, unless `isWhole`. For guesses only; landing has a reader of its own. */
export function splitText(text: string, { delimiter, quote }: Cut, most: number, isWhole: boolean): CutRecord[] {
  const records: CutRecord[] = [];
  let fields: string[] = [];
  let isMisquoted = false;
  let begun = 0;
  let at = 0;
  while (at <= text.length && records.length < most) {
    const quoted = quote !== '' && text[at] === quote;
    const end = quoted ? closing(text, at, quote) : plainEnd(text, at, delimiter);
    if (quoted && end >= text.length && text[end - 1] !== quote) isMisquoted = true;
    const field = text.slice(at, end);
    const inner = quoted ? field.slice(1, -1).replaceAll(quote + quote, quote) : field;
    if (!quoted && quote !== '' && field.includes(quote)) isMisquoted = true;
    const isEnded = end >= text.length || text[end] === '\n' || text[end] === '\r';
    if (quoted && !isEnded && text[end] !== delimiter) {
      isMisquoted = true;
      at = plainEnd(text, end, delimiter);
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

function plainEnd(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** Behind the closing quote; the end of the text when there is none. */
function closing(text: string, opening: number, quote: string): number {
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text[at] !== quote) continue;
    if (text[at + 1] !== quote) return at + 1;
    at += 1;
  }
  return text.length;
}
