import { describe, test } from 'vitest';
import { describeCases } from '../../support/nights/describe-cases.ts';
import { accepted, check, held, refused, type Subject, warned } from '../../support/nights/input-case.ts';
import { keys } from '../cases/keys.ts';

const lab = describeCases(keys);

test('guards as they are by default', async () => {
  const many = (rows: number, name = (id: number) => `name ${id}`) =>
    `id,name\n${Array.from({ length: rows }, (_, index) => `${index + 1},${name(index + 1)}\n`).join('')}`;
  const of: Subject = {
    table: { files: 't.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } },
    base: { 't.csv': many(2000) },
  };
  const night = (bytes: string, guard: string) => check(lab(), of, { 't.csv': bytes }, held(guard));
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
  await check(lab(), of, { 't.csv': 'id,name\n' }, held('ROWCOUNT_DROP'));
  await check(lab(), of, { 't.csv': 'id,name' }, held('ROWCOUNT_DROP'));
  await check(lab(), of, { 't.csv': 'id,name\nx,a\n' }, held('ROWCOUNT_DROP'));
});

test('a key in two files of a table', async () => {
  const rows = (ids: readonly number[]) => `id,name\n${ids.map((id) => `${id},name ${id}\n`).join('')}`;
  const ids = Array.from({ length: 40 }, (_, index) => index + 1);
  const [first, second] = [rows(ids.slice(0, 20)), rows(ids.slice(20))];
  const of = (guards: object): Subject => ({
    table: { files: 't*.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' }, guards },
    base: { 't1.csv': first, 't2.csv': second },
  });
  const other = { 't1.csv': first, 't2.csv': `${second}1,another\n` };
  const same = { 't1.csv': first, 't2.csv': `${second}1,name 1\n2,name 2\n3,name 3\n` };

  await check(lab(), of({}), other, held('FILES_OVERLAP'));
  await check(lab(), of({ overlap: 5 }), other, accepted({}, { DUP_KEY: 2 }));
  await check(lab(), of({}), same, held('FILES_OVERLAP'));
  await check(lab(), of({ overlap: '20%' }), same, accepted({}, { DUP_ROW: 3 }));
  // A row or two at the border is what vendors do.
  await check(lab(), of({}), { ...same, 't2.csv': `${second}1,name 1\n2,name 2\n` }, accepted({}, { DUP_ROW: 2 }));
});

describe('versions of keys', () => {
  const row = (id: number, at: string) => `${id},name ${id},${at}\n`;
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  const rows = `id,name,at\n${ids.map((id) => row(id, '2026-11-01')).join('')}`;
  const of = (guards: object): Subject => ({
    table: {
      files: 't.csv',
      collapse: { newest: 'at' },
      columns: { id: { type: 'bigint', key: true }, name: 'text', at: 'date' },
      guards: { min_rows: 1, ...guards },
    },
    base: { 't.csv': rows },
  });
  const older = (count: number) => ({ 't.csv': rows + row(1, '2026-10-01').repeat(count) });

  test('more of them than allowed, and more than a snapshot names', async () => {
    await check(lab(), of({}), older(2), accepted());
    await check(lab(), of({ collapsed: '5%' }), older(2), held('OLDER_VERSIONS'));
    await check(lab(), of({}), older(1_000_001), refused('TOO_MANY_REJECTS'));
  });

  test('the newest of tonight is older than production', async () => {
    const back = { 't.csv': rows.replace('3,name 3,2026-11-01', '3,before,2026-10-31') };
    const row3 = { 3: ['3', 'before', '2026-10-31'] };
    await check(lab(), of({}), back, warned('ROWS_REVERTED', row3));
    await check(lab(), of({ reverted: 1 }), back, accepted(row3));
    await check(lab(), of({ reverted: { severity: 'hold' } }), back, held('ROWS_REVERTED'));
  });
});
