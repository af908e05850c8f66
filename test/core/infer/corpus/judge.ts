import type { GuessedTable } from '../../../../lib/core/infer/table.ts';

/** What a person says who looked at a file: a line of labels.tsv. */
export interface Label {
  readonly file: string;
  readonly delimiter: string;
  readonly encoding: string;
  readonly header: string;
  /** `-` where no value has a decimal mark. */
  readonly decimal: string;
  /** Places of the key's columns from 1, such as `1+3`; ` or ` between keys that are as good; `-` for none. */
  readonly key: string;
  /** A letter for each column, as in `letters`. */
  readonly types: string;
}

export function labelsOf(table: string): Label[] {
  const [head = '', ...lines] = table.trimEnd().split('\n');
  const names = head.split('\t');
  return lines.map(
    (line) => Object.fromEntries(line.split('\t').map((value, place) => [names[place], value])) as unknown as Label,
  );
}

export const judged = ['delimiter', 'encoding', 'header', 'decimal', 'key', 'types'] as const;
type Judged = (typeof judged)[number];

/** What `init` says of a file, in the words of a label. */
export function labelOf({ format, columns, key }: GuessedTable): Record<Judged, string> {
  const places = columns.flatMap(({ name }, place) => (key?.columns.includes(name) ? [place + 1] : []));
  const marks = new Set(columns.flatMap(marksOf));
  const delimiter = String(format.delimiter ?? ',');
  return {
    delimiter: words[delimiter] ?? delimiter,
    encoding: String(format.encoding ?? 'utf-8'),
    header: format.header === false ? 'no' : 'yes',
    decimal: [...marks].sort().join(' and ') || '-',
    key: places.join('+') || '-',
    types: columns.map(({ type }) => letters[type.replace(/\(.*/, '')] ?? '?').join(''),
  };
}

/** What of a label the guess has otherwise. */
export function wrongOf(label: Label, guess: Record<Judged, string>): Judged[] {
  return judged.filter((each) => !label[each].split(' or ').includes(guess[each]));
}

const words: Readonly<Record<string, string>> = { '\t': 'tab', ' ': 'blank' };

const letters: Readonly<Record<string, string>> = {
  integer: 'i',
  bigint: 'i',
  decimal: 'n',
  double: 'f',
  text: 't',
  date: 'd',
  timestamp: 's',
  timestamptz: 'z',
  boolean: 'b',
  json: 'j',
  uuid: 'u',
};

function marksOf({ type, options }: GuessedTable['columns'][number]): string[] {
  const isMarked = type === 'double' || /^decimal\(\d+,[1-9]/.test(type) || options.thousands !== undefined;
  return isMarked ? [String(options.decimal ?? '.')] : [];
}
