import {
  accepted,
  badLines,
  type Cases,
  held,
  over,
  rejected,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';

const key = (index: number) => `k${String(index + 1).padStart(2, '0')}`;
const lines = Array.from({ length: 20 }, (_, index) => `${key(index)},name ${index + 1}`);
const text = (body: readonly string[] = lines) => ['key,name', ...body, ''].join('\n');
const subject: Subject = {
  table: tableOf({ key: { type: 'text', key: true }, name: { type: 'text', required: true } }),
  base: { 't.csv': text() },
};
const bad = (line: string) => text(badLines(lines, line, (good) => `${good}!`));

const trimmed = { key: { type: 'text', key: true, trim: true }, name: 'text' };
const pairs = Array.from({ length: 20 }, (_, index) => `${Math.floor(index / 2) + 10},${index % 2 ? 'b' : 'a'},v`);
const ofTwo: Subject = {
  table: tableOf({ a: { type: 'integer', key: true }, b: { type: 'text', key: true }, v: 'text' }),
  base: { 't.csv': ['a,b,v', ...pairs, ''].join('\n') },
};
const pairsWith3 = (...rows: string[]) => ['a,b,v', ...pairs.slice(0, 2), ...rows, ...pairs.slice(3), ''].join('\n');

export const keys: Cases = {
  keys: [
    over(subject, [
      ['the same key with other values', bad('k03,a\nk03,b'), rejected('DUP_KEY', 2)],
      ['the same key once as it was, once not', bad(`${lines[2]}\nk03,b`), rejected('DUP_KEY', 2)],
      ['the same row twice', text(lines.with(2, 'k03,new\nk03,new')), accepted({ 3: ['k03', 'new'] }, { DUP_ROW: 1 })],
      ['the same keys in many rows', text(lines.flatMap((line) => [line, `${line}!`])), held('REJECTED_LIMIT')],
      ['an empty key', bad(',new'), unreadable('KEY_MISSING')],
      ['a quoted empty key', bad('"",new'), unreadable('KEY_MISSING')],
      ['a key of blanks is a key', text([...lines, ' ,new']), accepted({ 21: [' ', 'new'] })],
      ['a blank behind a key makes another key', text(lines.with(2, 'k03 ,new')), accepted({ 3: ['k03 ', 'new'] })],
      [
        'a key of 2,600 bytes',
        text([...lines, `${'x'.repeat(2600)},new`]),
        accepted({ 21: ['x'.repeat(2600), 'new'] }),
      ],
      ['a key of 2,601 bytes', text([...lines, `${'x'.repeat(2601)},new`]), accepted({}, { KEY_TOO_LONG: 1 })],
      [
        'a key of 1,301 characters of two bytes',
        text([...lines, `${'é'.repeat(1301)},new`]),
        accepted({}, { KEY_TOO_LONG: 1 }),
      ],
      ['upper and lower case are two keys', text([...lines, 'K03,new']), accepted({ 21: ['K03', 'new'] })],
      ['a required value that is missing', bad('k03,'), rejected('REQUIRED')],
    ]),
  ],

  'keys that the feed trims': [
    over({ table: tableOf(trimmed), base: { 't.csv': text(lines.map((line) => ` ${line}`)) } }, [
      ['a blank around a key is no other key', text(lines.with(2, 'k03 ,new')), accepted({ 3: ['k03', 'new'] })],
      ['a key of blanks is none', bad(' ,new'), unreadable('KEY_MISSING')],
    ]),
  ],

  'keys of several columns': [
    over(ofTwo, [
      ['one of them is missing', pairsWith3(pairs[2]!, '99,,x'), accepted({}, { KEY_MISSING: 1 })],
      ['one of them cannot be read', pairsWith3(pairs[2]!, 'x,a,x'), accepted({}, { FORMAT: 1 })],
      [
        'they are equal in value',
        pairsWith3('11,a,new', '+011,a,new'),
        accepted({ 3: ['11', 'a', 'new'] }, { DUP_ROW: 1 }),
      ],
      [
        'glued together they would be equal',
        pairsWith3(pairs[2]!, '111,a,x', '11,1a,x'),
        accepted({ 21: ['11', '1a', 'x'], 22: ['111', 'a', 'x'] }),
      ],
    ]),
  ],
};
