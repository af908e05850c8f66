import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accepted, check, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changed, columns, row3, subject, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('names of files', () => {
  const hostile = [
    "t.csv'; DROP TABLE t; --",
    't.csv..',
    't.csv $(touch x) `id`',
    't.csv*[a-z]?',
    `t.csv${'x'.repeat(245)}`,
    't.csv-\u202e\u2028😀',
    't.csv%2e%2e%2fetc',
  ];
  test.each(hostile.map((name) => [name]))('%j is a name and nothing else', (name) =>
    check(lab, subject(), { [name]: text(changed) }, accepted(row3)),
  );

  test('a leading dash', () => {
    const of = { ...subject(), table: tableOf(columns, { files: '-*' }), base: { '-rf': text() } };
    return check(lab, of, { '-rf': text(changed) }, accepted(row3));
  });

  test('a star in a name takes no other file', () => {
    const of = { ...subject(), table: tableOf(columns, { files: 's*.csv' }), base: { 's*.csv': text() } };
    return check(lab, of, { 's*.csv': text(changed), 'x1.csv': text() }, accepted(row3));
  });

  test.each([
    ['a line end', Buffer.from('t.csv\nx')],
    ['no UTF-8', Buffer.from('742e637376ff', 'hex')],
  ])('%s: such a file is not there', async (_about, name) => {
    const feed = await lab.feed(tableOf(columns), { 't.csv': text() });
    const before = await feed.everything();
    expect((await feed.night({}, { odd: [[name, text(changed)]] })).state).toBe('late');
    expect(await feed.everything()).toEqual(before);
  });
});
