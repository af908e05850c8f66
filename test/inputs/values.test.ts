import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableOf } from '../support/input-case.ts';
import { IntakeLab } from '../support/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const guards = { rejected: '100%', updated: '100%', gone: '100%' };

/** A field as it came, and what becomes of it: PostgreSQL's text, or the code for which its row is rejected. */
type Cases = Readonly<Record<string, string>>;
const isCode = (outcome: string) => /^[A-Z_]{4,}$/.test(outcome) && outcome !== 'NULL';

/** One night over a table that holds a good value in every row; each case is the new field of one row. */
async function check(column: Record<string, unknown>, good: string, stored: string, cases: Cases): Promise<void> {
  const fields = Object.entries(cases);
  const file = (values: readonly string[]) =>
    `id,v\n${values.map((value, index) => `${index},"${value.replaceAll('"', '""')}"\n`).join('')}`;
  const table = tableOf({ id: { type: 'integer', key: true }, v: column }, { guards });
  const feed = await lab.feed(table, { 't.csv': file(fields.map(() => good)) });

  const night = await feed.night({ 't.csv': file(fields.map(([raw]) => raw)) });

  expect(night.state, JSON.stringify(night)).toMatch(/^(published|unchanged)$/);
  const found = Object.fromEntries(night.rejects.map(({ key, code }) => [key, code]));
  const rows = await feed.rows();
  const outcomes = fields.map(([raw], index) => [raw, found[index] ?? rows[index]![1]]);
  expect(Object.fromEntries(outcomes)).toEqual(cases);
  for (const [index, [, outcome]] of fields.entries())
    expect(rows[index], 'a rejected row keeps its last good version').toEqual([
      `${index}`,
      isCode(outcome) ? stored : outcome,
    ]);
  expect(await feed.isProved()).toBe(true);
}

describe('numbers', () => {
  test('numeric(5,2)', () =>
    check({ type: 'decimal(5,2)' }, '1', '1.00', {
      '1000.00': 'OVERFLOW',
      '-1000': 'OVERFLOW',
      '999.99': '999.99',
      '1.239': 'SCALE',
      '1.2300': '1.23',
      NaN: 'NOT_A_NUMBER',
      Infinity: 'NOT_A_NUMBER',
      '-inf': 'NOT_A_NUMBER',
      '1,5': 'FORMAT',
      '$1.00': 'FORMAT',
      '(5)': 'FORMAT',
      '1e2': 'FORMAT',
      '0x10': 'FORMAT',
      '1_0': 'FORMAT',
      ' 1': 'FORMAT',
      '1 ': 'FORMAT',
      '1 000': 'FORMAT',
      '١': 'FORMAT',
      '−1': 'FORMAT',
      '': 'FORMAT',
      '+1.5': '1.50',
      '-0.00': '0.00',
      '.5': '0.50',
      '5.': '5.00',
    }));

  test('numeric(5,2) that rounds', () =>
    check({ type: 'decimal(5,2)', scale: 'round' }, '1', '1.00', {
      '1.239': '1.24',
      '1.234999999999999999999999999999999999999999': '1.23',
      '1.235': '1.24',
      '-1.235': '-1.24',
      '1.2349': '1.23',
      '999.995': 'OVERFLOW',
      '999.9949': '999.99',
      '-0.001': '0.00',
      '1000': 'OVERFLOW',
      NaN: 'NOT_A_NUMBER',
      '1,5': 'FORMAT',
    }));

  test('integer', () =>
    check({ type: 'integer' }, '1', '1', {
      '7.6': 'FORMAT',
      '7.0': 'FORMAT',
      '1e3': 'FORMAT',
      '2147483647': '2147483647',
      '2147483648': 'OVERFLOW',
      '-2147483648': '-2147483648',
      '-2147483649': 'OVERFLOW',
      '007': '7',
      '-0': '0',
      NaN: 'NOT_A_NUMBER',
      '1\n': 'FORMAT',
    }));

  test('bigint', () =>
    check({ type: 'bigint' }, '1', '1', {
      '9223372036854775807': '9223372036854775807',
      '9223372036854775808': 'OVERFLOW',
      '-9223372036854775809': 'OVERFLOW',
      '1.5': 'FORMAT',
    }));

  test('double', () =>
    check({ type: 'double' }, '1', '1', {
      '1e400': 'OVERFLOW',
      '-1e400': 'OVERFLOW',
      '1e-400': '0',
      '1e308': '1e+308',
      NaN: 'NOT_A_NUMBER',
      Infinity: 'NOT_A_NUMBER',
      '-Infinity': 'NOT_A_NUMBER',
      '1,5': 'FORMAT',
      '0x1p3': 'FORMAT',
    }));
});

