import { csv } from '../../support/engines/csv.ts';
import { strictRead } from '../../support/engines/strict-csv.ts';
import { strictBackslash, strictCopyDump, strictLazy, strictOutfile } from '../../support/engines/strict-dialects.ts';
import { written } from '../../support/formats/written.ts';
import { tar } from '../../support/vendors/tar.ts';

type Rows = readonly (readonly string[])[];

/** A format in which rows are sent, and read strictly. */
export interface Sent {
  /** Of the file; `t.csv` unless told. */
  readonly name?: string;
  readonly format: Record<string, unknown>;
  readonly recordEnds: readonly string[];
  write(rows: Rows, recordEnd: string): Buffer;
  /** At least the rows that the bytes mean. */
  read(bytes: Buffer): readonly (readonly (string | null)[])[];
  /** Whether a record with this key may be there. */
  mayHold(text: string, id: string): boolean;
}

export const header = ['id', 'name', 'price', 'day'];

const delimited = {
  recordEnds: ['\n', '\r\n'],
  read: strictRead,
  mayHold: (text: string, id: string) => new RegExp(`[\\r\\n]${id},`).test(text),
};

const csvLines = (rows: Rows, recordEnd: string) => csv([header, ...rows], { recordEnd });

const widths = { id: 3, name: 12, price: 9, day: 10 };
const starts = { id: 1, name: 4, price: 16, day: 25 };
const RECORD_LENGTH = 34;

/** Options of formats that `mutated-text.long.test.ts` tries beside the formats themselves. */
export const dialects: Readonly<Record<string, Sent>> = {
  'csv with lazy quotes': {
    ...delimited,
    format: { quotes: 'lazy' },
    write: (rows, recordEnd) => Buffer.from([header, ...rows].map((row) => row.map(lazy) + recordEnd).join('')),
    read: (bytes) => [...strictRead(bytes), ...strictLazy(bytes)],
  },
  'csv with comments': {
    ...delimited,
    format: { comment: '#' },
    write: (rows, recordEnd) =>
      Buffer.from(csvLines(rows, recordEnd) + rows.map(([id]) => `#${id},x,1,2024-01-01${recordEnd}`).join('')),
  },
  'csv with a last line': {
    ...delimited,
    format: { skip: { tail: 1 } },
    write: (rows, recordEnd) => Buffer.from(`${csvLines(rows, recordEnd)}Written by the vendor${recordEnd}`),
  },
  'csv with a trailer': {
    ...delimited,
    format: { trailer: 'TRL,{rows}' },
    write: (rows, recordEnd) => Buffer.from(`${csvLines(rows, recordEnd)}TRL,${rows.length}${recordEnd}`),
  },
  'csv with a backslash': {
    ...delimited,
    format: { escape: '\\' },
    write: (rows, recordEnd) =>
      Buffer.from(written([header, ...rows], { delimiter: ',', quote: '"', escape: '\\', recordEnd })!),
    read: strictBackslash,
  },
  'csv as MySQL writes it': {
    ...delimited,
    format: { delimiter: '\t', quote: '', escape: 'mysql', null_values: ['\\N'] },
    recordEnds: ['\n'],
    write: (rows) => Buffer.from(written([header, ...rows], { delimiter: '\t', escape: 'mysql', nothing: '\\N' })!),
    read: strictOutfile,
    mayHold: (text, id) => new RegExp(`[\\r\\n]${id}\\t`).test(text),
  },
  'fixed-width without line ends': {
    format: { ...fixedWidth(), record_end: 'none' },
    recordEnds: [''],
    write: (rows) => Buffer.from(rows.map(fixedLine).join('')),
    read: (bytes) => records(bytes.toString()).flatMap(readFixedLine),
    mayHold: (text, id) => records(Buffer.from(text, 'latin1').toString()).some((each) => each.startsWith(`${id} `)),
  },
  'sql with COPY': {
    format: { type: 'sql' },
    recordEnds: ['\n'],
    write: (rows) =>
      Buffer.from(
        `--\n-- PostgreSQL database dump\n--\n\nCOPY public.t (${header.join(', ')}) FROM stdin;\n${written(rows, {
          delimiter: '\t',
          escape: 'copy',
        })}\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n`,
      ),
    read: strictCopyDump,
    mayHold: (text, id) => new RegExp(`\\n${id}\\t`).test(text),
  },
  'csv in a tar': {
    ...delimited,
    name: 't.tar',
    format: {},
    write: (rows, recordEnd) => tar([{ name: 't.csv', bytes: csvLines(rows, recordEnd) }]),
    read: (bytes) => {
      const size = Number.parseInt(bytes.toString('latin1', 124, 136), 8);
      return strictRead(bytes.subarray(512, 512 + (size || 0)));
    },
  },
};

/** Quotes are doubled nowhere, and no field with a line end or a delimiter has one. */
function lazy(text: string): string {
  if (/[,\r\n]/.test(text)) return `"${text.replaceAll('"', '')}"`;
  return text.includes('"') ? `"a${text.replaceAll(/"+/g, '"')}b"` : text;
}

export function fixedWidth(): Record<string, unknown> {
  const names = Object.keys(widths) as (keyof typeof widths)[];
  const fields = Object.fromEntries(names.map((name) => [name, { start: starts[name], length: widths[name] }]));
  return { type: 'fixed-width', fields, trim: 'both' };
}

export function fixedLine(row: readonly string[]): string {
  const texts = row.map((text) => text.replaceAll(/[\r\n]/g, '').trim());
  const lengths = Object.values(widths);
  return texts.map((text, index) => text + ' '.repeat(lengths[index]! - [...text].length)).join('');
}

export function readFixedLine(line: string): (string | null)[][] {
  const characters = [...line];
  if (characters.length !== RECORD_LENGTH) return [];
  let at = 0;
  return [
    Object.values(widths).map((length) => {
      const text = characters.slice(at, at + length).join('');
      at += length;
      const value = text.replaceAll(/^ +| +$/g, '') || null;
      return length === widths.price && value !== null ? amount(value) : value;
    }),
  ];
}

/** A number with its two digits behind the point, which a fault may have taken. */
export function amount(text: string): string {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text).toFixed(2).replace('-0.00', '0.00') : text;
}

function records(text: string): string[] {
  const characters = [...text];
  const count = Math.ceil(characters.length / RECORD_LENGTH);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * RECORD_LENGTH, (index + 1) * RECORD_LENGTH).join(''),
  );
}
