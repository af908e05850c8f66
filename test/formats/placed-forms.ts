/** A file as a vendor sends it, and where each of its records begins in it. */
export interface PlacedFile {
  readonly bytes: Buffer;
  readonly records: readonly { readonly byte: number; readonly line: number; readonly text: string }[];
}

/** A way to write a table of two columns, `id` and `name`. */
export interface PlacedForm {
  readonly format: Readonly<Record<string, unknown>>;
  readonly encode?: (text: string) => Buffer;
  /** What stands before the first record. */
  readonly before?: string;
  /** The record, and what stands before and behind it: other lines, its end, what separates it from the next one. */
  record(id: string, name: string, index: number): readonly [before: string, record: string, behind: string];
  readonly behind?: (count: number) => string;
  readonly lineEnd?: '\n' | '\r';
  /** Names that it can hold; all others become one of these. */
  readonly names?: readonly string[];
}

const names = ['plain', 'größe €𝄞', 'two\nlines', 'a, b', 'say "x"', '日本語', ''];
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const line = (end: string) => (id: string, name: string) => ['', `${id},${quoted(name)}`, end] as const;
const plainNames = ['plain', 'größe', 'x', ''];
const json = (id: string, name: string) => JSON.stringify({ id, name });
const sqlText = (name: string) => `'${name.replaceAll("'", "''")}'`;
const fixed = { id: { start: 1, length: 8 }, name: { start: 9, length: 6 } };
const atPlaces = (id: string, name: string) => `${id.padEnd(8)}${name.padEnd(6)}`;
const shortNames = ['plain', 'größe', '', 'x'];

