import { describe, expect, test } from 'vitest';
import { landedText } from '../../../support/formats/landed-text.ts';

const two = '{id: {type: text, key: true}, name: text}';
const three = '{id: {type: text, key: true}, name: text, note: text}';
const numbered = '{id: {type: bigint, key: true}, name: text}';
const places = 'type: fixed-width, fields: {id: {start: 1, length: 3}, name: {start: 4, length: 3}}, comment: "#"';

describe('a comment that reads as a row is refused', () => {
  test.each([
    ['in plain text', two, '{comment: "#"}', 'id,name\na,x\n#b,y\nc,z\n', 'SKIPPED_DATA'],
    ['as the last line, without an end', two, '{comment: "#"}', 'id,name\na,x\n#b,y', 'SKIPPED_DATA'],
    ['in a rewritten dialect', two, '{comment: "#", delimiter: "||"}', 'id||name\na||x\n#b||y\n', 'SKIPPED_DATA'],
    ['without a header, as the first line', two, '{comment: "#", header: false}', '#b,y\na,x\n', 'SKIPPED_DATA'],
    [
      'with an own record end',
      two,
      '{comment: "#", record_end: "\\x1e"}',
      'id,name\x1e#b,y\x1ea,x\x1e',
      'SKIPPED_DATA',
    ],
    [
      'short, where that is allowed',
      three,
      '{comment: "#", min_fields: 2}',
      'id,name,note\na,x,y\n#b,y\n',
      'SKIPPED_DATA',
    ],
    ['not with one field', two, '{comment: "#", min_fields: 1}', 'id,name\na,x\n#b\n', 1],
    ['at fixed places', two, `{${places}}`, 'a  x  \n#b y  \n', 'SKIPPED_DATA'],
    ['not before the header', two, '{comment: "#"}', '#b,y\nid,name\na,x\n', 1],
    ['not where it is the header', two, '{comment: "#", header: false}', '#ID,name\na,x\n', 1],
    ['not with other fields', two, '{comment: "#"}', 'id,name\n# made by x, y, z\na,x\n', 1],
    ['not where the key is a number', numbered, '{comment: "#"}', 'id,name\n1,x\n#2,y\n', 1],
    ['not in a table of one column', '{id: {type: text, key: true}}', '{comment: "#"}', 'id\na\n# b\n', 1],
    ['not at fixed places when it is shorter', two, `{${places}}`, 'a  x  \n# b\n', 1],
  ])('%s', async (_about, columns, format, sent, expected) => {
    for (const size of [sent.length, 1]) {
      const found = await landedText(`columns: ${columns}, format: ${format}`, sent, size).then(
        ({ rows }) => rows,
        (error) => error.name,
      );
      expect(found).toBe(expected);
    }
  });

  test('unless a filter leaves such a row out', async () => {
    const table = `columns: ${two}, format: {comment: "#"}, drop_row_when: "id like '#%'"`;
    expect(await landedText(table, 'id,name\na,x\n#b,y\n')).toMatchObject({ rows: 1 });
  });

  test('and the message says what to do', async () => {
    const table = `columns: ${two}, format: {comment: "#"}`;
    await expect(landedText(table, 'id,name\n#b,y\na,x\n')).rejects.toThrow(
      /"#b,y".*leave `comment` out.*drop_row_when/,
    );
  });
});
