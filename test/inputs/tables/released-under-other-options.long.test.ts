import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const columns = { id: { type: 'bigint', key: true }, name: 'text', amount: 'bigint' };

/** Records whose second amount is the right one; of the last night, row 3 has words for the first. */
interface Form {
  readonly first: Record<string, unknown>;
  readonly second: Record<string, unknown>;
  write(records: readonly SentRecord[]): string;
}

interface SentRecord {
  readonly id: number;
  readonly name: string;
  readonly wrong: string;
  readonly right: string;
}

const forms: Readonly<Record<string, Form>> = {
  ndjson: {
    first: { type: 'ndjson', fields: { amount: ['sums', 0] } },
    second: { type: 'ndjson', fields: { amount: ['sums', 1] } },
    write: (records) => records.map((record) => `${objectOf(record)}\n`).join(''),
  },
  json: {
    first: { type: 'json', records: ['data'], fields: { amount: ['sums', 0] } },
    second: { type: 'json', records: ['data'], fields: { amount: ['sums', 1] } },
    write: (records) => `{"data": [\n${records.map(objectOf).join(',\n')}\n]}`,
  },
  'sql of MySQL': {
    first: { type: 'sql', dialect: 'mysql', columns: ['id', 'name', 'amount', 'other'] },
    second: { type: 'sql', dialect: 'mysql', columns: ['id', 'name', 'other', 'amount'] },
    write: (records) => `-- MySQL dump 10.13\nINSERT INTO t VALUES ${insertOf(records)};\n-- Dump completed\n`,
  },
  'fixed-width': {
    first: fixed({ start: 13, length: 6 }),
    second: fixed({ start: 19, length: 6 }),
    write: (records) =>
      records
        .map(({ id, name, wrong, right }) => String(id).padEnd(4) + name.padEnd(8) + wrong.padEnd(6) + right.padEnd(6))
        .map((line) => `${line}\n`)
        .join(''),
  },
};

function fixed(amount: { start: number; length: number }) {
  const fields = { id: { start: 1, length: 4 }, name: { start: 5, length: 8 }, amount };
  return { type: 'fixed-width', record_length: 24, fields };
}

function objectOf({ id, name, wrong, right }: SentRecord): string {
  return JSON.stringify({ sums: [wrong, right], id, name });
}

function insertOf(records: readonly SentRecord[]): string {
  return records.map(({ id, name, wrong, right }) => `(${id},'${name}','${wrong}','${right}')`).join(',');
}

const sent = Array.from({ length: 20 }, (_, at) => ({
  id: at + 1,
  name: `n ${at + 1}`,
  wrong: `${at}`,
  right: `${at}`,
}));
/** Row 3 is rejected for its first amount; row 7 changes nothing that is read. */
const odd = sent
  .with(2, { id: 3, name: 'new', wrong: 'three', right: '33' })
  .with(6, { id: 7, name: 'n 7', wrong: '6', right: '66' });

test.each(Object.entries(forms))('rejected rows of %s are read again from their files', async (_name, form) => {
  const { first, second, write } = form;
  const table = (format: Record<string, unknown>) => tableOf(columns, { format, ignore: ['other', 'sums'] });
  const feed = await lab.feed(table(first), { 't.csv': write(sent) });
  expect((await feed.night({ 't.csv': write(odd) })).rejected).toEqual({ FORMAT: 1 });
  const before = await feed.rows();
  expect(before[2]).toEqual(['3', 'n 3', '2']);

  await feed.change(table(second));
  expect(await feed.release(2)).toMatchObject({ state: 'published', released: { t: { records: 1, released: 1 } } });

  // Row 7 was accepted as it was read then: what a release reads again are the rejected ones alone.
  expect(await feed.rows()).toEqual(before.with(2, ['3', 'new', '33']));
  expect(await feed.isProved()).toBe(true);
  expect(await feed.release(2)).toMatchObject({ run: null, state: 'unchanged' });

  const next = await feed.night({ 't.csv': write(odd) });
  expect([next.state, next.rejected, next.updated]).toEqual(['published', {}, 1]);
  expect(await feed.rows()).toEqual(before.with(2, ['3', 'new', '33']).with(6, ['7', 'n 7', '66']));
  expect(await feed.isProved()).toBe(true);
});
