import { isIdentifier, reservedColumns, systemColumns } from '../feed/identifier.ts';
import { ColumnSketch } from './columns/column-sketch.ts';
import type { Doubt, GuessedColumn } from './columns/guessed-column.ts';
import { type GuessedGuard, guessGuards } from './guards.ts';
import { type GuessedKey, guessKey } from './keys.ts';
import { plainWord } from './plain-word.ts';

/** A table as a feed file would describe it. */
export interface GuessedTable {
  readonly name: string;
  /** Pattern of its files. */
  readonly files: string;
  /** Where several files fit the pattern. */
  readonly pick?: GuessedPick | undefined;
  readonly format: Readonly<Record<string, unknown>>;
  readonly formatReasons: readonly string[];
  readonly columns: readonly (GuessedColumn & { readonly name: string; readonly from?: From })[];
  readonly key: GuessedKey | null;
  /** Of two whole deliveries; empty without them. */
  readonly guards: readonly GuessedGuard[];
  readonly rows: number;
  /** Members of its archive that no table takes, as patterns. */
  readonly ignored?: readonly string[];
}

export interface GuessedPick {
  readonly value: 'newest' | 'only';
  readonly reason: string;
}

type From = string | { readonly name: string; readonly nth: number };
type Row = readonly (string | null)[];

export interface TableSample {
  readonly names: readonly string[];
  readonly rows: readonly Row[];
  /** Rows of the delivery before, in the same columns. */
  readonly before: readonly Row[];
  /** Whether these are all rows of both deliveries. */
  readonly areWhole?: boolean;
  /** What each column has in more rows than these. */
  readonly sketches?: readonly ColumnSketch[] | undefined;
  /** Where the format tells it: commas between fields are none within numbers. */
  readonly decimalMark?: '.' | undefined;
}

/** Names, types and key of a table's columns. */
export function guessColumns({
  names,
  rows,
  before,
  areWhole = false,
  decimalMark,
  sketches = sketchesOf(names, rows),
}: TableSample): Pick<GuessedTable, 'columns' | 'key' | 'guards' | 'rows'> {
  const guessed = sketches.map((sketch) => sketch.guess());
  const named = columnNames(names);
  const mark = decimalMark ?? markIn(guessed);
  const columns = guessed.map((column, place) => ({ ...decided(column, mark, names[place]!), ...named[place]! }));
  const key = guessKey(
    columns.map(({ name }) => name),
    // A column with words for null has rows without a value.
    columns.map(({ type, options }, place) => (options.nulls || sketches[place]!.hasGaps ? null : type)),
    rows,
    before,
  );
  const places = columns.flatMap(({ name }, place) => (key?.columns.includes(name) ? [place] : []));
  const nulls = columns.map(({ options }) => (options.nulls as string[] | undefined) ?? []);
  const guards = areWhole && key !== null ? guessGuards({ rows, before, key: places, nulls, names }) : [];
  return { columns, key, guards, rows: rows.length };
}

function sketchesOf(names: readonly string[], rows: readonly Row[]): ColumnSketch[] {
  return names.map((_, place) => {
    const sketch = new ColumnSketch();
    for (const row of rows) sketch.add(row[place] ?? null);
    return sketch;
  });
}

/** The mark of decimals in a column in which it can only be one: the other columns have the same. */
function markIn(columns: readonly GuessedColumn[]): string | undefined {
  const decimals = columns.filter(({ type }) => /^decimal\(\d+,[1-9]/.test(type));
  const [first, ...others] = new Set(decimals.map(({ options }) => String(options.decimal ?? '.')));
  return others.length === 0 ? first : undefined;
}

function decided({ doubt, epoch, ...column }: GuessedColumn, mark: string | undefined, name: string): GuessedColumn {
  if (epoch !== undefined && OF_TIME.test(name)) return { ...column, doubt: doubtOfEpoch(epoch) };
  const choice = mark === undefined ? undefined : doubt?.choices.find((each) => each.mark === mark);
  if (!choice) return doubt ? { ...column, doubt } : column;
  return { ...column, type: choice.type, options: { ...column.options, ...choice.options } };
}

/** Names of columns with moments. */
const OF_TIME =
  /(^|[_ .])(at|on|ts|time|timestamp|date|epoch|created|updated|modified|changed|expires|since|until|zeit|datum)$|(At|On|Time|Date|Timestamp)$/i;

function doubtOfEpoch(epoch: 's' | 'ms' | 'us'): Doubt {
  const unit = { s: 'seconds', ms: 'milliseconds', us: 'microseconds' }[epoch];
  const choice = { label: `${unit} since 1970`, type: 'timestamptz', options: { epoch } };
  return { question: `a number, or ${unit} since 1970 (type: timestamptz, epoch: ${epoch})?`, choices: [choice] };
}

/** Names that PostgreSQL takes; where the file's own is none, `from` has it. */
function columnNames(names: readonly string[]): { readonly name: string; readonly from?: From }[] {
  const taken = new Set<string>();
  return names.map((sent, place) => {
    const nth = names.slice(0, place + 1).filter((other) => other === sent).length;
    const isOwn = isIdentifier(sent) && !systemColumns.has(sent) && !reservedColumns.has(sent) && !taken.has(sent);
    const name = isOwn ? sent : freeName(sent, place, taken);
    taken.add(name);
    const from: From = names.filter((other) => other === sent).length > 1 ? { name: sent, nth } : sent;
    return name === sent && nth === 1 && typeof from === 'string' ? { name } : { name, from };
  });
}

function freeName(sent: string, place: number, taken: ReadonlySet<string>): string {
  const word = plainWord(sent, 50);
  const base = word === '' ? `column_${place + 1}` : systemColumns.has(word) ? `${word}_sent` : word;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}