export const placedForms: Readonly<Record<string, PlacedForm>> = {
  'plain CSV': { format: {}, before: 'id,name\n', record: line('\n') },
  'CSV with a byte order mark and CRLF': { format: {}, before: '\ufeffid,name\r\n', record: line('\r\n') },
  'CSV that ends with CR': {
    format: {},
    before: 'id,name\r',
    record: line('\r'),
    lineEnd: '\r',
    names: ['plain', 'a, b', ''],
  },
  'CSV with lines beside the data': {
    format: { leader: ['HDR|*', 'made by*'], trailer: 'TRL,{rows}' },
    before: 'HDR|x\nmade by x\nid,name\n',
    record: line('\n'),
    behind: (count) => `TRL,${count}\n`,
  },
  'CSV without a header': { format: { header: false }, record: line('\n') },
  'CSV in UTF-16': { format: { encoding: 'utf-16' }, encode: utf16, before: '\ufeffid,name\r\n', record: line('\r\n') },
  'CSV in Latin-1': {
    format: { encoding: 'latin-1', allow_valid_utf8: true },
    encode: (text) => Buffer.from(text, 'latin1'),
    before: 'id,name\n',
    record: line('\n'),
    names: plainNames,
  },
  'CSV with comments': {
    format: { comment: '#' },
    before: '# the first\nid,name\n',
    record: (id, name, index) => [index % 3 === 0 ? `# before ${id}\n#\n` : '', `${id},${quoted(name)}`, '\n'],
  },
  'CSV with short records': {
    format: { min_fields: 1 },
    before: 'id,name\r\n',
    record: (id, name, index) => ['', index % 3 === 0 ? id : `${id},${quoted(name)}`, '\r\n'],
  },
  'CSV with mixed record ends': {
    format: { allow_mixed_record_ends: true },
    before: 'id,name\r\n',
    record: (id, name, index) => ['', `${id},${quoted(name)}`, index % 3 === 0 ? '\n' : '\r\n'],
  },
  'CSV with all of it at once': {
    format: { encoding: 'utf-16', comment: '#', min_fields: 1, allow_mixed_record_ends: true, leader: 'HDR|*' },
    encode: utf16,
    before: '\ufeffHDR|x\r\nid,name\n',
    record: (id, name, index) => [
      index % 5 === 0 ? `# größe ${id}\r\n` : '',
      index % 3 === 0 ? id : `${id},${quoted(name)}`,
      index % 2 === 0 ? '\n' : '\r\n',
    ],
  },
  'CSV with escapes': {
    format: { escape: '\\', comment: '#' },
    before: 'id,name\n',
    record: (id, name, index) => [
      index % 4 === 0 ? '# a line\n\n' : '',
      `${id},"${name.replaceAll(/["\n]/g, '\\$&')}"`,
      '\n',
    ],
  },
  'CSV with record ends of its own, in UTF-16': {
    format: { record_end: '|~|', delimiter: '^^', quote: '', encoding: 'utf-16' },
    encode: utf16,
    before: '\ufeffid^^name|~|',
    record: (id, name) => ['', `${id}^^${name}`, '|~|'],
  },
  'text of fixed width': {
    format: { type: 'fixed-width', fields: fixed, header: true },
    before: 'id      name  \r\n',
    record: (id, name) => ['', atPlaces(id, name), '\r\n'],
    names: shortNames,
  },
  'text of fixed width in UTF-16 with comments': {
    format: { type: 'fixed-width', fields: fixed, encoding: 'utf-16', comment: '#' },
    encode: utf16,
    before: '\ufeff',
    record: (id, name, index) => [index % 3 === 1 ? '# größe\n' : '', atPlaces(id, name), '\n'],
    names: shortNames,
  },
  'text of fixed width without line ends, by characters': {
    format: { type: 'fixed-width', fields: fixed, record_end: 'none' },
    record: (id, name) => ['', atPlaces(id, name), ''],
    names: shortNames,
  },
  'text of fixed width without line ends, by bytes': {
    format: { type: 'fixed-width', fields: fixed, record_end: 'none', unit: 'bytes', encoding: 'shift_jis' },
    encode: (text) =>
      Buffer.concat([...text].map((each) => (each === '日' ? Buffer.from([0x93, 0xfa]) : Buffer.from(each)))),
    record: (id, name) => ['', `${id.padEnd(8)}${name.padEnd(name === '日x' ? 5 : 6)}`, ''],
    names: ['plain', '日x', ''],
  },
  'JSON lines': {
    format: { type: 'ndjson' },
    record: (id, name, index) => [index % 4 === 1 ? '\n  \r\n' : '', json(id, name), index % 2 === 0 ? '\n' : '\r\n'],
  },
  'JSON lines in UTF-16': {
    format: { type: 'ndjson', encoding: 'utf-16' },
    encode: utf16,
    record: (id, name) => ['', json(id, name), '\r\n'],
  },
  'a JSON document in Shift_JIS': {
    format: { type: 'json', encoding: 'shift_jis' },
    encode: (text) =>
      Buffer.concat([...text].map((each) => (each === '日' ? Buffer.from([0x93, 0xfa]) : Buffer.from(each)))),
    before: '[',
    record: (id, name, index) => [index === 0 ? '' : ',\n', json(id, name), ''],
    behind: () => ']',
    names: ['plain', '日x', ''],
  },
  'a JSON document': {
    format: { type: 'json' },
    before: '\ufeff[ ',
    record: (id, name, index) => [index === 0 ? '' : ',\n ', json(id, name), ''],
    behind: () => ']',
  },
  'a JSON document in which the records stand deeper': {
    format: { type: 'json', records: ['all', 'my items'] },
    before: '{"größe": [1, {"x": "\\u00e4"}],\n "all": {"my items": [\n',
    record: (id, name, index) => [index === 0 ? '' : '\n,', json(id, name).replace('{', '{\n'), ''],
    behind: () => '], "more": {}}}',
  },
  'a dump of MySQL': {
    format: { type: 'sql', dialect: 'mysql', table: 'items', allow_missing_end: true },
    before: '\ufeff-- größe\nCREATE TABLE `items` (`id` text, `name` text);\nINSERT INTO `other` VALUES (1, "x");\n',
    record: (id, name, index) => [
      index % 3 === 0 ? 'INSERT INTO `items` VALUES ' : '\n, ',
      `('${id}', ${sqlText(name)})`,
      index % 3 === 2 ? ';\n' : '',
    ],
  },
  'a dump of PostgreSQL, in Latin-1': {
    format: { type: 'sql', dialect: 'postgres', allow_missing_end: true, encoding: 'latin-1', allow_valid_utf8: true },
    encode: (text) => Buffer.from(text, 'latin1'),
    before: '-- größe\r\nCOPY public.items (id, name) FROM stdin;\n',
    record: (id, name) => ['', `${id}\t${name || '\\N'}`, '\n'],
    behind: () => '\\.\n',
    names: plainNames,
  },
};

/** A file of so many records, the count of which is a multiple of 3. */
export function placedFile(form: PlacedForm, count: number): PlacedFile {
  const { encode = (text) => Buffer.from(text), before = '', behind, lineEnd = '\n', names: own = names } = form;
  const pieces: Buffer[] = [encode(before)];
  let byte = pieces[0]!.length;
  let ends = before.split(lineEnd).length - 1;
  const records: PlacedFile['records'][number][] = [];
  for (let index = 0; index < count; index++) {
    const [ahead, text, after] = form.record(`${index + 1}`, own[index % own.length]!, index);
    const first = encode(ahead);
    records.push({ byte: byte + first.length, line: ends + ahead.split(lineEnd).length, text });
    const whole = Buffer.concat([first, encode(text + after)]);
    ends += `${ahead}${text}${after}`.split(lineEnd).length - 1;
    byte += whole.length;
    pieces.push(whole);
  }
  return { bytes: Buffer.concat([...pieces, encode(behind?.(count) ?? '')]), records };
}
