import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { splitRecord } from '../../../../lib/core/records/fields.ts';
import { locate, type PlacedRecord, records } from '../../../../lib/core/records/record-stream.ts';
import { type ScanOptions, type ScanReject, StructuralScan } from '../../../../lib/core/records/scan/scan.ts';
import { HeaderAgain } from '../../../../lib/formats/text/header-again.ts';
import { csv } from '../../../support/engines/csv.ts';
import { referenceScan, type Scanned } from '../reference-scan.ts';

const dialect = { delimiter: 44, quote: 34 };
const recordEnds = fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const);

/** Small alphabets meet all the corners; whole good records keep the scan from failing in the first one. */
const nasty = fc
  .tuple(recordEnds, fc.integer({ min: 1, max: 3 }), fc.boolean())
  .chain(([recordEnd, fields, withHeader]) => {
    const good = `${Array(fields).fill('b').join(',')}${recordEnd}`;
    const token = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(recordEnd, good) },
      { weight: 6, arbitrary: fc.constantFrom('a', ',', '"', '"a"', `"${recordEnd}"`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\0', '\xff', '\xef\xbb\xbf', '\xc3\xa9', '\xc3', '\xa9'),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('a', '"a"', 'A')
          .map((name) => `${Array(fields).fill('a').with(0, name).join(',')}${recordEnd}`),
      },
    );
    return fc.record({
      data: fc
        .tuple(fc.array(token, { maxLength: 24 }), fc.boolean())
        .map(([tokens, whole]) => Buffer.from(tokens.join('') + (whole ? recordEnd : ''), 'latin1')),
      options: fc.constantFrom(8, 1000).map((maxRecordBytes) => ({
        dialect,
        fields,
        recordEnd,
        maxRecordBytes,
        header: withHeader ? Array<string>(fields).fill('a') : undefined,
      })),
    });
  });

const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 });

describe('the structural scan', () => {
  test('agrees with the reference on anything', () => {
    fc.assert(
      fc.property(nasty, cuts, ({ data, options }, sizes) => {
        expect(scanned(pieces(data, sizes), options)).toEqual(referenceScan(data, options));
      }),
      { numRuns: 3000 },
    );
  });

  test('finds the same in chunks of any size, down to the message', () => {
    fc.assert(
      fc.property(nasty, cuts, ({ data, options }, sizes) => {
        expect(everything(pieces(data, sizes), options)).toEqual(everything([data], options));
      }),
      { numRuns: 2000 },
    );
  });

  test('reads the same when the data is cut at lastRecordEnd', () => {
    fc.assert(
      fc.property(nasty, fc.nat(60), ({ data, options }, at) => {
        const whole = scanned([data], options);
        fc.pre(typeof whole !== 'string');
        const scan = new StructuralScan(optionsOf(options));
        scan.push(data.subarray(0, at));
        const cut = scan.lastRecordEnd;
        const [left, right] = [data.subarray(0, cut), data.subarray(cut)].map((part) => scanned([part], options)) as [
          Exclude<Scanned, string>,
          Exclude<Scanned, string>,
        ];
        const rejects = [
          ...left.rejects,
          ...right.rejects.map((reject) => ({
            ...reject,
            index: reject.index + left.rows,
            offset: reject.offset + cut,
          })),
        ];
        expect({ rows: left.rows + right.rows, rejects }).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the record stream', () => {
  test('has the extents of the scan', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, cuts, async ({ data, options }, sizes) => {
        fc.pre(options.maxRecordBytes === 1000);
        const found = scanned([data], { ...options, header: undefined });
        fc.pre(typeof found !== 'string');
        const { rows, rejects } = found as { rows: number; rejects: ScanReject[] };
        const all = await collect(records(stream(data, sizes), dialect, options.recordEnd, options.fields));
        expect(all.map(({ index }) => index)).toEqual(all.map((_record, index) => index));
        expect(all).toHaveLength(rows);
        for (const { index, offset, length } of rejects) expect(all[index]).toMatchObject({ offset, length });
        for (const { offset, length, bytes } of all) expect(bytes).toEqual(data.subarray(offset, offset + length));
        const odd = all.filter(({ index }) => index % 2 === 1);
        const located = locate(
          odd.map(({ index }) => index),
          stream(data, sizes),
          dialect,
          options.recordEnd,
          options.fields,
        );
        expect(await collect(located)).toEqual(odd);
      }),
      { numRuns: 1000 },
    );
  });

  test('gives back what the reference writer wrote', async () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        ',',
        ';',
        '"',
        "'",
        '\\',
        '\n',
        '\r',
        '\r\n',
        'é',
        '\u2028',
        '\ufeff',
        '😀',
        '\t',
      ),
      maxLength: 8,
    });
    const table = fc.integer({ min: 1, max: 4 }).chain((width) => {
      const field = width === 1 ? text : fc.option(text);
      return fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 });
    });
    const written = fc.constantFrom(
      { delimiter: ',', quote: '"' },
      { delimiter: ';', quote: "'" },
      { delimiter: '\t', quote: '"' },
    );
    await fc.assert(
      fc.asyncProperty(table, written, recordEnds, cuts, async (rows, { delimiter, quote }, recordEnd, sizes) => {
        const data = Buffer.from(csv(rows, { delimiter, quote, recordEnd }));
        const shape = { delimiter: delimiter.charCodeAt(0), quote: quote.charCodeAt(0) };
        const fields = rows[0]!.length;
        expect(scanned(pieces(data, sizes), { dialect: shape, fields, recordEnd })).toEqual({
          rows: rows.length,
          rejects: [],
        });
        const all = await collect(records(stream(data, sizes), shape, recordEnd, fields));
        const read = all.map(({ bytes }) =>
          splitRecord(bytes, shape).map((field) => (field.quoted || field.text !== '' ? field.text : null)),
        );
        expect(read).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });
});

type Options = Omit<ScanOptions, 'guard'> & { readonly header?: readonly string[] | undefined };

function optionsOf({ header: names, ...options }: Options): ScanOptions {
  if (!names) return options;
  return { ...options, guard: new HeaderAgain({ names, isDeclared: true, dialect, leavesOut: () => false }) };
}

function scanned(chunks: Buffer[], options: Options): Scanned {
  const { rows, rejects, error } = everything(chunks, options);
  return error?.name ?? { rows, rejects };
}

function everything(chunks: Buffer[], options: Options) {
  const scan = new StructuralScan(optionsOf(options));
  const rejects: ScanReject[] = [];
  try {
    for (const chunk of chunks) {
      scan.push(chunk);
      rejects.push(...scan.takeRejects());
    }
    scan.finish();
  } catch (error) {
    if (!(error instanceof NightfeedError)) throw error;
    return {
      error: { name: error.name, message: error.message },
      rows: scan.rows,
      rejects: [...rejects, ...scan.takeRejects()],
    };
  }
  const { rows, bytes, lastRecordEnd, flags, notes } = scan;
  return { rows, rejects, bytes, lastRecordEnd, flags, notes };
}

/** The last piece takes the rest. */
function pieces(data: Buffer, sizes: number[]): Buffer[] {
  let from = 0;
  const ends = sizes.map((size) => (from += size));
  return [0, ...ends].map((start, index) => Buffer.from(data.subarray(start, ends[index])));
}

async function* stream(data: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  yield* pieces(data, sizes);
}

async function collect(found: AsyncIterable<PlacedRecord>): Promise<PlacedRecord[]> {
  const all: PlacedRecord[] = [];
  for await (const record of found) all.push(record);
  return all;
}
