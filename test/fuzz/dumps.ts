import { csv } from '../support/engines/csv.ts';
import type { Random } from './random.ts';

const pools: Record<string, readonly (string | null)[]> = {
  text: [
    'a',
    'b',
    'two\nlines',
    'a\r\nb',
    '',
    null,
    'x,y;z|\t',
    '"q"',
    '\\.',
    "it's",
    '\\',
    'ü',
    'NULL',
    ' pad ',
    'z'.repeat(700),
    '7',
    '2024-02-29',
  ],
  integer: ['1', '01', '+2', '-3', '7.6', '2147483648', null, '', '0', '-0'],
  bigint: ['10', '9223372036854775807', '9223372036854775808', '5', null],
  'decimal(6,2)': ['1.5', '1.50', '1.239', '10000', '-0.00', '.5', 'x', null],
  double: ['0.1', '1e3', '1000', 'NaN', '-0', '1e400', null],
  boolean: ['true', 'T', '0', 'yes', null],
  date: ['2024-02-29', '2023-02-30', '01/02/2023', '0999-01-01', null],
  timestamptz: ['2024-01-01 00:00:00Z', '2024-01-01T01:00:00+01:00', '24:00:00', null],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99', null],
  json: ['{"a":1}', '[1,]', '"\\u0000"', 'null', null],
};
const recordEnds = ['\n', '\n', '\n', '\r\n', '\r'];
const keyTypes = ['integer', 'bigint', 'text', 'date', 'uuid'];

export interface FuzzTable {
  readonly spec: Record<string, unknown>;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly keys: readonly boolean[];
  readonly delimiter: string;
  readonly quote: string;
  readonly recordEnd: string;
}

export function randomTable(random: Random): FuzzTable {
  const names = ['id', 'b', 'c', 'Strange "name"; --', 'e'].slice(0, 2 + random.below(4));
  const keys = names.map((_name, index) => (index === 0 ? !random.chance(0.15) : random.chance(0.2)));
  if (!keys.includes(true)) keys[keys.length - 1] = true;
  const types = names.map((_name, index) => (keys[index] ? random.pick(keyTypes) : random.pick(Object.keys(pools))));
  const columns = names.map((name, index) => {
    const options = keys[index] ? { key: true } : { required: random.chance(0.2), compare: !random.chance(0.2) };
    return [name, { type: types[index], ...options }];
  });
  const delimiter = random.pick([',', ',', ';', '\t', '|']);
  const quote = random.chance(0.9) ? '"' : "'";
  const format = { delimiter, quote, null_values: random.pick([[''], ['', 'NULL'], []]) };
  return {
    spec: { format, columns: { ...Object.fromEntries(columns), ...madeOf(random, names, types) } },
    names,
    types,
    keys,
    delimiter,
    quote,
    recordEnd: random.pick(recordEnds),
  };
}

/** A column whose cast fails of some texts. */
function madeOf(random: Random, names: readonly string[], types: readonly string[]): Record<string, unknown> {
  const texts = names.filter((_name, index) => types[index] === 'text');
  if (texts.length === 0 || random.chance(0.5)) return {};
  const [name, type] = [
    `"${random.pick(texts).replaceAll('"', '""')}"`,
    random.pick(['integer', 'date', 'decimal(6,2)']),
  ];
  const condition = `${name} is null or ${name} like '%2%'`;
  return {
    made: {
      type,
      as: random.pick([`cast(${name} as ${type})`, `case when ${condition} then cast(${name} as ${type}) end`]),
    },
  };
}

export type FuzzRow = (string | null)[];

export function randomRow(random: Random, { types, keys }: FuzzTable, serial: number): FuzzRow {
  return types.map((type, index) => {
    if (keys[index] && (type === 'integer' || type === 'bigint') && !random.chance(0.03)) return String(serial);
    if (keys[index] && type === 'text' && !random.chance(0.1)) return `k${serial}`;
    return random.pick(pools[type]!);
  });
}

/** The vendor's next night: rows changed, dropped, inserted, moved, repeated; sometimes everything. */
export function nextNight(random: Random, table: FuzzTable, rows: readonly FuzzRow[], serial: () => number): FuzzRow[] {
  const next = rows.map((row) => [...row]);
  const edits = random.chance(0.1) ? next.length * 2 : random.below(12);
  for (let edit = 0; edit < edits; edit += 1) {
    const at = random.below(next.length + 1);
    const what = random.below(6);
    if (what === 0) next.splice(at, 0, randomRow(random, table, serial()));
    else if (next.length === 0 || at === next.length) continue;
    else if (what === 1) next.splice(at, 1 + random.below(3));
    else if (what === 2) next.splice(random.below(next.length), 0, ...next.splice(at, 1));
    else if (what === 3 && random.chance(0.3)) next.push([...next[at]!]);
    else {
      const column = random.below(table.names.length);
      if (!table.keys[column] || random.chance(0.1)) next[at]![column] = random.pick(pools[table.types[column]!]!);
    }
  }
  return next;
}

/** The dump as bytes; sometimes with its columns in another order, sometimes with a few bytes damaged. */
export function dumpOf(random: Random, table: FuzzTable, rows: readonly FuzzRow[]): Buffer {
  const recordEnd = random.chance(0.05) ? random.pick(recordEnds) : table.recordEnd;
  const order = table.names.map((_name, index) => index);
  if (random.chance(0.1)) order.reverse();
  const inOrder = (row: readonly (string | null)[]) => order.map((index) => row[index] ?? null);
  const { delimiter, quote } = table;
  const bytes = Buffer.from(csv([inOrder(table.names), ...rows.map(inOrder)], { delimiter, quote, recordEnd }));
  return random.chance(0.35) ? damaged(random, bytes) : bytes;
}

const nasty = ['"', '""', ',', '\n', '\r', '\r\n', '\u0000', '\ufeff', '\\', 'é', 'NULL', '"a"b', ';'];

function damaged(random: Random, bytes: Buffer): Buffer {
  let result = bytes;
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(result.length + 1);
    const insert = random.chance(0.1) ? Buffer.from([0xe9]) : Buffer.from(random.chance(0.5) ? random.pick(nasty) : '');
    result = Buffer.concat([
      result.subarray(0, at),
      insert,
      result.subarray(at + (random.chance(0.5) ? random.below(3) : 0)),
    ]);
  }
  return result;
}
