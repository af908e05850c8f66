import { describe, expect, test } from 'vitest';
import { landedText } from '../../../support/formats/landed-text.ts';

type Cases = readonly (readonly [about: string, format: string, sent: string, expected: number | string])[];

/** The number of rows of a file, or the name of the error; in one piece, and byte by byte. */
function testFiles(columns: string, cases: Cases): void {
  test.each(cases)('%s', async (_about, format, sent, expected) => {
    for (const size of [sent.length, 1]) {
      const found = await landedText(`columns: ${columns}, format: ${format}`, sent, size).then(
        ({ rows }) => rows,
        (error) => error.name,
      );
      expect(found).toBe(expected);
    }
  });
}

const numbered = '{id: {type: bigint, key: true}, name: text, note: text}';
const worded = '{id: {type: text, key: true}, name: text}';
const head = 'id,name,note\n1,a,b\n';

describe('a last line that skip.tail leaves out is refused', () => {
  const tail = '{skip: {tail: 1}}';
  testFiles(numbered, [
    ['with a stray quote', tail, `${head}3,TV 27" x,d\n`, 'SKIPPED_DATA'],
    ['with a field more', tail, `${head}3,c,d,e\n`, 'SKIPPED_DATA'],
    ['with a field less', tail, `${head}3,c\n`, 'SKIPPED_DATA'],
    ['with its key alone', tail, `${head}3\n`, 'SKIPPED_DATA'],
    ['with a bad key', tail, `${head}3x,c,d\n`, 'SKIPPED_DATA'],
    ['with a key of signs', tail, `${head}-,c,d\n`, 'SKIPPED_DATA'],
    ['without its key', tail, `${head},c,d\n`, 'SKIPPED_DATA'],
    ['short, where that is allowed', '{min_fields: 2, skip: {tail: 1}}', `${head}3,c\n`, 'SKIPPED_DATA'],
    ['with lazy quotes', '{quotes: lazy, skip: {tail: 1}}', `${head}3,TV 27" x,d\n`, 'SKIPPED_DATA'],
    [
      'with lazy quotes that have two readings',
      '{quotes: lazy, skip: {tail: 1}}',
      `${head}3,"a""b"c",d\n`,
      'SKIPPED_DATA',
    ],
    ['of another dialect', '{delimiter: "||", skip: {tail: 1}}', 'id||name||note\n1||a||b\n3||c\n', 'SKIPPED_DATA'],
  ]);
  testFiles(worded, [
    ['with any key', tail, 'id,name\na,b\nx"y,c\n', 'SKIPPED_DATA'],
    ['with any key and a field more', tail, 'id,name\na,b\nc,d,e\n', 'SKIPPED_DATA'],
  ]);
  const places =
    '{type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 4}, note: {start: 9, length: 2}}, skip: {tail: 1}}';
  testFiles(numbered, [
    ['a character longer than the others', places, '1   one ab\n3   threeab\n', 'SKIPPED_DATA'],
    ['shorter than the others', places, '1   one ab\n3   onea\n', 'SKIPPED_DATA'],
    ['with a tab', places, '1   one ab\n3   o\te ab\n', 'SKIPPED_DATA'],
    ['not when it is a footer', places, '1   one ab\nT0000123\n', 1],
    ['not when it is a footer as long as a record', places, '1   one ab\nT000000123\n', 1],
    ['not when it is a word', places, '1   one ab\nsum\n', 1],
  ]);
  testFiles(worded, [
    [
      'of any key, and a character too long',
      '{type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 4}}, skip: {tail: 1}}',
      'a   one \nb   three\n',
      'SKIPPED_DATA',
    ],
  ]);
});

describe('a footer that skip.tail leaves out is none', () => {
  const tail = '{skip: {tail: 1}}';
  testFiles(
    numbered,
    [
      'TRAILER|123',
      'TRAILER,123',
      'Total,,12',
      'Total,12',
      '-- end --',
      'T0000123',
      '20 rows selected.',
      '(20 rows)',
      'Sum 1,020.00',
      '----,----,----',
      ',,',
      'END',
    ].map((footer) => [footer, tail, `${head}${footer}\n`, 1]),
  );
  testFiles('{id: {type: date, key: true}, name: text, note: text}', [
    ['beside a key that is a date', tail, 'id,name,note\n2026-01-01,a,b\nTotal,12\n', 1],
  ]);
  testFiles('{id: {type: uuid, key: true}, name: text, note: text}', [
    ['beside a key that is a uuid', tail, 'id,name,note\n550e8400-e29b-41d4-a716-446655440000,a,b\nTotal,12\n', 1],
    [
      'but a damaged uuid may be a row',
      tail,
      'id,name,note\n550e8400-e29b-41d4-a716-446655440000,a,b\n550e8400-e29b,a,b\n',
      'SKIPPED_DATA',
    ],
  ]);
  testFiles(worded, [
    ['beside a key of any text, when it has no delimiter', tail, 'id,name\na,b\nTotal 12\n', 1],
    ['but with one it may be a row', tail, 'id,name\na,b\nTotal,1,2\n', 'SKIPPED_DATA'],
  ]);
});

