import { describe, expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import type { csv } from '../../../lib/formats/csv/descriptor.ts';
import { json, ndjson } from '../../../lib/formats/json/descriptors.ts';
import type { ConvertedFile, FileFormat } from '../../../lib/ports/file-format.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { parseFeed } from '../../support/parse-feed.ts';

interface Told {
  readonly format?: Record<string, unknown>;
  readonly columns?: Record<string, unknown>;
  readonly contract?: Record<string, unknown>;
  readonly size?: number;
}

/** A file as it leaves the format. */
async function opened(
  kind: FileFormat | typeof csv | typeof ndjson | typeof json,
  text: string | Buffer | Iterable<Buffer>,
  told: Told = {},
) {
  const { format, columns = { id: { type: 'bigint', key: true }, name: 'text' }, contract, size } = told;
  const table = { files: '*', columns, format: { type: kind.name, ...format }, ...(contract ? { contract } : {}) };
  const feed = JSON.stringify({ feed: 'lab', source: { folder: '.' }, tables: { t: table } });
  const parsed = parseFeed(feed, 'feed.yaml').tables.t!;
  async function* bytes() {
    if (typeof text !== 'string' && !Buffer.isBuffer(text)) return yield* text;
    const all = Buffer.from(text);
    for (let at = 0; at < all.length; at += size ?? all.length) yield all.subarray(at, at + (size ?? all.length));
  }
  return (kind as FileFormat).open({
    format: parsed.format as never,
    bytes: bytes(),
    localFile: noLocalFile,
    columns: deliveredColumnsOf(parsed),
    contract: parsed.contract,
    ignore: parsed.ignore,
    reading: readingSpecOf(parsed),
  });
}

async function read(file: ConvertedFile) {
  const pieces: string[] = [];
  const faults: (string | undefined)[] = [];
  for await (const chunk of file.text) {
    const piece = chunk.toString();
    pieces.push(piece);
    // As the scan asks, when it has the text.
    for (const _record of piece.matchAll(/\n/g)) faults.push(file.faultOf?.(faults.length));
  }
  const text = pieces.join('');
  return { text, faults, ...file.end({ rows: faults.length, endsBroken: false }) };
}

const lines = (...all: string[]) => all.map((each) => `${each}\n`).join('');

/** What is no JSON, though some parsers take it. */
const broken = [
  '{"id":3,"name":NaN}',
  '{"id":3,"name":-Infinity}',
  "{'id':3}",
  '{id:3}',
  '{"id":3/* three */}',
  '{"id":3} // three',
  '{"id":3,}',
  '{,"id":3}',
  '{"id":3 "name":"a"}',
  '{"id" 3}',
  '{"id":}',
  '{"id":[1,]}',
  '{"id":[1 2]}',
  '{"id":{"a"}}',
  '{"id":[}',
  '{"id":03}',
  '{"id":+3}',
  '{"id":.5}',
  '{"id":5.}',
  '{"id":5e}',
  '{"id":-}',
  '{"id":0x10}',
  '{"id":True}',
  '{"id":nul}',
  '{"id":"a\tb"}',
  '{"id":"a\\x41"}',
  '{"id":"a\\u12g4"}',
  '{"id":"a}',
  '{"id":3',
  '{"id":3}}',
  '\u00a0{"id":3}',
  '{"id":undefined}',
];

test.each(broken)('%s is a malformed line of ndjson, and breaks a document', async (record) => {
  const text = lines('{"id":1,"name":"one"}', record, '{"id":2,"name":"two"}');
  const found = await read(await opened(ndjson, text));
  expect(found.text).toBe(`1,one\n"${record.replaceAll('"', '""')}"\n2,two\n`);
  expect(found.faults).toEqual([undefined, 'SYNTAX', undefined]);
  expect(found.notes).toEqual([expect.stringContaining('line 2 is no object that can be read')]);
  const document = `[${text.trim().replaceAll('\n', ',')}]`;
  await expect(opened(json, document)).rejects.toMatchObject({ name: /^JSON_(SYNTAX|TRUNCATED)$/ });
});

test('a last object without its line end is whole, and the receipt says how the file ended', async () => {
  const { lacksEnd, notes } = await read(await opened(ndjson, '{"id":1,"name":"a"}\n{"id":2,"name":"b"}'));
  expect([lacksEnd, notes]).toEqual([true, ['no final line end; the last object is whole']]);
  expect(await read(await opened(ndjson, lines('{"id":1,"name":"a"}')))).toMatchObject({ lacksEnd: false, notes: [] });
});

test('a message says where it is, and what stands there', async () => {
  const note = async (record: string) => (await read(await opened(ndjson, lines('{"id":1,"name":""}', record)))).notes;
  const said = 'line 2 is no object that can be read: ';
  expect(await note('{"id":NaN}')).toEqual([`${said}this cannot stand here: "NaN}\\n" at byte 25 of the file`]);
  expect(await note('{"id":2}x')).toEqual([`${said}something follows the object: "x\\n" at byte 27 of the file`]);
  expect(await note('{"a":{"b":1,"b":2}}')).toEqual([
    `${said}a name stands twice in an object: "b\\":2}}\\n" at byte 32 of the file`,
  ]);
  expect(await note('7')).toEqual([`${said}it is no object: "7\\n" at byte 19 of the file`]);
  await expect(opened(json, '[{"id":1,"name":""},\n{"id":2]', { size: 3 })).rejects.toMatchObject({
    message: 'the file is no JSON document (behind record 1): this cannot stand here: "]" at byte 28 of the file',
  });
  await expect(opened(json, '{"rows":[],"data":{}}', { format: { records: ['data', 'items'] } })).rejects.toMatchObject(
    { message: 'no "items" in the object in which format.records looks for it; it is empty' },
  );
  await expect(opened(json, '{"rows":[],"page":1}', { format: { records: ['items'] } })).rejects.toMatchObject({
    message: 'no "items" in the object in which format.records looks for it; it has "rows", "page"',
  });
});

test('records in two places of a document are refused', async () => {
  const format = { records: ['data', 'items'] };
  const record = '{"id":1,"name":"a"}';
  for (const text of [
    `{"data":{"items":[${record}],"items":[]}}`,
    `{"data":{"items":[${record}],"it\\u0065ms":[]}}`,
    `{"data":{"items":[${record}]},"data":{}}`,
  ])
    await expect(opened(json, text, { format })).rejects.toMatchObject({
      name: 'JSON_SYNTAX',
      message: expect.stringContaining('stands twice'),
    });
});

test('another kind of file is named, and what to write in the feed', async () => {
  const refusal = (kind: typeof ndjson | typeof json, text: string) =>
    opened(kind, text).then(
      () => 'taken',
      ({ name, message, hint }) => `${name}: ${message} (${hint})`,
    );
  expect(await refusal(ndjson, '[{"id":1}]')).toBe(
    'BAD_MAGIC: the file begins with a JSON array; expected ndjson (Production is untouched. This looks like a JSON array; the feed says ndjson: set `format: {type: json}`, or ask the vendor for ndjson.)',
  );
  expect(await refusal(ndjson, '{\n"id":1}\n')).toContain(
    'an object over several lines; the feed says ndjson: set `format: {type: json, records',
  );
  expect(await refusal(json, '{"id":1}\n{"id":2}\n')).toContain('the feed says json: set `format: {type: ndjson}`');
});

describe('what never ends is refused in little memory', () => {
  const endless = function* (start: string, piece: string) {
    yield Buffer.from(start);
    const chunk = Buffer.from(piece.repeat(100_000 / piece.length));
    for (let count = 0; count < 200; count++) yield chunk;
    throw new Error('20 MB were read');
  };
  test.each([
    ['a line', ndjson, '{"id":1,"name":"', 'a'],
    ['blanks in a line', ndjson, '{"id":1,"name":"a"}\n', ' '],
    ['a record of a document', json, '[{"id":1,"name":"a"},{"id":2,"name":"', 'a'],
    ['a nested value of it', json, '[{"id":1,"name":[', '1,'],
    ['a number of it', json, '[{"id":1,"name":1', '0'],
  ] as const)('%s', async (_about, kind, start, piece) => {
    const refusal = async () => read(await opened(kind, endless(start, piece)));
    await expect(refusal()).rejects.toMatchObject({ name: 'RECORD_TOO_LONG' });
  });

  test('but not values beside the records, unless one token is too long', async () => {
    const refusal = async (start: string, piece: string) =>
      read(await opened(json, endless(start, piece), { format: { records: ['items'] } }));
    await expect(refusal('{"x":[', '[1,{"a":"b"}],')).rejects.toThrow('20 MB were read');
    await expect(refusal('{"x":"', 'a')).rejects.toMatchObject({ name: 'RECORD_TOO_LONG' });
    await expect(refusal('{"', 'a')).rejects.toMatchObject({ name: 'RECORD_TOO_LONG' });
  });
});

describe('what is known of columns', () => {
  const many = (from: number, count: number, rest = '') =>
    Array.from({ length: count }, (_, at) => `{"id":${from + at},"name":"${'n'.repeat(80)}"${rest}}\n`).join('');
  /** More than the first look sees. */
  const before = Buffer.from(many(1, 60_000));
  const late = (rest: string) => [before, Buffer.from(`{"id":100000${rest}}\n`), Buffer.from(many(100_001, 3))];

  test('a declared column may come late', async () => {
    const nameless = Buffer.from(
      before
        .toString()
        .replaceAll('"name"', '"id2"')
        .replaceAll(/,"id2":"n+"/g, ''),
    );
    const rows = [...Array(10)].map(() => nameless);
    const { columns } = await read(await opened(ndjson, [...rows, Buffer.from('{"id":0,"name":"last"}\n')]));
    expect(columns).toMatchObject({ header: ['id', 'name'], change: { missing: [], added: [] } });
    const file = await opened(ndjson, rows, { contract: { missing: 'evolve' } });
    expect((await read(file)).columns).toMatchObject({
      header: ['id', 'name (not sent)'],
      change: { missing: ['name'] },
    });
    await expect(read(await opened(ndjson, rows))).rejects.toMatchObject({
      name: 'SCHEMA_MISSING',
      message: 'the file lacks "name"; expected "id, name"',
    });
  });

  test('an undeclared name that comes late is told, and never taken for a column', async () => {
    const held = await read(await opened(ndjson, late(',"name":"","colour":"red"')));
    expect(held.columns).toMatchObject({ header: ['id', 'name'], change: { added: ['colour'] } });
    const left = await read(await opened(ndjson, late(',"colour":"red"'), { contract: { added: 'ignore' } }));
    expect(left.notes).toEqual(['columns left out: "colour"']);
    expect(left.columns?.change.added).toEqual([]);
  });

  test.each(['evolve', 'refuse'])('with added: %s it refuses the file', async (added) => {
    const file = await opened(ndjson, late(',"name":"","colour":"red"'), { contract: { added } });
    await expect(read(file)).rejects.toMatchObject({
      name: 'SCHEMA_ADD',
      message: expect.stringContaining('line 60001 brings "colour"'),
    });
  });

  test('one among the first records evolves', async () => {
    const text = lines('{"id":1,"name":"a","x y":[1]}', '{"colour":"red","id":2,"name":"b"}');
    const file = await opened(ndjson, text, { contract: { added: 'evolve' } });
    expect(file.head).toMatchObject({ header: ['id', 'name', 'x y', 'colour'], change: { added: ['x y', 'colour'] } });
    expect((await read(file)).text).toBe('1,a,[1],\n2,b,,red\n');
  });

  test('a path that no column reads is a column that nobody declared', async () => {
    const format = { fields: { city: ['address', 'city'] } };
    const file = await opened(ndjson, lines('{"id":1,"name":"a","address":{"city":"Bonn"}}'), { format });
    expect(file.head.change.added).toEqual(['city']);
  });

  test('a name that a path has taken is told when it comes itself', async () => {
    const format = { fields: { name: ['of', 'name'] } };
    const file = await opened(ndjson, lines('{"id":1,"name":"a","of":{"name":"b"}}'), { format });
    expect(file.head.change.added).toEqual(['name (not read)']);
    expect((await read(file)).text).toBe('1,b\n');
  });

  test('a column may have another name in the file', async () => {
    const columns = { id: { type: 'bigint', key: true, from: 'ID' }, name: 'text' };
    const file = await opened(ndjson, lines('{"ID":1,"name":"a"}'), { columns });
    expect(file.head.header).toEqual(['id', 'name']);
  });

  test('a name that a path misses in every record is missing; one that is null is not', async () => {
    const format = { fields: { name: ['of', 'name'] } };
    await expect(opened(ndjson, lines('{"id":1,"of":{}}'), { format })).rejects.toHaveProperty(
      'name',
      'SCHEMA_MISSING',
    );
    const file = await opened(ndjson, lines('{"id":1,"of":null}'), { format });
    expect((await read(file)).text).toBe('1,\n');
    const first = { fields: { name: ['names', 0] } };
    const none = await opened(ndjson, lines('{"id":1,"names":[]}'), { format: first });
    expect((await read(none)).text).toBe('1,\n');
  });

  describe('a name within a value has another one', () => {
    const format = { fields: { name: ['of', 'name'] } };
    const file = (told: Told, ...records: string[]) => opened(ndjson, lines(...records), { format, ...told });
    const [named, renamed, nothing] = [
      '{"id":1,"of":{"name":"a","x":1}}',
      '{"id":2,"of":{"nom":"b","x":1}}',
      '{"id":3,"of":null}',
    ] as const;

    test('everywhere: null in its place does not bring it', async () => {
      const mismatch = { name: 'HEADER_MISMATCH', message: expect.stringContaining('has the unknown "of.nom"') };
      await expect(file({}, renamed, nothing, renamed)).rejects.toMatchObject(mismatch);
      await expect(file({}, nothing, '{"id":3,"of":{}}')).rejects.toHaveProperty('name', 'SCHEMA_MISSING');
    });

    test('in some objects: it is a name that nobody declared', async () => {
      expect((await file({}, named, renamed, nothing)).head.change.added).toEqual(['of.nom']);
      expect((await file({}, renamed, named)).head.change.added).toEqual(['of.nom']);
      const refused = file({ contract: { added: 'refuse' } }, named, renamed);
      await expect(refused).rejects.toHaveProperty('name', 'SCHEMA_ADD');
      const evolved = file({ contract: { added: 'evolve' } }, named, renamed);
      await expect(evolved).rejects.toHaveProperty('name', 'SCHEMA_ADD');
      const left = await file({ contract: { added: 'ignore' } }, named, renamed);
      expect((await read(left)).notes).toEqual(['columns left out: "of.nom"']);
    });

    test('behind the first records, it is found at the end', async () => {
      const text = `${`${named}\n`.repeat(140_000)}${renamed}\n`;
      const found = await read(await opened(ndjson, text, { format, size: 1 << 20 }));
      expect(found.columns?.change.added).toEqual(['of.nom']);
    });

    test('a name that also stands beside it, an object without it, and an array without the item are none', async () => {
      const beside = '{"id":2,"of":{"x":1}}';
      expect((await file({}, named, beside, '{"id":4,"of":{}}', nothing)).head.change.added).toEqual([]);
    });

    test('in an item of an array, and deeper', async () => {
      const deep = { fields: { name: ['a', 0, 'b', 'name'] } };
      const records = [
        '{"id":1,"a":[{"b":{"name":"x"}}]}',
        '{"id":2,"a":[{"b":{"nom":"x"}}]}',
        '{"id":3,"a":[{"c":1}]}',
      ];
      expect((await file({ format: deep }, ...records)).head.change.added).toEqual(['a.0.c', 'a.0.b.nom']);
    });

    test('objects with names that are values say nothing', async () => {
      const keys = Array.from({ length: 300 }, (_, index) => `{"id":${index},"of":{"k${index}":1}}`);
      expect((await file({}, named, ...keys)).head.change.added).toEqual([]);
    });
  });

  test('more undeclared names than a table can have columns are refused', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `"x${at}":1`).join(',');
    const taken = await opened(ndjson, lines(`{"id":1,"name":"a",${names(1600)}}`));
    expect(taken.head.change.added).toHaveLength(1600);
    await expect(opened(ndjson, lines(`{"id":1,"name":"a",${names(1601)}}`))).rejects.toMatchObject({
      name: 'TOO_WIDE',
    });
  });
});

test('options that contradict each other are complained about', () => {
  const complaints = (fields: Record<string, (string | number)[]>, from?: unknown) =>
    [...json.complaints!({ type: 'json', fields }, [{ name: 'id', type: 'text', from }])].map(({ message }) => message);
  expect(complaints({ a: ['x', 'y'], b: ['x', 'z'], c: ['y', 0, 'x'] })).toEqual([]);
  expect(complaints({ a: [0, 'y'] })).toEqual(['records are objects: a path begins with a name']);
  expect(complaints({ a: ['x', 'y'], b: ['x', 'y'] })).toEqual(['a has the same path']);
  expect(complaints({ a: ['x', 'y'], b: ['x', 0] })).toEqual([
    'another path reads an object where this one reads an array',
  ]);
  expect(complaints({}, { name: 'x', nth: 2 })).toEqual(['an object has a name once: give it alone, without nth']);
});
