import { describe, expect, test } from 'vitest';
import { landedText } from '../../../support/formats/landed-text.ts';

type Cases = readonly (readonly [about: string, format: string, sent: string, expected: string])[];

/** The records of a file, with `|` for each end, or the name of the error; in one piece, and byte by byte. */
function testFiles(columns: string, cases: Cases): void {
  test.each(cases)('%s', async (_about, format, sent, expected) => {
    for (const size of [sent.length, 1]) {
      const found = await landedText(`columns: ${columns}, format: ${format}`, sent, size).then(
        ({ text }) => text.replaceAll('\n', '|'),
        (error) => error.name,
      );
      expect(found).toBe(expected);
    }
  });
}

const two = '{id: {type: text, key: true}, name: text}';
const one = '{id: {type: text, key: true}}';

describe("Excel's sep= without a header", () => {
  testFiles(two, [
    ['is no row', '{header: false, delimiter: ";"}', 'sep=;\na;b\n', 'a;b|'],
    ['is no row of a rewritten dialect', '{header: false, delimiter: "||"}', 'sep=||\na||b\n', 'a,b|'],
    ['of another delimiter is refused', '{header: false}', 'sep=;\na,b\n', 'PREAMBLE_MISMATCH'],
  ]);
  testFiles(one, [['is no row of one column', '{header: false}', 'sep=,\na\n', 'a|']]);
});

describe('a text that is no table', () => {
  const html = '<!DOCTYPE html>\n<html>\n<body>503</body>\n</html>\n';
  const places =
    '{type: fixed-width, min_length: 1, fields: {id: {start: 1, length: 40}, name: {start: 41, length: 40}}}';
  const joined =
    '{type: fixed-width, record_end: none, fields: {id: {start: 1, length: 10}, name: {start: 11, length: 5}}}';
  testFiles(one, [
    ['an HTML page', '{header: false}', html, 'BAD_MAGIC'],
    ['an HTML page, of another dialect', '{header: false, delimiter: "||"}', html, 'BAD_MAGIC'],
    ['XML', '{header: false}', '<?xml version="1.0"?>\n<Error>x</Error>\n', 'BAD_MAGIC'],
    ['JSON lines', '{header: false}', '{"id": 1}\n{"id": 2}\n', 'BAD_MAGIC'],
    ['JSON lines, of another dialect', '{header: false, delimiter: "||"}', '{"id": 1}\n{"id": 2}\n', 'BAD_MAGIC'],
    ['a JSON document', '{header: false, delimiter: "\\t"}', '[\n  {"id": 1}\n]\n', 'BAD_MAGIC'],
    ['a SQL dump', '{header: false}', '-- MySQL dump\nINSERT INTO t VALUES (1);\n', 'BAD_MAGIC'],
    ["PostgreSQL's dump", '{header: false}', '--\n-- PostgreSQL database dump\n--\n', 'BAD_MAGIC'],
    ['statements', '{header: false}', 'INSERT INTO t VALUES (1);\n', 'BAD_MAGIC'],
    ['words are rows', '{header: false}', 'Copy paper\n<me@example.com>\n', 'Copy paper|<me@example.com>|'],
  ]);
  testFiles(two, [
    ['an HTML page, of two columns', '{header: false}', html, 'BAD_MAGIC'],
    ['a row of as many fields is one', '{header: false}', '<html>,b\nc,d\n', '<html>,b|c,d|'],
    ['a row with JSON in it is one', '{header: false, delimiter: ";", quote: ""}', '{"a":1};b\n', '{"a":1};b|'],
    ['an HTML page at fixed places', places, html, 'BAD_MAGIC'],
    ['an HTML page in records without line ends', joined, '<!DOCTYPE html><html></html> x', 'BAD_MAGIC'],
    ['JSON at fixed places', places, '{"id": 1}\n', 'BAD_MAGIC'],
  ]);
});

describe('comment and trailer meet in one order', () => {
  for (const [about, delimiter] of [
    ['plain text', ','],
    ['a rewritten dialect', '||'],
  ] as const) {
    const format = (more: string) => `{delimiter: "${delimiter}", comment: "#", ${more}}`;
    const head = `id${delimiter}name\na${delimiter}b\n`;
    testFiles(two, [
      [`${about}: a trailer may begin as comments do`, format('trailer: "#rows:{rows}"'), `${head}#rows:1\n`, 'a,b|'],
      [`${about}: it comes last`, format('trailer: "TRL{rows}"'), `${head}TRL1\n# end\n`, 'TRAILER_MISMATCH'],
      [`${about}: a comment before it`, format('trailer: "TRL{rows}"'), `${head}# end\nTRL1\n`, 'a,b|'],
      [
        `${about}: a comment that is one of its lines`,
        format('trailer: ["TRL{rows}", "# end"]'),
        `${head}TRL1\n# end\n`,
        'a,b|',
      ],
      [`${about}: skip.tail takes a comment`, format('skip: {tail: 1}'), `${head}# x\n# end\n`, 'a,b|'],
    ]);
  }
});

describe('a line end behind the last record end', () => {
  const own = '{record_end: "\\x1e"}';
  testFiles(two, [
    ['is no record', own, 'id,name\x1ea,b\x1e\n', 'a,b|'],
    ['may be CRLF', own, 'id,name\x1ea,b\x1e\r\n', 'a,b|'],
    ['may follow a character that one can see', '{record_end: ";"}', 'id,name;a,b;\n', 'a,b|'],
    ['may follow an end with a line end', '{record_end: "~\\n"}', 'id,name~\na,b~\n\n', 'a,b|'],
    ['stands once', own, 'id,name\x1ea,b\x1e\n\n', 'NO_FINAL_NEWLINE'],
    ['does not stand for the record end', own, 'id,name\x1ea,b\n', 'NO_FINAL_NEWLINE'],
    [
      'does not stand behind every record',
      '{header: false, record_end: "\\x1e"}',
      'a,b\x1e\nc,d\x1e\n',
      'NO_FINAL_NEWLINE',
    ],
    ['is not all there is', '{header: false, record_end: "\\x1e"}', '\n', 'NO_FINAL_NEWLINE'],
  ]);

  test('is noted', async () => {
    const table = `columns: ${two}, format: {record_end: "\\x1e"}`;
    expect((await landedText(table, 'id,name\x1ea,b\x1e\n')).notes).toEqual(['a line end behind the last record end']);
    await expect(landedText(table, 'id,name\x1e\na,b\x1e\n')).rejects.toThrow(/let `record_end` end with it/);
  });
});
