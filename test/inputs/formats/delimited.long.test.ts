import { afterAll, beforeAll, describe } from 'vitest';
import { accepted, noted, refused, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changed, columns, header, lines, row3, subject, testFiles, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const beside = (before: readonly string[], body: readonly string[], after: readonly string[] = []) =>
  [...before, header, ...body, ...after, ''].join('\n');

describe('lines before header and data', () => {
  const hdr = ['HDR|7|Some Shop|"2026', 'rows: 20'];
  testFiles(() => lab, subject({ leader: ['HDR|*', 'rows: {rows}'] }, beside(hdr, lines)), [
    ['as declared', beside(hdr, changed), accepted(row3)],
    ['with another count', beside(hdr, changed.slice(1)), refused('TRAILER_MISMATCH')],
    ['one of them missing', beside(hdr.slice(0, 1), changed), refused('PREAMBLE_MISMATCH')],
    ['none', text(changed), refused('PREAMBLE_MISMATCH')],
  ]);
  const report = ['Report of a shop, "generated', '', 'id;of;something'];
  testFiles(() => lab, subject({ skip: { until: 'id,name*' } }, beside(report, lines)), [
    ['of any number, up to the header', beside([...report, 'and more'], changed), accepted(row3)],
    ['none, because the header comes first', text(changed), accepted(row3)],
    ['with a row among them', beside(['21,more,1.00'], changed), refused('SKIPPED_DATA')],
    ['and no header', ['a', ...changed, ''].join('\n'), refused('PREAMBLE_MISMATCH')],
  ]);
  testFiles(() => lab, subject({}), [
    ["Excel's sep=", beside(['sep=,'], changed), noted('sep=,', row3)],
    ['of another separator', beside(['sep=;'], changed), refused('PREAMBLE_MISMATCH')],
  ]);
});

describe('lines after the data', () => {
  const total = ['', '-- end --', 'TOTAL 1,020.00, "20 rows'];
  testFiles(() => lab, subject({ trailer: ['-- end --', 'TOTAL*"{rows} rows'] }, beside([], lines, total)), [
    ['as declared', beside([], changed, total), accepted(row3)],
    ['with another count', beside([], changed.slice(1), total), refused('TRAILER_MISMATCH')],
    ['one of them missing', beside([], changed, total.slice(1, 2)), refused('TRAILER_MISMATCH')],
  ]);
  testFiles(() => lab, subject({ skip: { tail: 2 } }, beside([], lines, total)), [
    ['of which only the number is known', beside([], changed, total), accepted(row3)],
    ['fewer than that', beside([], changed, total.slice(0, 2)), refused('SKIPPED_DATA')],
    ['cut', beside([], changed, total).slice(0, -3), refused('NO_FINAL_NEWLINE')],
  ]);
  testFiles(() => lab, subject({ skip: { tail: 1 } }, beside([], lines, ['sum'])), [
    ['none, and the last row has a bad value', text(changed.with(19, '20,name 20,x')), refused('SKIPPED_DATA')],
    ['none, and the last row has a stray quote', text(changed.with(19, '20,TV 27" wide,1')), refused('SKIPPED_DATA')],
    ['none, and the last row has a field less', text(changed.with(19, '20,name 20')), refused('SKIPPED_DATA')],
  ]);
  testFiles(() => lab, subject({ trailer: '*,*' }, beside([], lines, ['sum,'])), [
    ['as a pattern says that a row fits', text(changed), refused('SKIPPED_DATA')],
  ]);
});

describe('lines between the records', () => {
  const said = ['# about "row 3', ...changed.slice(0, 3), '# about the others', ...changed.slice(3)];
  testFiles(() => lab, subject({ comment: '#' }), [
    ['are left out', text(said, `#Version: 1.0\n${header}`), noted('3 comment line(s)', row3)],
    ['are none', text(changed), accepted(row3)],
  ]);
  const trailed = (last: string) => text([...changed, ...last.split('|')]);
  testFiles(() => lab, subject({ comment: '#', trailer: '# rows {rows}' }, trailed('# rows 20')), [
    ['do not take the trailer', trailed('# rows 20'), accepted(row3)],
    ['do not come behind it', trailed('# rows 20|# end'), refused('TRAILER_MISMATCH')],
  ]);
});

describe('without a header', () => {
  const bare = (body: readonly string[]) => `${body.join('\n')}\n`;
  testFiles(() => lab, subject({ header: false }, bare(lines)), [
    ["Excel's sep=", bare(['sep=,', ...changed]), noted('sep=,', row3)],
    ['of another separator', bare(['sep=;', ...changed]), refused('PREAMBLE_MISMATCH')],
    ['an HTML page', '<!DOCTYPE html>\n<html><body>503</body></html>\n', refused('BAD_MAGIC')],
    ['XML', '<?xml version="1.0"?>\n<Error>x</Error>\n', refused('BAD_MAGIC')],
    ['JSON', '{"id": 1}\n', refused('BAD_MAGIC')],
    ['a SQL dump', '-- MySQL dump 10.13\n', refused('BAD_MAGIC')],
  ]);
  const own = (body: readonly string[], behind: string) => `${body.join('\x1e')}\x1e${behind}`;
  testFiles(() => lab, subject({ header: false, record_end: '\x1e' }, own(lines, '')), [
    ['a line end behind the last record end', own(changed, '\n'), noted('a line end behind', row3)],
    ['a line end behind each', `${changed.join('\x1e\n')}\x1e\n`, refused('NO_FINAL_NEWLINE')],
  ]);
});

describe('short records', () => {
  const nullable = { ...columns, price: 'decimal(7,2)' };
  const table = tableOf(nullable, { format: { min_fields: 2 } });
  testFiles(() => lab, { table, base: { 't.csv': text() } }, [
    ['get nulls', text(changed.with(2, '3,new')), noted('1 record(s) with fewer fields', { 3: ['3', 'new', null] })],
    ['are rejected below the fewest', text(lines.with(2, '3')), accepted({}, { FIELD_COUNT: 1 })],
  ]);
});

describe('columns under other names, and those that nobody wants', () => {
  const named = {
    ...columns,
    name: { type: 'text', from: { name: 'n', nth: 2 } },
    price: { ...columns.price, from: 'Preis (€)' },
  };
  const table = tableOf(named, { ignore: ['n', ''] });
  const sent = (body: readonly string[]) =>
    ['n,id,n,,Preis (€)', ...body.map((line) => line.replace(/^(.*),(.*),(.*)$/, 'x,$1,$2,,$3')), ''].join('\n');
  testFiles(() => lab, { table, base: { 't.csv': sent(lines) } }, [
    ['are read and left out', sent(changed), accepted(row3)],
    ['refuse a name of the feed that the file does not have', text(changed), refused('HEADER_MISMATCH')],
  ]);
  const any = tableOf(columns, { contract: { added: 'ignore' } });
  testFiles(() => lab, { table: any, base: { 't.csv': text() } }, [
    [
      'are left out, whatever comes',
      text(
        changed.map((line) => `${line},1,2`),
        `${header},new,new`,
      ),
      noted('columns left out: "new", "new"', row3),
    ],
  ]);
});
