import { describe, expect, test } from 'vitest';
import { landedText } from '../../../support/formats/landed-text.ts';

const two = '{id: {type: text, key: true}, name: text}';
const three = '{id: {type: text, key: true}, name: text, note: text}';
const numbered = '{id: {type: bigint, key: true}, name: text}';
const places = 'type: fixed-width, fields: {id: {start: 1, length: 3}, name: {start: 4, length: 3}}, comment: "#"';

describe('a comment that reads as a row is noted', () => {
  test.each([
    ['in plain text', two, '{comment: "#"}', 'id,name\na,x\n#b,y\nc,z\n', true],
    ['as the last line, without an end', two, '{comment: "#"}', 'id,name\na,x\n#b,y', true],
    ['in a rewritten dialect', two, '{comment: "#", delimiter: "||"}', 'id||name\na||x\n#b||y\n', true],
    ['without a header, as the first line', two, '{comment: "#", header: false}', '#b,y\na,x\n', true],
    ['with an own record end', two, '{comment: "#", record_end: "\\x1e"}', 'id,name\x1e#b,y\x1ea,x\x1e', true],
    ['short, where that is allowed', three, '{comment: "#", min_fields: 2}', 'id,name,note\na,x,y\n#b,y\n', true],
    ['not with one field', two, '{comment: "#", min_fields: 1}', 'id,name\na,x\n#b\n', false],
    ['at fixed places', two, `{${places}}`, 'a  x  \n#b y  \n', true],
    ['not before the header', two, '{comment: "#"}', '#b,y\nid,name\na,x\n', false],
    ['not where it is the header', two, '{comment: "#", header: false}', '#ID,name\na,x\n', false],
    ['not with other fields', two, '{comment: "#"}', 'id,name\n# made by x, y, z\na,x\n', false],
    ['not where the key is a number', numbered, '{comment: "#"}', 'id,name\n1,x\n#2,y\n', false],
    ['not in a table of one column', '{id: {type: text, key: true}}', '{comment: "#"}', 'id\na\n# b\n', false],
    ['not at fixed places when it is shorter', two, `{${places}}`, 'a  x  \n# b\n', false],
  ])('%s', async (_about, columns, format, sent, isNoted) => {
    for (const size of [sent.length, 1]) {
      const { notes } = await landedText(`columns: ${columns}, format: ${format}`, sent, size);
      expect(notes.some((note) => note.includes('read like rows'))).toBe(isNoted);
    }
  });

  test('unless a filter leaves such a row out', async () => {
    const table = `columns: ${two}, format: {comment: "#"}, drop_row_when: "id like '#%'"`;
    expect((await landedText(table, 'id,name\na,x\n#b,y\n')).notes).toEqual(['1 comment line(s) left out']);
  });

  test('with their number and the first of them', async () => {
    const { notes } = await landedText(`columns: ${two}, format: {comment: "#"}`, 'id,name\n#b,y\na,x\n#c,z\n');
    expect(notes).toContain(
      '2 comment line(s) read like rows, such as "#b,y"; where keys may begin so, leave `comment` out',
    );
  });
});
