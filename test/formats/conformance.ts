import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { isRecordText } from '../../lib/core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../lib/core/feed/reading-spec.ts';
import { feedSchema } from '../../lib/core/feed/spec.ts';
import { isNull, splitRecord } from '../../lib/core/records/fields.ts';
import { records } from '../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../lib/core/records/record-syntax.ts';
import { StructuralScan, scanOptions } from '../../lib/core/records/scan/scan.ts';
import { engines } from '../../lib/engines/index.ts';
import type { ConvertedFile, DeliveredFile, FileFormat } from '../../lib/ports/file-format.ts';
import { sources } from '../../lib/sources/index.ts';
import { fileBytes } from '../../lib/steps/landing/file-bytes.ts';
import { landFile } from '../../lib/steps/landing/landing.ts';
import { withLocalFile, withLocalFiles } from '../support/formats/local-file.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';

export type Row = readonly (string | null)[];

/** How a kind writes what every kind can hold. */
export interface FormatSample {
  readonly kind: FileFormat;
  /** In a feed file; of a kind that says there which columns its files have, one for each. */
  readonly format:
    | Readonly<Record<string, unknown>>
    | ((names: readonly string[]) => Readonly<Record<string, unknown>>);
  /** A file with these columns and rows. */
  write(names: readonly string[], rows: readonly Row[]): Buffer | Promise<Buffer>;
  /** A record that is none, as it stands in a file after whole ones; or a file with one between these rows. Of some kinds a file is whole, or none. */
  readonly malformed?: string | ((names: readonly string[], before: readonly Row[], after: readonly Row[]) => Buffer);
  /** Bytes at the end of a file without which its last record is whole all the same. */
  readonly spareEnd?: number;
  /** What it can hold, where that is not every value. */
  readonly rows?: readonly Row[];
}

const names = ['id', 'name'];
const allRows: readonly Row[] = [
  ['1', 'one'],
  ['2', null],
  ['3', 'a, b; "c" \\ d'],
  ['4', 'two\nlines'],
  ['5', ' blanks '],
  ['6', 'größe €𝄞'],
  ['7', ''],
];

