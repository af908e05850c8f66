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

const dated = Array.from({ length: 20 }, (_, index) => `${index + 1},name ${index + 1},2026-11-01`);
const versions: Subject = {
  table: tableOf(
    { id: { type: 'integer', key: true }, name: 'text', at: { type: 'date', compare: false } },
    { collapse: { newest: 'at' }, drop_row_when: "name = 'dropped'" },
  ),
  base: { 't.csv': ['id,name,at', ...dated, ''].join('\n') },
};
const withVersions = (...rows: string[]) => ['id,name,at', ...dated, ...rows, ''].join('\n');
const newerBad = accepted({}, { DATE: 1, NEWER_REJECTED: 1 });

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

  'versions of a key': [
    over(versions, [
      [
        'a newer one, and one in between',
        withVersions('3,new,2026-11-19', '3,other,2026-11-10'),
        accepted({ 3: ['3', 'new', '2026-11-19'] }),
        'spark',
      ],
      ['an older one', withVersions('3,old,2026-10-01', '3,none,'), accepted()],
      [
        'the newest one twice',
        withVersions('3,new,2026-11-19', '3,new,2026-11-19'),
        accepted({ 3: ['3', 'new', '2026-11-19'] }, { DUP_ROW: 1 }),
      ],
      [
        'the newest one twice, with other values',
        withVersions('3,new,2026-11-19', '3,other,2026-11-19'),
        accepted({}, { DUP_KEY: 2 }),
        'spark',
      ],
      [
        'the newest one is rejected',
        withVersions('3,ne\0w,2026-11-19'),
        accepted({}, { NUL_BYTE: 1, NEWER_REJECTED: 1 }),
      ],
      ['one whose version cannot be read', withVersions('3,new,2026-11-31'), newerBad],
      ['the same, and a filter would leave it out', withVersions('3,dropped,2026-11-31'), newerBad],
      ['the newest one is left out by a filter', withVersions('3,dropped,2026-11-19'), accepted({ 3: null })],
      ['an older one is left out by a filter', withVersions('3,dropped,2026-10-01'), accepted()],
      ['only the time is new', withVersions('3,name 3,2026-11-19'), accepted()],
      [
        'a record whose key cannot be read, and production is newer',
        ['id,name,at', ...dated.with(2, '3,old,2026-10-01').with(4, '5,new,2026-11-19'), 'x,new,2026-11-19', ''].join(
          '\n',
        ),
        accepted({ 5: ['5', 'new', '2026-11-19'] }, { FORMAT: 1, NEWER_REJECTED: 1 }),
      ],
      [
        'production is newer',
        ['id,name,at', ...dated.with(2, '3,old,2026-10-01'), ''].join('\n'),
        accepted({ 3: ['3', 'old', '2026-10-01'] }),
      ],
      [
        'thousands of older ones',
        withVersions(...Array.from({ length: 2000 }, (_, index) => `3,old ${index},2026-10-01`)),
        accepted(),
      ],
    ]),
  ],
};
