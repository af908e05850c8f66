import {
  accepted,
  type Cases,
  held,
  noted,
  over,
  refused,
  rejected,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';

const columns = { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(7,2)' };
const records = Array.from({ length: 20 }, (_, index) => {
  const id = index + 1;
  return `{"id":${id},"name":"name ${id}","price":${id}.50}`;
});
const lines = (all: readonly string[] = records, end = '\n') => all.map((each) => `${each}${end}`).join('');
const array = (all: readonly string[] = records) => `[\n${all.join(',\n')}\n]\n`;
const within = (all: readonly string[] = records) => `{"count":20,"data":{"items":${array(all)},"next":null}}`;
const subject = (format: Record<string, unknown>, base: string, more: Record<string, unknown> = {}): Subject => ({
  table: tableOf(columns, { format, ...more }),
  base: { 't.csv': base },
});
const ndjson = subject({ type: 'ndjson' }, lines());
const json = subject({ type: 'json' }, array());

const row3 = (rest: string) => records.with(2, `{"id":3,${rest}}`);
const now3 = (name: string | null, price: string | null = '3.50') => ({ 3: ['3', name, price] });
/** Row 3 is this instead, row 5 changed, row 20 gone. */
const bad = (record: string) => records.with(2, record).with(4, '{"id":5,"name":"new","price":1}').slice(0, -1);
const changed = row3('"name":"new","price":3.50');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const bytes = (text: string, raw: string) => {
  const [before, after] = text.split('@') as [string, string];
  return Buffer.concat([Buffer.from(before), Buffer.from(raw, 'latin1'), Buffer.from(after)]);
};

/** Rows 3 and on, each of them a value that JSON writes in its own way. */
const values = [
  ['"name":1.10,"price":3.50', '1.10'],
  ['"name":123456789012345678901234567890,"price":3.50', '123456789012345678901234567890'],
  ['"name":true,"price":3.50', 'true'],
  ['"name":null,"price":3.50', null],
  ['"price":3.50', null],
  ['"name":"","price":"3.50"', ''],
  ['"name":"null","price":3.50', 'null'],
  ['"price":3.50,"name":"in another order"', 'in another order'],
  [' "name" : "blanks" ,\t"price" : 3.50 ', 'blanks'],
  ['"n\\u0061me":"\\u00e9\\n\\"\\/\\ud83d\\ude00","price":3.50', 'é\n"/😀'],
  ['"name":{"a": [1, "x"]},"price":3.50', '{"a": [1, "x"]}'],
  ['"name":[ ],"price":3.50', '[ ]'],
  ['"name":"7,a,b\\n8,c,d\\n9,\\"e\\",f","price":3.50', '7,a,b\n8,c,d\n9,"e",f'],
] as const;
const valued = records.map((each, at) => (values[at - 2] ? `{"id":${at + 1},${values[at - 2]![0]}}` : each));
const valuedRows = Object.fromEntries(values.map(([, name], at) => [at + 3, [String(at + 3), name, '3.50']]));

/** Both kinds take, reject or refuse these alike; `write` puts records into a file. */
const records3 = (of: Subject, write: (all: readonly string[]) => string) =>
  over({ ...of, table: { ...of.table, guards: { updated: '100%', gone: '20%', rejected: '20%' } } }, [
    ['values', write(valued), accepted(valuedRows), 'spark'],
    ['a number with an exponent', write(bad('{"id":3,"name":"x","price":1e400}')), rejected('FORMAT')],
    ['a text for a number', write(bad('{"id":3,"name":"x","price":"much"}')), rejected('FORMAT')],
    ['a NUL', write(bad('{"id":3,"name":"a\\u0000b","price":3.50}')), rejected('NUL_BYTE')],
    ['half of a surrogate pair', write(bad('{"id":3,"name":"\\ud800","price":3.50}')), rejected('INVALID_UTF8')],
    [
      'bytes that are no UTF-8',
      bytes(write(bad('{"id":3,"name":"@","price":3.50}')), '\xe9'),
      rejected('INVALID_UTF8'),
    ],
    [
      'such bytes in a value that nobody reads',
      bytes(write(bad('{"id":3,"name":"a","price":1,"price2":"@"}')), '\xff'),
      held('SCHEMA_ADD'),
    ],
    ['a name twice', write(bad('{"id":3,"name":"a","name":"b","price":3.50}')), unreadable('SYNTAX')],
    [
      'a name twice, once with an escape',
      write(bad('{"id":3,"name":"a","n\\u0061me":"b","price":3.50}')),
      unreadable('SYNTAX'),
    ],
    ['a name twice in a nested object', write(bad('{"id":3,"name":{"a":1,"a":2},"price":3.50}')), unreadable('SYNTAX')],
    ['an array that is no record', write(bad('[3,"name",3.50]')), unreadable('SYNTAX')],
    ['a number that is no record', write(bad('3')), unreadable('SYNTAX')],
    ['null that is no record', write(bad('null')), unreadable('SYNTAX')],
    ['an empty object', write(bad('{}')), unreadable('KEY_MISSING')],
    ['no key', write(bad('{"id":null,"name":"a","price":3.50}')), unreadable('KEY_MISSING')],
    ['a column more', write(row3('"name":"new","price":3.50,"colour":"red"')), held('SCHEMA_ADD')],
    [
      'a column less in every record',
      write(records.map((each) => each.replace(/,"price":[^}]*/, ''))),
      refused('SCHEMA_MISSING'),
    ],
    ['a renamed column', write(records.map((each) => each.replace('"price"', '"cost"'))), refused('HEADER_MISMATCH')],
    [
      'other names alone',
      write(records.map((each) => each.replace(/"(id|name|price)"/g, '"$1s"'))),
      refused('HEADER_MISMATCH'),
    ],
    [
      'records of more than 2,000,000 bytes',
      write(row3(`"name":"${'x'.repeat(2_000_000)}","price":3.50`)),
      refused('RECORD_TOO_LONG'),
    ],
    [
      'a text that gets longer than that as record text',
      write(row3(`"name":[${'"",'.repeat(600_000)}1],"price":3.50`)),
      refused('RECORD_TOO_LONG'),
    ],
    [
      'an array a million deep',
      write(bad(`{"id":3,"name":${'['.repeat(1_000_000)}`)),
      of === ndjson ? unreadable('SYNTAX') : refused('JSON_SYNTAX'),
    ],
    ['a byte order mark at the start', `\ufeff${write(changed)}`, accepted(now3('new'))],
    ['UTF-16', Buffer.from(write(changed), 'utf16le'), refused('ENCODING')],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${write(changed)}`, 'utf16le'), refused('ENCODING')],
    ['no bytes', '', refused('EMPTY_FILE')],
    ['blanks alone', ' \n\n', refused('EMPTY_FILE')],
    ['an HTML page', '<!DOCTYPE html><html></html>', refused('BAD_MAGIC')],
    ['Parquet', Buffer.from('PAR1\x15\x04\x15\x10\x15\x14L'), refused('BAD_MAGIC')],
    ['a table of CSV', 'id,name,price\n1,a,1\n', refused('JSON_SYNTAX')],
  ]);

/** What is no JSON, in the place of record 3; test/formats/json has more. */
const broken = {
  NaN: '{"id":3,"name":"a","price":NaN}',
  'a comma behind the last name': '{"id":3,"name":"a","price":3.50,}',
  'a text that never ends': '{"id":3,"name":"a,"price":3.50}',
  'an object that never ends': '{"id":3,"name":"a","price":3.50',
};

const mayLack: Subject = {
  table: tableOf(
    { ...columns, price: { type: 'decimal(7,2)', may_be_absent: true } },
    {
      format: { type: 'ndjson' },
      guards: { updated: '100%' },
    },
  ),
  base: { 't.csv': lines() },
};
const withoutPrice = Object.fromEntries(
  records.map((_each, at): [number, (string | null)[]] => [at + 1, [String(at + 1), `name ${at + 1}`, null]]),
);

export const jsonInputs: Cases = {
  'records of ndjson': [records3(ndjson, lines)],
  'records of json': [records3(json, array)],
  'records within a document': [
    over(subject({ type: 'json', records: ['data', 'items'] }, within()), [
      ['are found', within(changed), accepted(now3('new')), 'spark'],
      [
        'behind others of the same name elsewhere',
        `{"items":[{"id":1}],"data":{"x":{"items":[1]},"items":${array(changed)}}}`,
        accepted(now3('new')),
      ],
      [
        'beside a value of 3 MB',
        `{"a":[${'"x",'.repeat(750_000)}1],"data":{"items":${array(changed)}}}`,
        accepted(now3('new')),
      ],
      ['are not there', '{"data":{"item":[]},"items":[]}', refused('NO_RECORDS')],
      ['are no array', '{"data":{"items":{"id":1}}}', refused('NO_RECORDS')],
      ['are null', '{"data":{"items":null}}', refused('NO_RECORDS')],
      ['are the document', array(changed), refused('NO_RECORDS')],
      ['stand there twice', `{"data":{"items":${array(changed)},"items":[]}}`, refused('JSON_SYNTAX')],
      ['end with the document cut behind them', `{"data":{"items":${array(changed)}`, refused('JSON_TRUNCATED')],
      ['are none', '{"data":{"items":[]}}', held('ROWCOUNT_DROP')],
    ]),
  ],

  'JSON in another encoding': Object.entries({ ndjson: lines, json: array }).map(([type, write]) =>
    over({ ...subject({ type, encoding: 'utf-16' }, ''), base: { 't.csv': utf16(`\ufeff${write(records)}`) } }, [
      [
        'little-endian, with a mark',
        utf16(`\ufeff${write(row3('"name":"né😀","price":3.50'))}`),
        accepted(now3('né😀')),
      ],
      ['big-endian, with a mark', utf16(`\ufeff${write(changed)}`).swap16(), accepted(now3('new'))],
      ['without a mark', utf16(write(changed)), accepted(now3('new'))],
      ['half of a character', utf16(write(bad('{"id":3,"name":"a\ud83d","price":3.50}'))), rejected('INVALID_UTF8')],
      ['UTF-8', write(changed), refused('ENCODING')],
      ['cut within a character', utf16(write(changed)).subarray(0, -1), refused('ENCODING')],
      [
        'cut within a record',
        utf16(write(changed)).subarray(0, -30),
        refused(type === 'json' ? 'JSON_TRUNCATED' : 'NO_FINAL_NEWLINE'),
      ],
      ['UTF-32', Buffer.concat([Buffer.from('fffe0000', 'hex'), utf16(write(changed))]), refused('ENCODING')],
    ]),
  ),

  'what is no ndjson': [
    over(ndjson, [
      ...Object.entries(broken).map(([about, record]) => [about, lines(bad(record)), unreadable('SYNTAX')] as const),
      ['two objects in a line', lines(bad(`${records[2]}{"id":21}`)), unreadable('SYNTAX')],
      ['a comma behind each object', lines(bad(`${records[2]},`)), unreadable('SYNTAX')],
      ['a comma behind every object', lines(records, ',\n'), refused('JSON_SYNTAX')],
      ['a line of blanks in between', lines(changed.toSpliced(5, 0, '  ', '')), noted('2 blank line(s)', now3('new'))],
      ['CRLF', lines(changed, '\r\n'), accepted(now3('new')), 'spark'],
      ['LF and CRLF', lines(changed).replace('\n', '\r\n'), accepted(now3('new'))],
      ['CR alone', lines(changed, '\r'), refused('NO_FINAL_NEWLINE')],
      ['no final line end', lines(changed).slice(0, -1), noted('no final line end', now3('new'))],
      ['the last line cut', lines(changed).slice(0, -3), refused('NO_FINAL_NEWLINE')],
      ['a byte order mark within', lines(bad('\ufeff{"id":3,"name":"a","price":3.50}')), rejected('BOM_INSIDE')],
      ['a JSON array', array(changed), refused('BAD_MAGIC')],
      ['a JSON array in one line', `[${changed.join()}]`, refused('BAD_MAGIC')],
      ['an empty JSON array', '[]\n', refused('BAD_MAGIC')],
      ['an object over several lines', '{\n  "id": 1\n}\n', refused('BAD_MAGIC')],
      [
        'more rejects than allowed',
        lines(records.map((each, at) => (at % 3 ? each : `${each}x`))),
        held('REJECTED_LIMIT'),
      ],
    ]),
  ],

  'what is no document': [
    over(json, [
      ...Object.entries(broken).map(([about, record]) => [about, array(bad(record)), refused('JSON_SYNTAX')] as const),
      ['a comma behind the last record', array([...changed, '']), refused('JSON_SYNTAX')],
      ['a comma missing between two', array(changed).replace('},\n{', '}\n{'), refused('JSON_SYNTAX')],
      ['two documents', `${array(changed)}${array()}`, refused('JSON_SYNTAX')],
      ['something behind the end', `${array(changed)}x`, refused('JSON_SYNTAX')],
      ['a NUL behind the end', `${array(changed)}\0`, refused('JSON_SYNTAX')],
      ['cut within a record', array(changed).slice(0, -20), refused('JSON_TRUNCATED')],
      ['cut behind a record', array(changed).slice(0, array(changed).lastIndexOf(',')), refused('JSON_TRUNCATED')],
      ['an empty array', '[]', held('ROWCOUNT_DROP')],
      ['an object in each line', lines(changed), refused('BAD_MAGIC')],
      ['an object', '{"data":[]}', refused('NO_RECORDS')],
      ['a byte order mark within', array(changed).replace('\n{', '\n\ufeff{'), refused('JSON_SYNTAX')],
      ['in one line', `[${changed.join()}]`, accepted(now3('new'))],
    ]),
  ],

  'columns of ndjson': [
    over(mayLack, [
      [
        'one that no record has to have',
        lines(records.map((each) => each.replace(/,"price":[^}]*/, ''))),
        noted('columns absent, so null: "price"', withoutPrice),
      ],
    ]),
    over(subject({ type: 'ndjson' }, lines(), { ignore: ['colour'] }), [
      ['one that the feed leaves out', lines(row3('"name":"new","price":3.50,"colour":"red"')), accepted(now3('new'))],
    ]),
    over(subject({ type: 'ndjson' }, lines(), { contract: { added: 'ignore' } }), [
      [
        'a name more, left out',
        lines(row3('"name":"new","price":3.50,"colour":"red"')),
        noted('columns left out: "colour"', now3('new')),
      ],
    ]),
    over(subject({ type: 'ndjson' }, lines(), { contract: { added: 'refuse' } }), [
      ['a name more, refused', lines(row3('"name":"new","price":3.50,"colour":"red"')), refused('SCHEMA_ADD')],
    ]),
    over(subject({ type: 'ndjson' }, lines(), { contract: { missing: 'hold' } }), [
      ['a name less, held', lines(records.map((each) => each.replace(/,"price":[^}]*/, ''))), held('SCHEMA_MISSING')],
    ]),
  ],

  'nested values': [
    over(
      {
        table: tableOf(
          { id: { type: 'bigint', key: true }, name: 'text', price: 'text' },
          { format: { type: 'ndjson', fields: { name: ['a', 'city'], price: ['tags', 0] } } },
        ),
        base: { 't.csv': lines(records.map((_each, at) => `{"id":${at + 1},"a":{"city":"c${at}"},"tags":["x","y"]}`)) },
      },
      nested([
        ['are read by their path', '{"id":3,"a":{"zip":1,"city":"new"},"tags":["z"]}', accepted(now3('new', 'z'))],
        ['that are null', '{"id":3,"a":null,"tags":null}', accepted(now3(null, null))],
        ['that are missing', '{"id":3}', accepted(now3(null, null))],
        ['whose inner name is missing', '{"id":3,"a":{},"tags":[]}', accepted(now3(null, null))],
        ['with a name twice', '{"id":3,"a":{"city":"a","city":"b"},"tags":[]}', 'SYNTAX'],
        ['that are a text instead', '{"id":3,"a":"new","tags":["z"]}', 'SYNTAX'],
        ['that are an array instead', '{"id":3,"a":["new"],"tags":["z"]}', 'SYNTAX'],
        ['that are an object instead', '{"id":3,"a":{"city":"new"},"tags":{"0":"z"}}', 'SYNTAX'],
      ]),
    ),
  ],
};

function nested(all: readonly (readonly [string, string, ReturnType<typeof accepted> | string])[]) {
  const good = (id: number, city: string) => `{"id":${id},"a":{"city":"${city}"},"tags":["x","y"]}`;
  const rows = Array.from({ length: 20 }, (_, at) => good(at + 1, `c${at}`));
  return all.map(([about, record, outcome]) => {
    if (typeof outcome !== 'string') return [about, lines(rows.with(2, record)), outcome] as const;
    return [about, lines(rows.with(2, record).with(4, good(5, 'new')).slice(0, -1)), unreadable(outcome)] as const;
  });
}