/** What landing demands of each kind. */
export function conforms({ kind, write, malformed, rows = allRows, spareEnd = 0, ...sample }: FormatSample): void {
  const formatOf = typeof sample.format === 'function' ? sample.format : undefined;
  const format = formatOf ? formatOf(names) : sample.format;
  const { t } = feedSchema({ sources, formats: [kind], engines, notifiers: [] }).parse({
    feed: 'lab',
    source: { folder: '.' },
    tables: {
      t: {
        files: '*',
        format,
        contract: { added: 'refuse' },
        columns: { id: { type: 'text', key: true }, name: 'text' },
      },
    },
  }).tables;
  const table = t!;
  const reading = readingSpecOf(table);

  const open = (
    bytes: Buffer,
    size: number,
    localFile: DeliveredFile<unknown>['localFile'],
    sent: readonly string[] = names,
  ) =>
    kind.open({
      format: { ...table.format, ...formatOf?.(sent) },
      bytes: pieces(bytes, size),
      localFile,
      columns: deliveredColumnsOf(table),
      contract: table.contract,
      reading,
    });

  const opened = async (sent: readonly string[], row: Row) => {
    const bytes = await write(sent, [row]);
    return withLocalFile(pieces(bytes, 100), (localFile) => open(bytes, 100, localFile, sent));
  };

  async function read(bytes: Buffer, size = bytes.length) {
    return withLocalFile(pieces(bytes, size), async (localFile) => found(await open(bytes, size, localFile)));
  }

  async function found(file: ConvertedFile) {
    const data = await whole(file);
    const scan = scanned(file, data);
    const { header, recordEnd } = file.head;
    const rows: (string | null)[][] = [];
    const syntax = recordSyntaxOf(reading.format);
    for await (const record of records(pieces(data, data.length), syntax, recordEnd, header.length)) {
      const fields = splitRecord(Buffer.from(record.bytes), syntax);
      rows.push(fields.map((field) => (isNull(field, reading.format) ? null : field.text)));
    }
    file.end(scan);
    return { header, rows, rejects: scan.takeRejects(), data };
  }

  async function withMalformed(bad: NonNullable<typeof malformed>, before: readonly Row[], after: readonly Row[]) {
    if (typeof bad === 'function') return bad(names, before, after);
    const start = await write(names, before);
    const both = await write(names, [...before, ...after]);
    return Buffer.concat([start, Buffer.from(bad), both.subarray(start.length)]);
  }

  function scanned(file: ConvertedFile, data: Buffer): StructuralScan {
    const { guard, faultOf } = file;
    const scan = new StructuralScan({ ...scanOptions(file.head, reading.format), guard, faultOf });
    scan.push(data);
    scan.finish();
    return scan;
  }

  describe(`the format ${JSON.stringify({ type: kind.name, ...format })}`, () => {
    test.each([1, 7, 1000])('is read the same in pieces of %i bytes', async (size) => {
      const found = await read(await write(names, rows), size);
      expect(found).toMatchObject({ header: names, rows, rejects: [] });
    });

    test('becomes the same text each time, so that equal records are equal bytes', async () => {
      const bytes = await write(names, rows);
      const [one, other] = [await read(bytes), await read(bytes, 3)];
      expect(one.data.equals(other.data)).toBe(true);
    });

    if (malformed !== undefined)
      test('rejects a record that is none, and reads those around it', async () => {
        const found = await read(await withMalformed(malformed, [['1', 'one']], [['2', 'two']]));
        expect(found.rejects.map(({ index }) => index)).toEqual([1]);
        expect([found.rows[0], found.rows[2]]).toEqual([
          ['1', 'one'],
          ['2', 'two'],
        ]);
      });

    test('leaves the columns to the contract', async () => {
      await expect(opened(['name'], ['one'])).rejects.toMatchObject({ name: 'SCHEMA_MISSING' });
      await expect(opened(['x', 'y'], ['1', 'one'])).rejects.toMatchObject({ name: 'HEADER_MISMATCH' });
      await expect(opened(['id', 'name', 'y'], ['1', 'one', 'z'])).rejects.toMatchObject({ name: 'SCHEMA_ADD' });
    });

    test('refuses a file of no bytes, and one that ends within a record', async () => {
      await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ name: 'EMPTY_FILE' });
      const whole = await write(names, [['1', 'one']]);
      await expect(read(whole.subarray(0, -1 - spareEnd))).rejects.toBeInstanceOf(NightfeedError);
    });

    test('leaves the file in the lake so that it can be had again to the byte', async () => {
      const sent = await write(names, rows);
      const store = inMemoryStore();
      const columns = deliveredColumnsOf(table);
      const { format, contract } = table;
      const { file } = await withLocalFiles((keep) =>
        landFile(pieces(sent, 100), {
          store,
          reading,
          columns,
          format: kind.name,
          convert: ({ bytes }) =>
            kind.open({ format, bytes, localFile: () => keep(bytes), columns, contract, reading }),
          rawKey: 'raw/file.zst',
          keyOf: (part) => `landing/${part}.zst`,
        }),
      );
      const landed = { name: 'file', size: sent.length, ...file };
      expect((await buffer(fileBytes(landed, store))).equals(sent)).toBe(true);
      expect(landed.raw === undefined).toBe(landed.movesBytes !== true || landed.encoding !== undefined);
    });

    test('stands in the reading spec, so that other options mean another snapshot', () => {
      const { delivered, format } = reading;
      expect(isRecordText(table.format) ? format : delivered).toEqual(table.format);
    });
  });
}

async function whole({ text }: ConvertedFile): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of text) found.push(Buffer.from(piece));
  return Buffer.concat(found);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
