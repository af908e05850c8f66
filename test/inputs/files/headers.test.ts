import { afterAll, beforeAll, describe } from 'vitest';
import { testInFull } from '../../support/full.ts';
import { accepted, check, held, noted, refused, type Subject, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changed, columns, header, row3, subject, testFiles, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('header', () => {
  testFiles(() => lab, subject(), [
    ['preamble lines before it', `Report of today\n\n${text(changed)}`, refused('HEADER_MISMATCH')],
    ['a blank line before it', `\n${text(changed)}`, refused('HEADER_MISMATCH')],
    ['two of them', text([header, ...changed]), refused('HEADER_REPEATED')],
    ['again in the middle', text([...changed.slice(0, 9), header, ...changed.slice(9)]), refused('HEADER_REPEATED')],
    ['concatenated dumps', text(changed) + text(), refused('HEADER_REPEATED')],
    ['again in quotes', text([...changed, '"id","name","price"']), refused('HEADER_REPEATED')],
    ['again in another case, with blanks', text([...changed, 'ID, Name ,PRICE']), refused('HEADER_REPEATED')],
    ['again in another order, behind a mark', text([...changed, '\ufeffprice,"id",name']), refused('HEADER_REPEATED')],
    ['none', text(changed).slice(header.length + 1), refused('HEADER_MISMATCH')],
    ['a column renamed', text(changed, 'id,title,price'), refused('HEADER_MISMATCH')],
    [
      'columns reordered',
      text(
        changed.map((line) => line.split(',').reverse().join(',')),
        'price,name,id',
      ),
      accepted(row3),
    ],
    [
      'a column twice',
      text(
        changed.map((line) => `${line},1`),
        `${header},price`,
      ),
      refused('HEADER_DUPLICATE'),
    ],
    [
      'an extra column',
      text(
        changed.map((line) => `${line},1`),
        `${header},size`,
      ),
      held('SCHEMA_ADD'),
    ],
    [
      'a missing column',
      text(
        changed.map((line) => line.slice(0, -5)),
        'id,name',
      ),
      refused('SCHEMA_MISSING'),
    ],
    ['other case', text(changed, 'ID,Name,price'), refused('HEADER_MISMATCH')],
    ['a blank', text(changed, 'id, name,price'), refused('HEADER_MISMATCH')],
    ['a hostile name', text(changed, 'id,"name""; DROP TABLE t; --",price'), refused('HEADER_MISMATCH')],
    ['another delimiter: semicolon', text(changed, header).replaceAll(',', ';'), refused('HEADER_MISMATCH')],
    ['another delimiter: tab', text(changed, header).replaceAll(',', '\t'), refused('HEADER_MISMATCH')],
    ['another delimiter: pipe', text(changed, header).replaceAll(',', '|'), refused('HEADER_MISMATCH')],
    [
      'more than 1600 columns',
      text(
        changed.map((line) => line + ','.repeat(1700)),
        `${header}${Array.from({ length: 1700 }, (_, index) => `,x${index}`).join('')}`,
      ),
      refused('TOO_WIDE'),
    ],
  ]);

  const lenient = subject({ header_names: 'lenient' });
  testFiles(() => lab, lenient, [
    ['lenient: other case', text(changed, 'ID,Name,PRICE'), noted('ID', row3)],
    ['lenient: blanks', text(changed, ' id,name ,"pri ce"'), noted('pri ce', row3)],
    ['lenient: as declared', text(changed), accepted(row3)],
    [
      'lenient: the same name twice',
      text(
        changed.map((line) => `${line},1`),
        'id,name,price,Name',
      ),
      refused('HEADER_DUPLICATE'),
    ],
    ['lenient: renamed', text(changed, 'id,title,price'), refused('HEADER_MISMATCH')],
    [
      'lenient: an extra column',
      text(
        changed.map((line) => `${line},1`),
        `ID,name,price,Size`,
      ),
      held('SCHEMA_ADD'),
    ],
    ['lenient: again in the middle', text([...changed, 'ID,NAME,PRICE'], 'ID,NAME,PRICE'), refused('HEADER_REPEATED')],
  ]);
});

describe('no header is declared', () => {
  const bare = (of: string) => of.slice(header.length + 1);
  const headless = subject({ header: false }, bare(text()));
  testFiles(() => lab, headless, [
    ['and none comes', bare(text(changed)), accepted(row3)],
    ['and one comes', text(changed), refused('HEADER_UNDECLARED')],
    ['in quotes and another case', text(changed, '"ID"," name","Price"'), refused('HEADER_UNDECLARED')],
    ['behind blank lines and a mark', `\ufeff\n\n${text(changed)}`, refused('HEADER_UNDECLARED')],
    ['with a column renamed', text(changed, 'id,title,price'), refused('HEADER_UNDECLARED')],
    ['in the middle', bare(text([...changed, header])), refused('HEADER_UNDECLARED')],
    ['UTF-16 without a mark', Buffer.from(bare(text(changed)), 'utf16le'), refused('ENCODING')],
  ]);
  const filtering = {
    ...headless,
    table: tableOf(columns, { format: { header: false }, drop_row_when: "name = 'name'" }),
  };
  testFiles(() => lab, filtering, [['and a filter leaves it out', text(changed), accepted(row3)]]);
});

testInFull('a row that PostgreSQL cannot hold is refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 370 }, (_, index) => [`c${index}`, 'text']));
  const wide: Subject = {
    table: tableOf({ id: { type: 'bigint', key: true }, ...many }, { guards: { updated: '100%' } }),
    base: { 't.csv': `id,${Object.keys(many).join(',')}\n1${',a'.repeat(370)}\n` },
  };
  const row = (value: string) => `id,${Object.keys(many).join(',')}\n1${`,${value}`.repeat(370)}\n`;
  await check(lab, wide, { 't.csv': row('b'.repeat(22)) }, refused('TOO_WIDE'));
  await check(lab, wide, { 't.csv': row('b'.repeat(8)) }, accepted({ 1: ['1', ...Array(370).fill('b'.repeat(8))] }));
});
