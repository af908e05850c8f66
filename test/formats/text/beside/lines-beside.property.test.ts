import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../../lib/core/feed/reading-spec.ts';
import { StructuralScan, scanOptions } from '../../../../lib/core/records/scan/scan.ts';
import { openCsv } from '../../../../lib/formats/csv/open.ts';
import type { CsvFormat } from '../../../../lib/formats/csv/options.ts';
import { csv } from '../../../support/engines/csv.ts';
import { noLocalFile } from '../../../support/formats/local-file.ts';
import { parseFeed } from '../../../support/parse-feed.ts';

const cells = fc.string({ unit: fc.constantFrom('a', ',', '"', '#', '\n', '\r\n', 'é', ' '), maxLength: 5 });
const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), cells), { minLength: 1, maxLength: 6 });
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });
const ends = fc.constantFrom('\n', '\r\n', '\r');
const noise = fc.array(fc.string({ unit: fc.constantFrom('x', '"', ',', ' '), maxLength: 6 }), { maxLength: 3 });

const format = (options: string) => {
  const { tables } = parseFeed(
    `feed: lab
source: {folder: .}
tables: {t: {files: "*", format: ${options}, columns: {id: {type: bigint, key: true}, name: text}}}
`,
    'feed.yaml',
  );
  return tables.t!;
};

/** The records of a file that comes in pieces, and what its receipt says of it. */
async function opened(options: string, sent: string, sizes: readonly number[]) {
  const table = format(options);
  const reading = readingSpecOf(table);
  const data = Buffer.from(sent);
  async function* pieces(): AsyncGenerator<Buffer> {
    let from = 0;
    for (const size of sizes) {
      yield data.subarray(from, from + size);
      from += size;
    }
    yield data.subarray(from);
  }
  const columns = deliveredColumnsOf(table);
  const file = await openCsv({
    format: table.format as CsvFormat,
    bytes: pieces(),
    localFile: noLocalFile,
    columns,
    contract: table.contract,
    reading,
  });
  const scan = new StructuralScan({ ...scanOptions(file.head, reading.format), guard: file.guard });
  const found: Buffer[] = [];
  for await (const piece of file.text) {
    found.push(Buffer.from(piece));
    scan.push(piece);
  }
  scan.finish();
  const { notes, movesBytes } = file.end({ rows: scan.rows, endsBroken: false });
  return {
    text: Buffer.concat(found).toString(),
    head: file.headBytes.toString(),
    notes,
    movesBytes,
    rejects: scan.takeRejects().length,
  };
}

const body = (of: readonly (readonly [number, string])[], recordEnd: string) =>
  csv(
    of.map(([id, name]) => [String(id), name]),
    { recordEnd },
  );

test('what stands before and behind the data is taken off, however the bytes come', async () => {
  await fc.assert(
    fc.asyncProperty(rows, noise, fc.boolean(), ends, cuts, async (data, lines, isMarked, end, sizes) => {
      const count = data.length;
      const before = `${isMarked ? '\ufeff' : ''}HDR,${count + 2}${end}${lines.map((line) => `${line}-${end}`).join('')}id,name${end}`;
      const sent = `${before}${body(data, end)}${end}--${end}${end}END of ${count} rows${end}`;
      const options = '{leader: "HDR,{rows+2}", skip: {until: "id,*"}, trailer: ["--", "END of {rows} rows"]}';
      expect(await opened(options, sent, sizes)).toMatchObject({
        text: expect.stringMatching(''),
        head: before,
        rejects: 0,
      });
      expect((await opened(options, sent, sizes)).text.replace(/[\r\n]+$/, '')).toBe(
        body(data, end).replace(/[\r\n]+$/, ''),
      );
    }),
    { numRuns: 300 },
  );
});

test('a comment is left out between records, and is text within quotes', async () => {
  const at = fc.array(fc.nat(2), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, at, ends, cuts, async (data, comments, end, sizes) => {
      const records = [`id,name${end}`, ...data.map((row) => body([row], end))];
      const between = (index: number) => `#, "${end}`.repeat(comments[index % 8]!);
      const sent = records.map((record, index) => between(index) + record).join('') + between(7);
      const found = await opened('{comment: "#"}', sent, sizes);
      expect(found).toMatchObject({ text: body(data, end), rejects: 0 });
      const count = sent.split('#, "').length - records.join('').split('#, "').length;
      expect(found.notes.join()).toContain(count === 0 ? '' : `${count} comment line(s)`);
      expect(found.movesBytes).toBe(count > 0);
    }),
    { numRuns: 500 },
  );
});

