import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '../../support/engines/csv.ts';
import { strictRead } from '../../support/engines/strict-csv.ts';
import { strictCopy, strictPipes } from '../../support/engines/strict-dialects.ts';
import { strictJson, strictRows } from '../../support/engines/strict-json.ts';
import { written } from '../../support/formats/written.ts';
import { isFull } from '../../support/full.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import {
  amount,
  dialects,
  fixedLine,
  fixedWidth,
  header,
  readFixedLine,
  type Sent,
} from '../cases/mutated-dialects.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const NIGHTS = isFull ? 200 : 25;
/** With other options of a format that is tried with more of them. */
const NIGHTS_OF_DIALECT = isFull ? 200 : 8;
const columns = {
  id: { type: 'integer', key: true },
  name: 'text',
  price: { type: 'decimal(7,2)' },
  day: 'date',
};
const guards = { min_rows: 0, gone: '100%', updated: '100%', rejected: '100%', rows: ['-100%', '+100000%'] };

const word = fc.string({
  unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r\n', '\\', ';', '😀', '0'),
  maxLength: 5,
});
const rowsOf = fc
  .array(fc.tuple(word, fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 700 })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((rows) =>
    rows.map(([name, cents, day], index) => [
      String(index + 1),
      name,
      (cents / 100).toFixed(2),
      new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    ]),
  );

/** One thing that goes wrong with bytes on their way. */
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('"', ',', '\n', '\r', '\r\n', '\0', '\xff', '\xef\xbb\xbf', '""', ';', 'x', '\\', '|', '\t'),
  }),
  fc.record({
    kind: fc.constant('remove' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('1', '12', '1234', '12345678'),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('"', ',', '\n', '\r', '\0', '\xe9', '9', 'x'),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), bytes: fc.constant('') }),
  fc.record({
    kind: fc.constant('double' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('1', '123456789', '123456789012345678901234567890'),
  }),
);

const formats: Readonly<Record<string, Sent>> = {
  csv: {
    format: { type: 'csv' },
    recordEnds: ['\n', '\r\n'],
    write: (rows, recordEnd) => Buffer.from(csv([header, ...rows], { recordEnd })),
    read: strictRead,
    mayHold: (text, id) => new RegExp(`[\\r\\n]${id},`).test(text),
  },
  'csv with ||': {
    format: { delimiter: '||' },
    recordEnds: ['\n', '\r\n'],
    write: (rows, recordEnd) => Buffer.from(written([header, ...rows], { delimiter: '||', quote: '"', recordEnd })!),
    read: strictPipes,
    mayHold: (text, id) => new RegExp(`[\\r\\n]${id}\\|\\|`).test(text),
  },
  'csv as COPY writes it': {
    format: { delimiter: '\t', quote: '', escape: 'copy', null_values: ['\\N'] },
    recordEnds: ['\n'],
    write: (rows) => Buffer.from(written([header, ...rows], { delimiter: '\t', escape: 'copy', nothing: '\\N' })!),
    read: strictCopy,
    mayHold: (text, id) => new RegExp(`[\\r\\n]${id}\\t`).test(text),
  },
  'fixed-width': {
    format: fixedWidth(),
    recordEnds: ['\n', '\r\n'],
    write: (rows, recordEnd) => Buffer.from(rows.map((row) => fixedLine(row) + recordEnd).join('')),
    read: (bytes) =>
      bytes
        .toString()
        .split(/\r\n|\n|\r/)
        .flatMap(readFixedLine),
    mayHold: (text, id) => new RegExp(`(^|[\\r\\n])${id} `).test(text),
  },
  sql: {
    format: { type: 'sql' },
    recordEnds: ['\n'],
    write: (rows) => Buffer.from(sqlDump(rows)),
    read: readSqlRows,
    mayHold: (text, id) => new RegExp(`\\(\\s*${id}\\s*,`).test(text),
  },
  ndjson: {
    format: { type: 'ndjson' },
    recordEnds: ['\n', '\r\n'],
    write: (rows, recordEnd) => Buffer.from(rows.map((row) => objectOf(row) + recordEnd).join('')),
    read: (bytes) => strictRows(strictJson(bytes, true)),
    mayHold: (text, id) => new RegExp(`"id":${id},`).test(text),
  },
  json: {
    format: { type: 'json' },
    recordEnds: ['\n', '\r\n'],
    write: (rows, recordEnd) => Buffer.from(`[${rows.map(objectOf).join(`,${recordEnd}`)}]`),
    read: (bytes) => strictRows(strictJson(bytes, false)),
    mayHold: (text, id) => new RegExp(`"id":${id},`).test(text),
  },
};

