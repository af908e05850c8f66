import { ExpressionFault } from './fault.ts';

/** `quoted` is a name between double quotes. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** The tokens of an expression; the last one marks its end. Throws ExpressionFault. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length; ) {
    piece.lastIndex = at;
    const groups = piece.exec(text)?.groups;
    if (!groups) throw new ExpressionFault(unknown(text, at), at);
    const [kind, raw] = Object.entries(groups).find(([, part]) => part !== undefined) as [keyof typeof read, string];
    if (kind !== 'blank') found.push({ kind, text: read[kind](raw, at), at });
    at = piece.lastIndex;
  }
  return [...found, { kind: 'end', text: '', at: text.length }];
}

const piece = new RegExp(
  [
    '(?<blank>[ \\t\\r\\n]+)',
    '(?<number>(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]))',
    "(?<text>'(?:[^']|'')*')",
    '(?<quoted>"(?:[^"]|"")+")',
    '(?<word>[A-Za-z_][A-Za-z0-9_]*)',
    '(?<sign>[|]{2}|<>|!=|<=|>=|[-+*/=<>(),])',
  ].join('|'),
  'y',
);

const read = {
  blank: () => '',
  word: (raw: string) => raw,
  number: (raw: string) => raw,
  sign: (raw: string) => raw,
  quoted: (raw: string) => raw.slice(1, -1).replaceAll('""', '"'),
  text: (raw: string, at: number) => {
    const value = raw.slice(1, -1).replaceAll("''", "'");
    if (value.includes('\u0000') || !value.isWellFormed())
      throw new ExpressionFault('a text holds a character that no row can hold', at);
    return value;
  },
};

function unknown(text: string, at: number): string {
  if (text[at] === "'" || text[at] === '"') return `the ${text[at]} never closes`;
  return `${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))} means nothing here`;
}