test('a short record gets the fields that it lacks', async () => {
  const short = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rows, short, ends, cuts, async (data, isShort, end, sizes) => {
      const record = (row: readonly [number, string], index: number) =>
        isShort[index] ? `${row[0]}${end}` : body([row], end);
      const sent = `id,name${end}${end}${data.map(record).join('')}`;
      const whole = data.map((row, index) => (isShort[index] ? `${row[0]},${end}` : body([row], end)));
      const found = await opened('{min_fields: 1}', sent, sizes);
      expect(found).toMatchObject({ text: end + whole.join(''), rejects: 0 });
      expect(found.movesBytes).toBe(isShort.slice(0, data.length).includes(true));
    }),
    { numRuns: 500 },
  );
});

test('no cut of a file with blind lines goes unnoticed', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(), ends, async (data, at, end) => {
      const sent = `id,name${end}${body(data, end)}-- the end --${end}`;
      const cut = sent.slice(0, at % (sent.length - end.length));
      const found = await opened('{skip: {tail: 1}}', cut, []).then(
        ({ text }) => text,
        (error) => error.name,
      );
      if (cut.trim() !== 'id,name') expect(found).toMatch(/^[A-Z_]+$/);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['{skip: {head: 1}, header: false}', '1,a\n2,b\n', 'SKIPPED_DATA'],
  ['{skip: {head: 1}, header: false}', 'made on,1\n2,b\n', '2,b\n'],
  ['{skip: {head: 1}}', 'id,name\n1,a\n', 'HEADER_MISMATCH'],
  ['{skip: {head: 3}}', 'id,name\n1,a\n', 'PREAMBLE_MISMATCH'],
  ['{skip: {until: "id,*"}}', 'a\nb\nname,id\n', 'PREAMBLE_MISMATCH'],
  ['{skip: {until: "id,*"}}', `${'a\n'.repeat(40_000)}id,name\n`, 'PREAMBLE_MISMATCH'],
  ['{skip: {until: "id,*"}}', 'PK\x03\x04and so on and on', 'BAD_MAGIC'],
  ['{leader: "HDR*"}', 'id,name\n1,a\n', 'PREAMBLE_MISMATCH'],
  ['{leader: "HDR {rows}"}', 'HDR 2\nid,name\n1,a\n', 'TRAILER_MISMATCH'],
  ['{trailer: "END*"}', 'id,name\n1,a\n', 'TRAILER_MISMATCH'],
  ['{trailer: "END*"}', 'id,name\n1,a\nEND\n', '1,a\n'],
  ['{trailer: ["A", "END*"]}', 'id,name\n1,a\nEND\n', 'TRAILER_MISMATCH'],
  ['{skip: {tail: 1}}', 'id,name\n1,a\nx', 'NO_FINAL_NEWLINE'],
  ['{skip: {tail: 1}}', 'id,name\n1,a\n', 'SKIPPED_DATA'],
  ['{skip: {tail: 1}}', 'id,name\n1,a\n2,"b\n', 'SKIPPED_DATA'],
  ['{skip: {tail: 2}}', 'id,name\n1,a\n2,b\nsum\n', 'SKIPPED_DATA'],
  ['{}', 'sep=,\nid,name\n1,a\n', '1,a\n'],
  ['{}', '"sep=,"\r\nid,name\r\n1,a\r\n', '1,a\r\n'],
  ['{}', 'sep=;\nid;name\n1;a\n', 'PREAMBLE_MISMATCH'],
  ['{min_fields: 2}', 'id,name\n1\n', '1\n'],
])('%s reads %j as %j', async (options, sent, expected) => {
  const found = await opened(options, sent, []).then(
    ({ text }) => text,
    (error) => error.name,
  );
  expect(found).toBe(expected);
});