const encoded: Readonly<Record<string, Sent>> = {
  'csv in windows-1251': inEncoding('windows-1251', { é: '\xe9', '😀': '\xf0' }),
  // Their second bytes are `|` and a backslash.
  'csv in shift_jis': inEncoding('shift_jis', { é: '\x83|', '😀': '\x83\\' }),
  'csv in iso-2022-jp': inEncoding('iso-2022-jp', { é: '\x1b$B$"\x1b(B', '😀': '\x1b$B",\x1b(B' }),
  'csv in gb18030': inEncoding('gb18030', { é: '\xa8\xa6', '😀': '\x94\x39\xfc\x36' }),
  'csv in utf-16': {
    ...formats.csv!,
    format: { type: 'csv', encoding: 'utf-16' },
    write: (rows, recordEnd) => Buffer.from(`\ufeff${csv([header, ...rows], { recordEnd })}`, 'utf16le'),
    read: (bytes) => knownRows(new TextDecoder('utf-16le').decode(bytes)),
  },
  'ndjson in utf-16': {
    ...formats.ndjson!,
    format: { type: 'ndjson', encoding: 'utf-16' },
    write: (rows, recordEnd) =>
      Buffer.from(`\ufeff${rows.map((row) => objectOf(row) + recordEnd).join('')}`, 'utf16le'),
    read: (bytes) => strictRows(strictJson(Buffer.from(new TextDecoder('utf-16le').decode(bytes)), true)),
  },
};

