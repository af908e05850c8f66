import { test } from 'vitest';
import { describeCases } from '../support/describe-cases.ts';
import { check, held, type Subject } from '../support/input-case.ts';
import { keys } from './cases/keys.ts';

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