describe('a table without a key', () => {
  testFiles('{n: bigint, name: text}, key: none', [
    ['loses no row', '{skip: {tail: 1}}', 'n,name\n1,a\n2,b\n', 'SKIPPED_DATA'],
    ['loses no damaged row', '{skip: {tail: 1}}', 'n,name\n1,a\n2,b,c\n', 'SKIPPED_DATA'],
    ['loses no row by a pattern', '{trailer: "2*"}', 'n,name\n1,a\n2,b\n', 'SKIPPED_DATA'],
    ['may have a footer', '{skip: {tail: 1}}', 'n,name\n1,a\nTotal,1\n', 1],
    ['may have a footer that a pattern says', '{trailer: "Total,*"}', 'n,name\n1,a\nTotal,1\n', 1],
  ]);
});

describe('a pattern that does not say what is left out', () => {
  const two = 'id,name\n1,a\n2,b\n';
  testFiles('{id: {type: bigint, key: true}, name: text}', [
    ['takes no row for a trailer', '{trailer: "*,*"}', two, 'SKIPPED_DATA'],
    ['nor where it counts', '{trailer: "*,{rows}"}', 'id,name\n0,0\n1,1\n', 'SKIPPED_DATA'],
    ['nor a damaged row', '{trailer: "*,*"}', 'id,name\n1,a\n2,"b\n', 'SKIPPED_DATA'],
    ['takes no row for a leader', '{header: false, leader: "*,*"}', '1,a\n2,b\n', 'SKIPPED_DATA'],
    ['nor one before the header', '{leader: "*,*"}', '0,x\nid,name\n1,a\n', 'SKIPPED_DATA'],
    ['takes a trailer', '{trailer: "TRL*"}', 'id,name\n1,a\nTRL,1\n', 1],
    ['takes a title', '{leader: "*, *"}', 'Report, "of today\nid,name\n1,a\n', 1],
  ]);
  testFiles(worded, [
    ['takes a head record that it begins to name', '{min_fields: 1, leader: "HDR|*"}', 'HDR|x\nid,name\na,b\n', 1],
    ['takes no row for a trailer by its first letter', '{trailer: "T*"}', 'id,name\na,b\nTom,2\n', 'SKIPPED_DATA'],
    ['nor by the first letters of its key', '{trailer: "Tom*"}', 'id,name\na,b\nTommy,2\n', 'SKIPPED_DATA'],
    ['nor a damaged row', '{trailer: "T*"}', 'id,name\na,b\nTom,2,3\n', 'SKIPPED_DATA'],
    ['takes what has the whole key', '{trailer: "Total,*"}', 'id,name\na,b\nTotal,2\n', 1],
    ['takes what it says all of', '{trailer: "Total,{rows}"}', 'id,name\na,b\nTotal,1\n', 1],
    ['takes a line with a word that is no row', '{trailer: "Total*"}', 'id,name\na,b\nTotal,2,3\n', 1],
  ]);
  testFiles(`${worded}, drop_row_when: "name = 'sum'"`.replace('columns: ', ''), [
    ['takes a row that a filter leaves out', '{trailer: "*,sum"}', 'id,name\na,b\nx,sum\n', 1],
  ]);
  const places = 'type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 4}}';
  testFiles(worded, [
    ['takes no row of fixed width', `{${places}, trailer: "T*"}`, 'a   one \nTom two \n', 'SKIPPED_DATA'],
    ['takes a whole key of fixed width', `{${places}, trailer: "TRL *"}`, 'a   one \nTRL 0001\n', 1],
  ]);
});

describe('a row before the header', () => {
  testFiles(worded, [
    ['is not left out by skip.until', '{skip: {until: "id,name*"}}', '1,a\n2,b\nid,name\n3,c\n', 'SKIPPED_DATA'],
    ['is not left out by skip.head', '{skip: {head: 1}}', '1,a\nid,name\n3,c\n', 'SKIPPED_DATA'],
    ['is not left out where there is no header', '{header: false, skip: {until: "3,*"}}', '1,a\n3,c\n', 'SKIPPED_DATA'],
    ['is no title', '{skip: {until: "id,name*"}}', 'A report, of a shop, "today\n"\n\nid,name\n3,c\n', 1],
  ]);
});

test('the message says the line, and what to write', async () => {
  const table = 'columns: {id: {type: bigint, key: true}, name: text}, format: {skip: {tail: 1}}';
  await expect(landedText(table, 'id,name\n1,a\n2,"b"c\n')).rejects.toThrow(
    /the line "2,\\?"b\\?"c", which `skip.tail` leaves out, may be a row .* `trailer` names it/,
  );
});