/** These characters are sent as these bytes. Node reads them, a line at a time: no line begins within a character. */
function inEncoding(encoding: string, codes: Readonly<Record<string, string>>): Sent {
  return {
    ...formats.csv!,
    format: { type: 'csv', encoding },
    write(rows, recordEnd) {
      const characters = [...csv([header, ...rows], { recordEnd })];
      return Buffer.from(characters.map((character) => codes[character] ?? character).join(''), 'latin1');
    },
    read(bytes) {
      const lines = bytes.toString('latin1').split(/(?<=\n)/);
      const isWhole = (line: string) => !/\x1b\$[@B](?!.*\x1b\([BJ])/s.test(line);
      const texts = lines
        .map(withoutNeedlessEscapes)
        .map((line) =>
          isWhole(line)
            ? new TextDecoder(encoding, { ignoreBOM: true }).decode(Buffer.from(line, 'latin1'))
            : '\ufffd\n',
        );
      return knownRows(texts.join(''));
    },
  };
}

/** Node takes an escape behind an escape for a fault, where Python and nightfeed go by the last one. */
function withoutNeedlessEscapes(line: string): string {
  return line.replaceAll(/(?:\x1b(?:\$[@B]|\([BJ]))+(?=\x1b(?:\$[@B]|\([BJ]))/g, '');
}

/** What Node could not read is U+FFFD. */
function knownRows(text: string): (string | null)[][] {
  return strictRead(Buffer.from(text)).filter((row) => !row.some((field) => field?.includes('\ufffd')));
}

/** Strings whose only escapes are those of MySQL's quotes and backslashes, and line ends. */
function sqlDump(rows: readonly (readonly string[])[]): string {
  const string = (text: string) =>
    `'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
  const values = rows.map(([id, name, price, day]) => `(${id},${string(name!)},${price},${string(day!)})`);
  return `-- MySQL dump 10.13\nINSERT INTO t (id, name, price, day) VALUES\n${values.join(',\n')};\n-- Dump completed\n`;
}

/** Rows that stand on a line each. */
function readSqlRows(bytes: Buffer): (string | null)[][] {
  const row =
    /\(\s*([^,'"()]*?)\s*,\s*('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|NULL)\s*,\s*([^,'"()]*?)\s*,\s*'((?:[^'\\]|\\.|'')*)'\s*\)/gs;
  return [...bytes.toString().matchAll(row)].map(([, id, name, price, day]) => [
    id!,
    sqlText(name!),
    amount(price!),
    day!,
  ]);
}

function sqlText(written: string): string {
  const quote = written[0]!;
  const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', 0: '\0', b: '\b', Z: '\x1a' };
  return written
    .slice(1, -1)
    .replaceAll(/\\(.)|''|""/gs, (each, letter: string | undefined) =>
      letter === undefined ? (each[0] === quote ? quote : each) : (letters[letter] ?? letter),
    );
}

function objectOf([id, name, price, day]: readonly string[]): string {
  return `{"id":${id},"name":${JSON.stringify(name)},"price":${price},"day":"${day}"}`;
}

/** A record of the mutated file means what a strict reader finds there, or nothing. */
describe.each(Object.entries({ ...formats, ...encoded, ...dialects }))(
  '%s',
  (about, { name = 't.csv', format, recordEnds, write, read, mayHold }) => {
    const nights = about in dialects ? NIGHTS_OF_DIALECT : NIGHTS;
    test('one fault in the bytes never makes a wrong row', async () => {
      const table = tableOf(columns, { files: `${name}*`, format, guards, on_delete: 'retain' });
      const feed = await lab.feed(table, { [name]: write([['1', 'a', '1.00', '2024-01-01']], '\n') });
      const outcomes: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(rowsOf, mutation, fc.constantFrom(...recordEnds), async (rows, fault, recordEnd) => {
          const good = write(rows, recordEnd);
          const bad = mutated(good, fault);
          const before = new Map((await feed.rows()).map((row) => [row[0]!, row]));

          const night = await feed.night({ [name]: bad });

          outcomes[night.state] = (outcomes[night.state] ?? 0) + 1;
          const after = await feed.rows();
          if (night.state !== 'published' && night.state !== 'unchanged') {
            expect(after).toEqual([...before.values()]);
            return;
          }
          const story = JSON.stringify({ bad: bad.toString('latin1'), night });
          const strict = new Set(read(bad).map((fields) => JSON.stringify(fields)));
          for (const row of after) {
            const isAsBefore = JSON.stringify(before.get(row[0]!)) === JSON.stringify(row);
            if (!isAsBefore) expect(strict, story).toContain(JSON.stringify(row));
          }
          const live = new Set(after.map(([id]) => id));
          const gone = [...before.keys()].filter((id) => !live.has(id));
          for (const id of gone) expect(mayHold(bad.toString('latin1'), id), story).toBe(false);
          expect(await feed.isProved()).toBe(true);
        }),
        { numRuns: nights },
      );
      // So few may all end in one way.
      if (nights > NIGHTS_OF_DIALECT || isFull)
        expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['published', 'refused']));
    }, 900_000);
  },
);

function mutated(good: Buffer, { kind, at, bytes }: { kind: string; at: number; bytes: string }): Buffer {
  const place = at % good.length;
  const [head, tail] = [good.subarray(0, place), good.subarray(place)];
  const added = Buffer.from(bytes, 'latin1');
  if (kind === 'cut') return head;
  if (kind === 'insert') return Buffer.concat([head, added, tail]);
  if (kind === 'replace') return Buffer.concat([head, added, tail.subarray(added.length)]);
  if (kind === 'remove') return Buffer.concat([head, tail.subarray(bytes.length)]);
  return Buffer.concat([head, tail.subarray(0, bytes.length), tail]);
}
