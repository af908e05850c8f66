import { afterAll, beforeAll, describe, test } from 'vitest';
import {
  accepted,
  badLines,
  check,
  held,
  type Outcome,
  rejected,
  type Subject,
  tableOf,
  unreadable,
} from '../support/input-case.ts';
import { IntakeLab } from '../support/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const key = (index: number) => `k${String(index + 1).padStart(2, '0')}`;
const lines = Array.from({ length: 20 }, (_, index) => `${key(index)},name ${index + 1}`);
const text = (body: readonly string[] = lines) => ['key,name', ...body, ''].join('\n');
const subject: Subject = {
  table: tableOf({ key: { type: 'text', key: true }, name: { type: 'text', required: true } }),
  base: { 't.csv': text() },
};
const bad = (line: string) => text(badLines(lines, line, (good) => `${good}!`));

type Case = readonly [about: string, bytes: string, outcome: Outcome];
function run(of: Subject, cases: readonly Case[]): void {
  test.each(cases)('%s', (_about, delivered, outcome) => check(lab, of, { 't.csv': delivered }, outcome));
}

describe('keys', () => {
  run(subject, [
    ['the same key with other values', bad('k03,a\nk03,b'), rejected('DUP_KEY', 2)],
    ['the same key once as it was, once not', bad(`${lines[2]}\nk03,b`), rejected('DUP_KEY', 2)],
    ['the same row twice', text(lines.with(2, 'k03,new\nk03,new')), accepted({ 3: ['k03', 'new'] }, { DUP_ROW: 1 })],
    ['the same keys in many rows', text(lines.flatMap((line) => [line, `${line}!`])), held('REJECTED_LIMIT')],
    ['an empty key', bad(',new'), unreadable('KEY_MISSING')],
    ['a quoted empty key', bad('"",new'), unreadable('KEY_MISSING')],
    ['a key of blanks is a key', text([...lines, ' ,new']), accepted({ 21: [' ', 'new'] })],
    ['a blank behind a key makes another key', text(lines.with(2, 'k03 ,new')), accepted({ 3: ['k03 ', 'new'] })],
    ['a key of 2,600 bytes', text([...lines, `${'x'.repeat(2600)},new`]), accepted({ 21: ['x'.repeat(2600), 'new'] })],
    ['a key of 2,601 bytes', text([...lines, `${'x'.repeat(2601)},new`]), accepted({}, { KEY_TOO_LONG: 1 })],
    [
      'a key of 1,301 characters of two bytes',
      text([...lines, `${'é'.repeat(1301)},new`]),
      accepted({}, { KEY_TOO_LONG: 1 }),
    ],
    ['upper and lower case are two keys', text([...lines, 'K03,new']), accepted({ 21: ['K03', 'new'] })],
    ['a required value that is missing', bad('k03,'), rejected('REQUIRED')],
  ]);
});

describe('keys that the feed trims', () => {
  const columns = { key: { type: 'text', key: true, trim: true }, name: 'text' };
  run({ table: tableOf(columns), base: { 't.csv': text(lines.map((line) => ` ${line}`)) } }, [
    ['a blank around a key is no other key', text(lines.with(2, 'k03 ,new')), accepted({ 3: ['k03', 'new'] })],
    ['a key of blanks is none', bad(' ,new'), unreadable('KEY_MISSING')],
  ]);
});

describe('keys of several columns', () => {
  const pairs = Array.from({ length: 20 }, (_, index) => `${Math.floor(index / 2) + 10},${index % 2 ? 'b' : 'a'},v`);
  const of: Subject = {
    table: tableOf({ a: { type: 'integer', key: true }, b: { type: 'text', key: true }, v: 'text' }),
    base: { 't.csv': ['a,b,v', ...pairs, ''].join('\n') },
  };
  const with3 = (...rows: string[]) => ['a,b,v', ...pairs.slice(0, 2), ...rows, ...pairs.slice(3), ''].join('\n');
  run(of, [
    ['one of them is missing', with3(pairs[2]!, '99,,x'), accepted({}, { KEY_MISSING: 1 })],
    ['one of them cannot be read', with3(pairs[2]!, 'x,a,x'), accepted({}, { FORMAT: 1 })],
    ['they are equal in value', with3('11,a,new', '+011,a,new'), accepted({ 3: ['11', 'a', 'new'] }, { DUP_ROW: 1 })],
    [
      'glued together they would be equal',
      with3(pairs[2]!, '111,a,x', '11,1a,x'),
      accepted({ 21: ['11', '1a', 'x'], 22: ['111', 'a', 'x'] }),
    ],
  ]);
});

test('guards as they are by default', async () => {
  const many = (rows: number, name = (id: number) => `name ${id}`) =>
    `id,name\n${Array.from({ length: rows }, (_, index) => `${index + 1},${name(index + 1)}\n`).join('')}`;
  const of: Subject = {
    table: { files: 't.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } },
    base: { 't.csv': many(2000) },
  };
  const night = (bytes: string, guard: string) => check(lab, of, { 't.csv': bytes }, held(guard));
  await night(many(1400), 'ROWCOUNT_DROP');
  await night('id,name\n', 'ROWCOUNT_DROP');
  await night(many(1), 'ROWCOUNT_DROP');
  await night(many(3100), 'ROWCOUNT_RISE');
  await night(many(2100).replace(/^(1?\d\d?),.*\n/gm, ''), 'MASS_DELETE');
  await night(
    many(2000, (id) => ` name ${id}`),
    'MASS_UPDATE',
  );
  await night(many(2000).replace(/^(1|22|333),/gm, '$1,,'), 'REJECTED_LIMIT');
});

test('a table that is small is judged by default when nothing is left', async () => {
  const of: Subject = {
    table: { files: 't.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } },
    base: { 't.csv': 'id,name\n1,a\n' },
  };
  await check(lab, of, { 't.csv': 'id,name\n' }, held('ROWCOUNT_DROP'));
  await check(lab, of, { 't.csv': 'id,name' }, held('ROWCOUNT_DROP'));
  await check(lab, of, { 't.csv': 'id,name\nx,a\n' }, held('ROWCOUNT_DROP'));
});