describe('days and times', () => {
  test('date', () =>
    check({ type: 'date' }, '2020-01-01', '2020-01-01', {
      '2024-02-29': '2024-02-29',
      '2023-02-29': 'DATE',
      '2023-02-30': 'DATE',
      '0000-00-00': 'DATE',
      '2023-13-01': 'DATE',
      '01/02/2023': 'DATE_AMBIGUOUS',
      '1.2.2023': 'DATE_AMBIGUOUS',
      '2023-01-01 10:00': 'DATE',
      '2023-1-1': 'DATE',
      '20230101': 'DATE',
      '5874898-01-01': 'DATE_RANGE',
      '10000-01-01': 'DATE_RANGE',
      '0044-03-15 BC': 'DATE_RANGE',
      '0001-01-01': 'DATE_RANGE',
      '1000-01-01': '1000-01-01',
      '9999-12-31': '9999-12-31',
      today: 'DATE',
      infinity: 'DATE',
      epoch: 'DATE',
    }));

  test.each([
    ['DD/MM/YYYY', '01/02/2023', '2023-02-01', '1/2/2023'],
    ['MM/DD/YYYY', '02/01/2023', '2023-02-01', '2/1/2023'],
    ['YYYYMMDD', '20230201', '2023-02-01', '2023-02-01'],
    ['DD.MM.YYYY', '01.02.2023', '2023-02-01', '01/02/2023'],
  ])('date written %s', (date_format, raw, day, other) =>
    check({ type: 'date', date_format }, raw, day, {
      [raw.replace('2023', '2024')]: day.replace('2023', '2024'),
      [other]: 'DATE',
      [raw.replace('01', '31')]: 'DATE',
      [`${raw}0`]: 'DATE',
      [`${raw} 10:00`]: 'DATE',
      [raw.replace('2023', '0999')]: 'DATE_RANGE',
      today: 'DATE',
    }),
  );

  test('one digit where the format has one', () =>
    check({ type: 'timestamp', date_format: 'M/D/YYYY' }, '1/1/2020 00:00:00', '2020-01-01 00:00:00', {
      '2/1/2023 10:00:00': '2023-02-01 10:00:00',
      '02/01/2023T10:00:00.50': '2023-02-01 10:00:00.5',
      '13/1/2023 10:00:00': 'DATE',
      '2/1/2023': 'TIME',
      '2/1/2023 25:00:00': 'TIME',
      '2/1/23 10:00:00': 'DATE',
    }));

  test('timestamp', () =>
    check({ type: 'timestamp' }, '2020-01-01 00:00:00', '2020-01-01 00:00:00', {
      '2023-01-01 24:00:00': 'TIME',
      '2016-12-31 23:59:60': 'TIME',
      '2023-01-01': 'TIME',
      '2023-01-01 10:00': 'TIME',
      '2023-01-01 10:00:00+01': 'TIME',
      '2023-01-01 10:00:00.1234567': 'SCALE',
      '2023-02-30 10:00:00': 'DATE',
      '01/02/2023 10:00:00': 'DATE_AMBIGUOUS',
      now: 'DATE',
      '2023-01-01T10:00:00': '2023-01-01 10:00:00',
    }));

  test('timestamp with odd times', () =>
    check({ type: 'timestamp', odd_times: 'roll' }, '2020-01-01 00:00:00', '2020-01-01 00:00:00', {
      '2023-12-31 24:00:00': '2024-01-01 00:00:00',
      '2023-12-31T24:00:00.000': '2024-01-01 00:00:00',
      '2023-12-31 24:00:01': 'TIME',
      '2023-12-31 24:00:00.5': 'TIME',
      '2023-12-31 25:00:00': 'TIME',
      '2016-12-31 23:59:60': '2017-01-01 00:00:00',
      '2016-12-31 23:59:60.25': '2017-01-01 00:00:00.25',
      '2016-12-31 12:30:60': '2016-12-31 12:31:00',
      '2016-12-31 12:30:61': 'TIME',
      '9999-12-31 24:00:00': 'DATE_RANGE',
      '2023-02-30 24:00:00': 'DATE',
      '2023-01-01 10:00:00': '2023-01-01 10:00:00',
    }));

  test('timestamptz with odd times', () =>
    check({ type: 'timestamptz', odd_times: 'roll' }, '2020-01-01 00:00:00Z', '2020-01-01 00:00:00+00', {
      '2023-12-31 24:00:00+01:00': '2023-12-31 23:00:00+00',
      '2016-12-31 23:59:60Z': '2017-01-01 00:00:00+00',
      '2016-12-31 24:00:00': 'TIME',
    }));
});

describe('other types', () => {
  test('boolean', () =>
    check({ type: 'boolean' }, 'false', 'false', {
      true: 'true',
      T: 'true',
      '1': 'true',
      yes: 'FORMAT',
      on: 'FORMAT',
      of: 'FORMAT',
      off: 'FORMAT',
      y: 'FORMAT',
      '2': 'FORMAT',
      '': 'FORMAT',
    }));

  test('boolean with words of its own', () =>
    check({ type: 'boolean', true_words: ['yes', 'Ja', '是'], false_words: ['no', "n'"] }, 'no', 'false', {
      yes: 'true',
      是: 'true',
      "n'": 'false',
      YES: 'FORMAT',
      true: 'FORMAT',
      '1': 'FORMAT',
      ye: 'FORMAT',
    }));

  test('json keeps its bytes, and what PostgreSQL cannot hold is rejected', () =>
    check({ type: 'json' }, '1', '1', {
      '{"b": 1,\n"a": 1.10}': '{"b": 1,\n"a": 1.10}',
      '"\\u0000"': 'NUL_BYTE',
      '"\\\\u0000"': '"\\\\u0000"',
      '"\\ud800"': 'FORMAT',
      '{"a":NaN}': 'FORMAT',
      '[1,]': 'FORMAT',
      "{'a':1}": 'FORMAT',
      '': 'FORMAT',
    }));

  test('uuid', () =>
    check({ type: 'uuid' }, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', {
      'B0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11': 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}': 'FORMAT',
      a0eebc999c0b4ef8bb6d6bb9bd380a11: 'FORMAT',
    }));

  test('text is kept, whatever it says', () =>
    check({ type: 'text' }, '-', '-', {
      NULL: 'NULL',
      '\\N': '\\N',
      'N/A': 'N/A',
      "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
      '@SUM(1)': '@SUM(1)',
      '+1': '+1',
      '  a ': '  a ',
      '': '',
    }));
});
