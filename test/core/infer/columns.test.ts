import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaned } from '../../../lib/core/feed/values/clean-text.ts';
import { parseValue, type ValueForm } from '../../../lib/core/feed/values/value.ts';
import { ColumnSketch } from '../../../lib/core/infer/columns/column-sketch.ts';
import { guessColumns } from '../../../lib/core/infer/table.ts';

function guess(...values: readonly (string | null)[]) {
  const sketch = new ColumnSketch();
  for (const value of values) sketch.add(value);
  const { type, options, doubt } = sketch.guess();
  return [type, options, ...(doubt ? [doubt.question] : [])];
}

describe('the type of a column is the narrowest that all its values fit', () => {
  test.each([
    [['1', '-2', '30'], 'integer', {}],
    [['1', '2147483648'], 'bigint', {}],
    [['99999999999999999999'], 'decimal(20,0)', {}],
    [['1.5', '-22.25'], 'decimal(4,2)', {}],
    [['1e5', '2.5'], 'double', {}],
    [['1.234', '0.500'], 'decimal(4,3)', {}],
    [['1.234', '1.23'], 'decimal(4,3)', {}],
    [['1.234.567'], 'decimal(7,0)', { decimal: ',', thousands: '.' }],
    [['1,50', '22,2', '3'], 'decimal(4,2)', { decimal: ',' }],
    [['1.234,50', '2,00'], 'decimal(6,2)', { decimal: ',', thousands: '.' }],
    [['1,234.50', '2.00'], 'decimal(6,2)', { decimal: '.', thousands: ',' }],
    [['true', 'false'], 'boolean', {}],
    [['Y', 'N', 'Y'], 'boolean', { true_words: ['Y'], false_words: ['N'] }],
    [['2026-11-20', '2024-02-29'], 'date', {}],
    [['09:30', '23:59'], 'time', {}],
    [['09:30:00', '24:00:00', '12:00:00.5'], 'time', {}],
    [['19:30', '25:10'], 'text', {}],
    [['19:30', '1:10'], 'text', {}],
    [['20261120', '20240229'], 'date', { date_format: 'YYYYMMDD' }],
    [['31.12.2026', '01.02.2026'], 'date', { date_format: 'DD.MM.YYYY' }],
    [['12/31/2026'], 'date', { date_format: 'MM/DD/YYYY' }],
    [['1/2/2026', '31/12/2026'], 'date', { date_format: 'D/M/YYYY' }],
    [['01.03.2026', '01.04.2026'], 'date', { date_format: 'DD.MM.YYYY' }],
    [['Jan 1 2000', 'Dec 31 2001'], 'date', { date_format: 'MON D YYYY' }],
    [['01-Jan-2015', '31-MAY-2015'], 'date', { date_format: 'DD-MON-YYYY' }],
    [['May 5, 2015', 'September 15, 2015'], 'date', { date_format: 'MONTH D, YYYY' }],
    [['1. März 2026', '24. Dezember 2026'], 'date', { date_format: 'D. MONTH YYYY', months: 'de' }],
    [['5/19/2006 0:00:00', '12/31/2006 23:59:59'], 'timestamp', { date_format: 'M/D/YYYY H:MI:SS[.FF]' }],
    [['2026-11-20 10:00', '2026-11-20 23:59'], 'timestamp', { date_format: 'YYYY-MM-DD HH:MI' }],
    [['11/20/2026 1:05 PM', '11/21/2026 12:05 am'], 'timestamp', { date_format: 'MM/DD/YYYY H:MI AM' }],
    [['20261120T100000', '20261121T235959'], 'timestamp', { date_format: 'YYYYMMDDTHHMISS[.FF]' }],
    [['20261120100000'], 'timestamp', { date_format: 'YYYYMMDDHHMISS[.FF]' }],
    [['2015/01/01 01:00:00'], 'timestamp', { date_format: 'YYYY/MM/DD' }],
    [['2026-11-20 10:00 +02:00'], 'timestamptz', { date_format: 'YYYY-MM-DD HH:MI TZ' }],
    [['1', 'nil'], 'integer', { nulls: ['nil'] }],
    [['2026-11-20 10:00:00', '2026-11-20T10:00:00.5'], 'timestamp', {}],
    [['2026-11-20T10:00:00Z', '2026-11-20 10:00:00+02'], 'timestamptz', {}],
    [['7d444840-9dc0-11d1-b245-5ffdce74fad2'], 'uuid', {}],
    [['{"a": 1}', '[1, 2]'], 'json', {}],
    [['{a,"b c"}', '{a'], 'text', {}],
    [['1', 'NULL', '3'], 'integer', { nulls: ['NULL'] }],
    [[' 1', '2 '], 'integer', { trim: true }],
    [['1', 'two'], 'text', {}],
    [['2026-11-20', '2026-02-30'], 'text', {}],
    [['one', 'NULL'], 'text', {}],
  ])('%j is %s', (values, type, options) => {
    expect(guess(...values)).toEqual([type, options]);
  });

  test.each([
    [['00123', '00456'], 'digits that begin with 0 are a code here'],
    [['01/02/2026', '03/04/2026'], 'day and month cannot be told apart: DD/MM/YYYY or MM/DD/YYYY?'],
    [['31-Dec-15', '01-Jan-70'], 'a year of two digits: of which hundred years?'],
    [['1,234', '5,678'], 'is the mark one of decimals, or of thousands?'],
    [['1.234', '17'], 'is the mark one of decimals, or of thousands?'],
    [['{a,"b c"}', '{}', '{NULL}'], 'text, or an array as PostgreSQL prints it (type: text[])?'],
    [[null, ''], 'no value was seen'],
  ])('%j stays text: %s', (values, question) => {
    expect(guess(...values)).toEqual(['text', {}, question]);
  });

  test('whatever the values are, the night can read each of them so', () => {
    const value = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
      fc.stringMatching(/^-?\d{1,6}[.,]\d{1,4}([.,]\d{1,3})?$/),
      fc.stringMatching(/^[0-3]?\d[./-][01]?\d[./-]20\d\d( [012]?\d:[0-5]\d(:[0-5]\d)?( [AP]M)?)?$/),
      fc.stringMatching(/^(Jan|May|Sept|Dez|June) [0-3]?\d,? (20)?\d\d$/),
      fc.constantFrom('NA', 'NULL', '', ' 5', 'true', 'Y', 'N', '0', '+1', '1.', '.5', '1e400', '-', '{"a":1}'),
      fc.string({ maxLength: 5 }),
    );
    const column = fc.oneof(
      fc.array(value, { maxLength: 8 }),
      value.chain((one) => fc.array(fc.constant(one), { maxLength: 3 })),
    );
    fc.assert(
      fc.property(column, (values) => {
        const sketch = new ColumnSketch();
        for (const each of values) sketch.add(each);
        const { type, options } = sketch.guess();
        for (const each of values.filter((text) => text !== '')) {
          const text = cleaned(options, each);
          if (text !== null)
            expect(parseValue({ ...options, type } as ValueForm, text), `${each} as ${type}`).not.toHaveProperty(
              'code',
            );
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('names and keys', () => {
  test('names that PostgreSQL does not take, or that come twice, are told by `from`', () => {
    const names = ['id', '', 'xmin', 'desc', 'desc', 'x'.repeat(70)];
    const { columns } = guessColumns({ names, rows: [['1', 'a', 'b', 'c', 'd', 'e']], before: [] });
    expect(columns.map(({ name, from }) => [name, from])).toEqual([
      ['id', undefined],
      ['column_2', ''],
      ['xmin_sent', 'xmin'],
      ['desc', { name: 'desc', nth: 1 }],
      ['desc_2', { name: 'desc', nth: 2 }],
      ['x'.repeat(50), 'x'.repeat(70)],
    ]);
  });

  const keyOf = (
    names: readonly string[],
    rows: readonly (readonly string[])[],
    before: readonly (readonly string[])[] = [],
  ) => guessColumns({ names, rows, before }).key?.columns ?? null;

  test('the key is the column whose values never come twice, the most name-like first', () => {
    expect(
      keyOf(
        ['name', 'id'],
        [
          ['a', '1'],
          ['b', '2'],
        ],
      ),
    ).toEqual(['id']);
    expect(
      keyOf(
        ['name', 'age'],
        [
          ['a', '1'],
          ['b', '2'],
        ],
      ),
    ).toEqual(['name']);
    expect(
      keyOf(
        ['sku', 'shop', 'n'],
        [
          ['a', 'x', '1'],
          ['a', 'y', '1'],
          ['b', 'x', '1'],
        ],
      ),
    ).toEqual(['sku', 'shop']);
    expect(
      keyOf(
        ['a', 'b'],
        [
          ['1', '1'],
          ['1', '1'],
        ],
      ),
    ).toBeNull();
    expect(
      keyOf(
        ['id', 'price'],
        [
          ['1', '1.5'],
          ['1', '2.5'],
        ],
      ),
    ).toBeNull();
  });

  test('a number that measures something is no key where columns before it make a grid', () => {
    const years = ['2001', '2002', '2003', '2004'].flatMap((year) => ['coal', 'wind'].map((source) => [year, source]));
    const rows = years.map((both, index) => [...both, String(1000 + 137 * index * index)]);
    expect(keyOf(['year', 'source', 'generation'], rows)).toEqual(['year', 'source']);
    // Named as a key, or with nothing else, it may be one.
    expect(keyOf(['year', 'source', 'nr'], rows)).toEqual(['nr']);
    expect(
      keyOf(
        ['year', 'generation'],
        rows.map(([year, , generation]) => [year!, generation!]),
      ),
    ).toEqual(['generation']);
  });

  test('of columns that together name a row those are the key that make the fewest combinations', () => {
    const rows = Array.from({ length: 36 }, (_, index) => [
      `run ${Math.floor(index / 2)}`,
      `half ${index % 2}`,
      `remark ${(index * 7) % 35}`,
    ]);
    expect(
      keyOf(
        ['remark', 'run', 'half'],
        rows.map(([run, half, remark]) => [remark!, run!, half!]),
      ),
    ).toEqual(['run', 'half']);
  });

  test('four columns may be a key, and decimals where they are a grid without a gap', () => {
    const four = Array.from({ length: 16 }, (_, index) => [0, 1, 2, 3].map((bit) => `v${(index >> bit) & 1}`));
    expect(keyOf(['a', 'b', 'c', 'd'], four)).toEqual(['a', 'b', 'c', 'd']);
    const places = [0.125, 0.375, 0.625].flatMap((lon) => [45.125, 45.375].map((lat) => [lon, lat].map(String)));
    expect(keyOf(['lon', 'lat'], places)).toEqual(['lon', 'lat']);
    expect(keyOf(['lon', 'lat'], places.slice(0, 3))).toBeNull();
  });

  test('a column in which hardly a value comes twice is no part of a key', () => {
    const rows = Array.from({ length: 300 }, (_, index) => [`time ${Math.max(1, index)}`, String(index % 97)]);
    expect(keyOf(['time', 'value'], rows)).toBeNull();
  });

  test('what one column alone cannot tell, another one or the format does', () => {
    const typesOf = (rows: readonly (readonly string[])[], decimalMark?: '.') =>
      guessColumns({ names: ['a', 'b'], rows, before: [], decimalMark }).columns.map(({ type, options }) => [
        type,
        options,
      ]);
    expect(typesOf([['1.234', '2.5']])).toEqual([
      ['decimal(4,3)', {}],
      ['decimal(2,1)', {}],
    ]);
    expect(typesOf([['1.234', '2,5']])[0]).toEqual(['decimal(4,0)', { decimal: ',', thousands: '.' }]);
    expect(typesOf([['1.234', 'x']], '.')[0]).toEqual(['decimal(4,3)', {}]);
    expect(typesOf([['1.234', 'x']])[0]).toEqual(['text', {}]);
  });

  test.each([
    ['created_at', ['1795132800', '1795219200'], 'integer', 'seconds'],
    ['updatedAt', ['1795132800000'], 'bigint', 'milliseconds'],
    ['ts', ['1795132800000000'], 'bigint', 'microseconds'],
    ['serial', ['1795132800'], 'integer', undefined],
    ['created_at', ['1795132800', '5'], 'integer', undefined],
    ['created_at', ['-1795132800'], 'integer', undefined],
  ])('%s of %j may count since 1970, which a person has to say', (name, values, type, unit) => {
    const [column] = guessColumns({ names: [name], rows: values.map((value) => [value]), before: [] }).columns;
    expect(column).toMatchObject({ type, options: {} });
    if (unit === undefined) expect(column).not.toHaveProperty('doubt');
    else expect(column!.doubt?.choices).toMatchObject([{ label: `${unit} since 1970`, type: 'timestamptz' }]);
    expect(column).not.toHaveProperty('epoch');
  });

  test('a number that the vendor gives anew each night is none', () => {
    const rows = [
      ['10', 'a'],
      ['11', 'b'],
      ['12', 'c'],
    ];
    expect(keyOf(['id', 'code'], rows)).toEqual(['id']);
    expect(
      keyOf(['id', 'code'], rows, [
        ['7', 'a'],
        ['8', 'b'],
        ['9', 'c'],
      ]),
    ).toEqual(['code']);
  });
});
