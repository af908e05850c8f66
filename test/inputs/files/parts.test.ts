import { afterAll, beforeAll, describe, test } from 'vitest';
import { accepted, check, noted, refused, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const files = { files: 't*.csv' };
const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},name ${index + 1},note ${index + 1}`);
const csv = (header: string, body: readonly string[]) => [header, ...body, ''].join('\n');
const first = csv('id,name,note', lines.slice(0, 10));
const second = csv('id,name,note', lines.slice(10));
const turned = lines.slice(10).map((line) => line.split(',').reverse().join(','));
const short = lines.slice(10).map((line) => line.split(',').slice(0, 2).join(','));
const without = Object.fromEntries(
  lines.slice(10).map((line, at) => [at + 11, [...line.split(',').slice(0, 2), null]]),
);

describe('several files of a table, each with a header of its own', () => {
  const columns = { id: { type: 'bigint', key: true }, name: 'text', note: 'text' };
  const subject = { table: tableOf(columns, files), base: { 't1.csv': first, 't2.csv': second } };

  test('are bound by it', () =>
    check(lab, subject, { 't1.csv': first, 't2.csv': csv('note,name,id', turned) }, accepted()));

  test('a column that one of them lacks refuses them', () =>
    check(lab, subject, { 't1.csv': first, 't2.csv': csv('id,name', short) }, refused('SCHEMA_MISSING')));

  const optional = { ...columns, note: { type: 'text', may_be_absent: true } };
  const lacking = { ...subject, table: tableOf(optional, { ...files, guards: { updated: '90%' } }) };
  test('one that may be absent is null there', () =>
    check(
      lab,
      lacking,
      { 't1.csv': first, 't2.csv': csv('id,name', short) },
      noted('columns absent, so null: "note"', without),
    ));

  test('a field too many is not taken for it', () =>
    check(
      lab,
      lacking,
      { 't1.csv': first, 't2.csv': csv('id,name', short.with(9, lines[19]!)) },
      noted('columns absent', { ...without, 20: ['20', 'name 20', 'note 20'] }, { FIELD_COUNT: 1 }),
    ));

  test('an unknown name instead of it may be its new one', () =>
    check(
      lab,
      lacking,
      { 't1.csv': first, 't2.csv': csv('id,name,remark', lines.slice(10)) },
      refused('HEADER_MISMATCH'),
    ));
});

describe('names that no column can have', () => {
  const long = 'a very long name that a person wrote into the first line of a sheet to say what is in it';
  const columns = {
    id: { type: 'bigint', key: true },
    name: { type: 'text', from: '' },
    other: { type: 'text', from: { name: '', nth: 2 } },
    note: { type: 'text', from: long },
  };
  const text = (name: string) =>
    csv(
      `,id,,${long}`,
      lines.map((line, at) => `${at === 2 ? name : 'x'},${line.split(',')[0]},y,${line.split(',')[2]}`),
    );
  const subject = { table: tableOf(columns), base: { 't.csv': text('x') } };

  test('are bound with `from`, be they empty or longer than PostgreSQL has', () =>
    check(lab, subject, { 't.csv': text('new') }, accepted({ 3: ['3', 'new', 'y', 'note 3'] })));
});
