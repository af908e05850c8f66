import { describe, expect, test } from 'vitest';
import { filesPattern, membersDatedAs } from '../../../lib/core/feed/files-pattern.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

test.each([
  ['t*.csv', 't*.csv', undefined],
  ['t.zip/a/b*.csv', 't.zip', 'a/b*.csv'],
  ['t{date:YYYY/MM/DD}.zip', 't{date:YYYY/MM/DD}.zip', undefined],
  ['t{date:YYYY/MM}.zip/{date:D/M}', 't{date:YYYY/MM}.zip', '{date:D/M}'],
  ['t.zip/', 't.zip', ''],
])('%s', (files, file, members) =>
  expect(filesPattern(files)).toEqual({ file, ...(members === undefined ? {} : { members }) }),
);

test.each([
  ['a-{date}', '2026-02-03', 'a-2026-02-03'],
  ['a-{yyyy}{mm}', '2026-02', 'a-202602'],
  ['a-{yyyy}', '2026', 'a-2026'],
  ['a', null, 'a'],
])('members %s of an archive of %s', (members, said, expected) => expect(membersDatedAs(members, said)).toBe(expected));

describe('complaints', () => {
  const columns = { id: { type: 'bigint', key: true } };
  const complaints = (table: object, more: object = {}) =>
    feedSchema
      .safeParse({ feed: 'shop', source: { folder: '.' }, tables: { t: { columns, ...table } }, ...more })
      .error?.issues.map(({ message, path }) => `${path.join('.')}: ${message}`) ?? [];

  test.each([
    [{ files: 't.zip/*.csv' }],
    [{ files: 'T.TGZ/a/*.csv' }],
    [{ files: 't-{date}.zip/t-{yyyy}.csv', pick: 'newest' }],
    [{ files: 't-{n}.zip/t.csv', pick: 'newest' }],
  ])('none about %j', (table) => expect(complaints(table, { ignore_members: ['README'] })).toEqual([]));

  test.each([
    [{ files: 'in/t.csv' }, 'is no archive by its name, so nothing lies behind its /'],
    [{ files: 't.csv.gz/t.csv' }, 'expected one that ends in .zip, .tar,'],
    [{ files: 't.zip/' }, 'expected which members behind the /'],
    [{ files: 't.zip/t-{n}.csv', pick: 'newest' }, '{n} counts generations of files'],
    [{ files: 't.zip/t-{date}.csv', pick: 'newest' }, 'expected the date before the / too'],
    [{ files: 't-{yyyy}.zip/t-{date}.csv', pick: 'newest' }, 'expected the date before the / too'],
  ])('about %j', (table, message) => expect(complaints(table).join()).toContain(message));

  test('about ignore_members where no table takes members', () => {
    expect(complaints({ files: 't*.zip' }, { ignore_members: ['README'] })).toEqual([
      expect.stringContaining('ignore_members: no table takes members of an archive'),
    ]);
  });
});
