type Row = readonly (string | null)[];

/** How a vendor's own writer writes a table; `escape` is as in a feed file. */
export interface Writing {
  readonly delimiter: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly recordEnd?: string;
  /** Every field is quoted but null. */
  readonly quotesAll?: boolean;
  /** What null is. */
  readonly nothing?: string;
}

/** Writes rows as a dialect asks for; undefined when a text cannot be written in it. */
export function written(rows: readonly Row[], writing: Writing): string | undefined {
  const { delimiter, recordEnd = '\n', nothing = '' } = writing;
  const records = rows.map((row) => row.map((text) => (text === null ? nothing : fieldOf(text, writing))));
  if (records.some((fields) => fields.includes(undefined))) return undefined;
  return records.map((fields) => fields.join(delimiter) + recordEnd).join('');
}

function fieldOf(text: string, { delimiter, quote = '', escape: sign, recordEnd = '\n', ...writing }: Writing) {
  if (sign === 'copy' || sign === 'mysql') return escapedByName(text, sign, delimiter, quote, recordEnd);
  const lineEnds = recordEnd === '\n' || recordEnd === '\r\n' ? /[\r\n]/ : /(?!)/;
  const runs = delimiter.length > 1 ? [`${text}${delimiter}`.indexOf(delimiter) < text.length] : [];
  const endRuns = `${text}${recordEnd}`.indexOf(recordEnd) < text.length;
  const breaks =
    text.includes(delimiter) || runs.includes(true) || endRuns || lineEnds.test(text) || /^\ufeff|^$|^[ \t]/.test(text);
  const hasSigns = (quote !== '' && text.includes(quote)) || (sign !== undefined && text.includes(sign));
  if (quote === '' && sign === undefined) return breaks ? undefined : text;
  if (!breaks && !hasSigns && writing.quotesAll !== true) return text;
  if (quote === '') return escapedBy(text, sign!, [delimiter[0]!, recordEnd[0]!]);
  const inner = sign === undefined ? text.replaceAll(quote, quote + quote) : escapedBy(text, sign, [quote]);
  return quote + inner + quote;
}

function escapedBy(text: string, sign: string, others: readonly string[]): string {
  const special = new Set([sign, ...others, '\n', '\r']);
  return [...text].map((character) => (special.has(character) ? sign + character : character)).join('');
}

const letters: Record<'copy' | 'mysql', Record<string, string>> = {
  copy: { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v', '\\': '\\' },
  mysql: { '\0': '0', '\\': '\\' },
};

function escapedByName(text: string, name: 'copy' | 'mysql', delimiter: string, quote: string, recordEnd: string) {
  const known = letters[name];
  const special = new Set([delimiter[0], quote, recordEnd[0], '\n', '\r']);
  const inner = [...text].map((character) =>
    known[character] !== undefined ? `\\${known[character]}` : special.has(character) ? `\\${character}` : character,
  );
  return quote + inner.join('') + quote;
}
