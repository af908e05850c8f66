import { afterAll, beforeAll, describe } from 'vitest';
import {
  accepted,
  badLines,
  noted,
  refused,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { columns, type FileCase, testFiles } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const rows = Array.from({ length: 20 }, (_, index) => `(${index + 1},'name ${index + 1}',${index + 1}.50)`);
const row3 = { 3: ['3', 'new', '3.50'] };
const with3 = (row: string) => rows.with(2, row);
const changed = with3("(3,'new',3.50)");
const bad = (row: string) => badLines(rows, row, (good) => good.replace('name', 'good'));

const insert = (body: readonly string[], table = 't') =>
  `INSERT INTO \`${table}\` (\`id\`, \`name\`, \`price\`) VALUES\n${body.join(',\n')};\n`;
const END = '-- Dump completed on 2026-11-20  2:00:00\n';
const mysql = (body: readonly string[], before = '', after = '') =>
  `-- MySQL dump 10.13\n\n/*!40101 SET NAMES utf8mb4 */;\n${before}${insert(body)}${after}\n${END}`;
const copied = (body: readonly string[]) =>
  body
    .map((row) => `${row.slice(1, -1).replaceAll("'", '').replaceAll(',', '\t').replaceAll('NULL', '\\N')}\n`)
    .join('');
const postgres = (body: readonly string[], end = '\\.\n') =>
  `--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\nCOPY public.t (id, name, price) FROM stdin;\n${copied(body)}${end}\n\n--\n-- PostgreSQL database dump complete\n--\n\n`;

const subject = (format: Record<string, unknown> = {}, base: string | Buffer = mysql(rows)): Subject => ({
  table: tableOf(columns, { format: { type: 'sql', ...format } }),
  base: { 't.csv': base },
});
const files = (of: Subject, cases: readonly FileCase[]) => testFiles(() => lab, of, cases);
const left = 'statements left out';

describe('a dump of MySQL', () => {
  files(subject(), [
    ['with other values', mysql(changed), noted(left, row3)],
    [
      'with NULL and an empty text',
      mysql([...with3("(3,'',3.50)").slice(0, 4), '(5,NULL,5.50)', ...rows.slice(5)]),
      noted(left, { 3: ['3', '', '3.50'], 5: ['5', null, '5.50'] }),
    ],
    [
      'with a text that reads like statements',
      mysql(with3("(3,'\\';\\nDROP TABLE t; -- /*',3.50)")),
      noted(left, { 3: ['3', "';\nDROP TABLE t; -- /*", '3.50'] }),
    ],
    ['with a NUL in a text', mysql(bad("(3,'a\\0b',3.50)")), { kind: 'rejected', code: 'NUL_BYTE', keyKnown: true }],
    [
      'with bytes that are no UTF-8',
      Buffer.from(mysql(bad("(3,'\xe9',3.50)")), 'latin1'),
      { kind: 'rejected', code: 'INVALID_UTF8', keyKnown: true },
    ],
    ['with a value less', mysql(bad("(3,'x')")), unreadable('FIELD_COUNT')],
    ['with a value too many', mysql(bad("(3,'x',3.50,4)")), unreadable('FIELD_COUNT')],
    [
      'with a number that its type does not take',
      mysql(bad("(3,'x',3.555)")),
      { kind: 'rejected', code: 'SCALE', keyKnown: true },
    ],
    ['with hexadecimal', mysql(with3('(3,0x00FF,3.50)')), noted(left, { 3: ['3', '\\x00ff', '3.50'] })],
    ['with an expression', mysql(with3("(3,concat('a','b'),3.50)")), refused('SQL_STATEMENT')],
    ['and an UPDATE', mysql(changed, '', "UPDATE t SET name = 'x';\n"), refused('SQL_STATEMENT')],
    [
      'and ON DUPLICATE KEY',
      mysql(changed).replace(/;\n\n--/, ' ON DUPLICATE KEY UPDATE id = 1;\n\n--'),
      refused('SQL_STATEMENT'),
    ],
    ['of two tables', mysql(changed, insert(rows, 'u')), refused('SQL_TABLE')],
    ['without names of columns', mysql(changed).replace(/ \(`id.*?\)/, ''), refused('SQL_COLUMNS')],
    [
      'without names, but CREATE TABLE',
      mysql(
        changed,
        'CREATE TABLE `t` (`id` bigint, `name` text, `price` decimal(7,2), PRIMARY KEY (`id`));\n',
      ).replace(/ \(`id`, `name`, .*?\)/, ''),
      noted(left, row3),
    ],
    ['in another encoding', mysql(changed).replace('utf8mb4', 'latin1'), refused('ENCODING')],
    ['cut within a text', mysql(changed).slice(0, -80), refused('SQL_UNREADABLE')],
    ['cut between two statements', mysql(changed).replace(END, ''), refused('SQL_INCOMPLETE')],
    ['and another one', mysql(changed) + mysql(rows), refused('SQL_INCOMPLETE')],
    ['without a comment that says who wrote it', mysql(changed).replace(/^--.*\n/, ''), refused('SQL_DIALECT')],
    ['of no bytes', '', refused('EMPTY_FILE')],
    ['that is CSV', 'id,name,price\n1,a,1\n', refused('SQL_DIALECT')],
    ['that is gzip', Buffer.from('\x1f\x8b\x08\0\0\0\0\0\0\0', 'latin1'), refused('BAD_MAGIC')],
    ['for pg_restore', Buffer.from('PGDMP\x01\x0e\0\x04\x08\x01', 'latin1'), refused('BAD_MAGIC')],
    [
      'with a column less',
      mysql(changed)
        .replace(', `price`)', ')')
        .replaceAll(/,\d+\.50\)/g, ')'),
      refused('SCHEMA_MISSING'),
    ],
  ]);
});

describe('a dump of PostgreSQL', () => {
  files(subject({}, postgres(rows)), [
    ['with other values', postgres(changed), noted(left, row3)],
    ['with NULL', postgres(with3('(3,NULL,3.50)')), noted(left, { 3: ['3', null, '3.50'] })],
    ['with a line of fewer fields', postgres(bad('(3,x)')), unreadable('FIELD_COUNT')],
    ['with a carriage return within a line', postgres(bad('(3,a\rb,3.50)')), unreadable('SYNTAX')],
    ['cut within the rows of COPY', postgres(changed).slice(0, 400), refused('SQL_UNREADABLE')],
    ['without the end of COPY', postgres(changed, ''), refused('SQL_UNREADABLE')],
    [
      'that says other strings',
      postgres(changed).replace('SET client', 'SET standard_conforming_strings = off;\nSET client'),
      refused('SQL_STATEMENT'),
    ],
  ]);
});

describe('what the feed file says of a dump', () => {
  const two = (body: readonly string[]) => mysql(body, insert(rows.slice(3), 'u'));
  files(subject({ table: 't' }, two(rows)), [
    ['which table is read', two(changed), noted('17 row(s) of other tables', row3)],
    ['a table that is not there', mysql(changed).replace('INTO `t`', 'INTO `v`'), refused('SQL_TABLE')],
  ]);
  const bare = (body: readonly string[]) => insert(body).replace(/ \(`id.*?\)/, '');
  const said = { dialect: 'mysql', allow_missing_end: true, columns: ['id', 'name', 'price'] };
  files(subject(said, bare(rows)), [
    ['dialect, columns, and that there is no end', bare(changed), accepted(row3)],
    ['another dialect', postgres(changed), refused('SQL_DIALECT')],
    ['and cut within a statement it is refused', bare(changed).slice(0, -2), refused('SQL_UNREADABLE')],
  ]);
});
