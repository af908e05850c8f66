/** A field as it came, and what becomes of it: PostgreSQL's text, or the code for which its row is rejected. */
type Cases = Readonly<Record<string, string>>;

type Column = Readonly<Record<string, unknown>>;

/** Cases of one column, `good` being a field that is stored as `stored`. */
export interface ValueCases {
  readonly about: string;
  readonly column: Column;
  readonly good: string;
  readonly stored: string;
  readonly cases: Cases;
}

export const isCode = (outcome: string) => /^[A-Z_]{4,}$/.test(outcome) && outcome !== 'NULL';

export const values: Readonly<Record<string, readonly ValueCases[]>> = {
  numbers: [
    value('numeric(5,2)', { type: 'decimal(5,2)' }, '1', '1.00', {
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
    }),

    value('numeric(5,2) that rounds', { type: 'decimal(5,2)', scale: 'round' }, '1', '1.00', {
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
    }),

    value('integer', { type: 'integer' }, '1', '1', {
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
    }),

    value('bigint', { type: 'bigint' }, '1', '1', {
      '9223372036854775807': '9223372036854775807',
      '9223372036854775808': 'OVERFLOW',
      '-9223372036854775809': 'OVERFLOW',
      '1.5': 'FORMAT',
    }),

    value('double', { type: 'double' }, '1', '1', {
      '1e400': 'OVERFLOW',
      '-1e400': 'OVERFLOW',
      '1e-400': '0',
      '1e308': '1e+308',
      NaN: 'NOT_A_NUMBER',
      Infinity: 'NOT_A_NUMBER',
      '-Infinity': 'NOT_A_NUMBER',
      '1,5': 'FORMAT',
      '0x1p3': 'FORMAT',
    }),

    value(
      'decimal comma, points between groups',
      { type: 'decimal(12,2)', decimal: ',', thousands: '.' },
      '1,00',
      '1.00',
      {
        '1.234,56': '1234.56',
        '-1.234.567,8': '-1234567.80',
        '+1234,56': '1234.56',
        '99.90': 'FORMAT',
        '12.34,5': 'FORMAT',
        '0.123': 'FORMAT',
        '1234.567': 'FORMAT',
        '1.234.56': 'FORMAT',
        '1,234,56': 'FORMAT',
        '.234': 'FORMAT',
        '1.234': '1234.00',
        ',5': '0.50',
        '5,': '5.00',
        '1,239': 'SCALE',
        '1,2300': '1.23',
        '99.999.999.999,99': 'OVERFLOW',
        NaN: 'NOT_A_NUMBER',
        '!FORMAT': 'FORMAT',
        '!NUL_BYTE': 'FORMAT',
        '': 'FORMAT',
        '1.234,56 ': 'FORMAT',
        '12,50-': 'FORMAT',
      },
    ),
    value('decimal comma without groups', { type: 'double', decimal: ',' }, '1', '1', {
      '99,5': '99.5',
      '99.5': 'FORMAT',
      '-1,5e-3': '-0.0015',
      '1.234,5': 'FORMAT',
    }),
    value('blanks between groups', { type: 'integer', thousands: ' ' }, '1', '1', {
      '12 345': '12345',
      '12\u00a0345': '12345',
      '12\u202f345': '12345',
      '12  345': 'FORMAT',
      '1 2': 'FORMAT',
      '2 147 483 648': 'OVERFLOW',
    }),
    value('apostrophes between groups', { type: 'decimal(9,2)', thousands: "'" }, '1', '1.00', {
      "1'234.50": '1234.50',
      '1\u2019234.50': '1234.50',
      "12'34.50": 'FORMAT',
    }),
    value('Indian groups', { type: 'bigint', thousands: ',', grouping: 'indian' }, '1', '1', {
      '1,23,456': '123456',
      '1,234': '1234',
      '12,34,56,789': '123456789',
      '123,456': 'FORMAT',
      '1,2,345': 'FORMAT',
      '123456': '123456',
    }),
    value('percent', { type: 'decimal(5,2)', decimal: ',', percent: 'number' }, '1 %', '1.00', {
      '12,5 %': '12.50',
      '-3%': '-3.00',
      '7\u00a0%': '7.00',
      '7': 'FORMAT',
      '7 %%': 'FORMAT',
      '% 7': 'FORMAT',
      '1,234 %': 'SCALE',
    }),
    value('percent as a fraction', { type: 'decimal(6,4)', percent: 'fraction' }, '1%', '0.0100', {
      '12.5 %': '0.1250',
      '-100%': '-1.0000',
      '0.01%': '0.0001',
      '0.001%': 'SCALE',
      '1250%': '12.5000',
      '10000%': 'OVERFLOW',
      '12.5': 'FORMAT',
    }),
    value(
      'a currency',
      { type: 'decimal(9,2)', decimal: ',', thousands: '.', currency: ['€', 'EUR'], negative: 'parentheses' },
      '€ 1',
      '1.00',
      {
        '€ 1.234,50': '1234.50',
        '€1.234,50': '1234.50',
        '12,50 EUR': '12.50',
        'EUR -12,50': '-12.50',
        '-€ 12,50': '-12.50',
        '(€ 12,50)': '-12.50',
        '€ (12,50)': '-12.50',
        '(12,50) €': '-12.50',
        '$ 12,50': 'FORMAT',
        '12,50': 'FORMAT',
        '€ 12,50 €': 'FORMAT',
        '€ (-12,50)': 'FORMAT',
        '€ 12,50-': 'FORMAT',
        '(€ 12,50': 'FORMAT',
        'EURO 12,50': 'FORMAT',
        '€': 'FORMAT',
      },
    ),
    value('a currency that may be left out', { type: 'decimal(9,2)', currency: ['Fr.', ''] }, '1', '1.00', {
      'Fr. 12.50': '12.50',
      'Fr.5': '5.00',
      'Fr..5': 'FORMAT',
      '12.50 Fr.': '12.50',
      '7': '7.00',
      'Fr 7': 'FORMAT',
    }),
    value('a sign behind', { type: 'decimal(9,2)', negative: 'behind' }, '1', '1.00', {
      '123.50-': '-123.50',
      '123+': '123.00',
      '.5-': '-0.50',
      '-5': '-5.00',
      '-5-': 'FORMAT',
      '0.00-': '0.00',
      '(5)': 'FORMAT',
    }),
  ],
  'days and times': [
    value('date', { type: 'date' }, '2020-01-01', '2020-01-01', {
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
    }),

    writtenDate('DD/MM/YYYY', '01/02/2023', '2023-02-01', '1/2/2023'),
    writtenDate('MM/DD/YYYY', '02/01/2023', '2023-02-01', '2/1/2023'),
    writtenDate('YYYYMMDD', '20230201', '2023-02-01', '2023-02-01'),
    writtenDate('DD.MM.YYYY', '01.02.2023', '2023-02-01', '01/02/2023'),

    value(
      'one digit where the format has one',
      { type: 'timestamp', date_format: 'M/D/YYYY' },
      '1/1/2020 00:00:00',
      '2020-01-01 00:00:00',
      {
        '2/1/2023 10:00:00': '2023-02-01 10:00:00',
        '02/01/2023T10:00:00.50': '2023-02-01 10:00:00.5',
        '13/1/2023 10:00:00': 'DATE',
        '2/1/2023': 'TIME',
        '2/1/2023 25:00:00': 'TIME',
        '2/1/23 10:00:00': 'DATE',
      },
    ),

    value('timestamp', { type: 'timestamp' }, '2020-01-01 00:00:00', '2020-01-01 00:00:00', {
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
    }),

    value(
      'timestamp with odd times',
      { type: 'timestamp', odd_times: 'roll' },
      '2020-01-01 00:00:00',
      '2020-01-01 00:00:00',
      {
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
      },
    ),

    value(
      'timestamptz with odd times',
      { type: 'timestamptz', odd_times: 'roll' },
      '2020-01-01 00:00:00Z',
      '2020-01-01 00:00:00+00',
      {
        '2023-12-31 24:00:00+01:00': '2023-12-31 23:00:00+00',
        '2016-12-31 23:59:60Z': '2017-01-01 00:00:00+00',
        '2016-12-31 24:00:00': 'TIME',
      },
    ),
  ],
  'other types': [
    value('boolean', { type: 'boolean' }, 'false', 'false', {
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
    }),

    value(
      'boolean with words of its own',
      { type: 'boolean', true_words: ['yes', 'Ja', '是'], false_words: ['no', "n'"] },
      'no',
      'false',
      {
        yes: 'true',
        是: 'true',
        "n'": 'false',
        YES: 'FORMAT',
        true: 'FORMAT',
        '1': 'FORMAT',
        ye: 'FORMAT',
      },
    ),

    value('json keeps its bytes, and what PostgreSQL cannot hold is rejected', { type: 'json' }, '1', '1', {
      '{"b": 1,\n"a": 1.10}': '{"b": 1,\n"a": 1.10}',
      '"\\u0000"': 'NUL_BYTE',
      '"\\\\u0000"': '"\\\\u0000"',
      '"\\ud800"': 'FORMAT',
      '{"a":NaN}': 'FORMAT',
      '[1,]': 'FORMAT',
      "{'a':1}": 'FORMAT',
      '': 'FORMAT',
    }),

    value('uuid', { type: 'uuid' }, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', {
      'B0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11': 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}': 'FORMAT',
      a0eebc999c0b4ef8bb6d6bb9bd380a11: 'FORMAT',
    }),

    value('text is kept, whatever it says', { type: 'text' }, '-', '-', {
      NULL: 'NULL',
      '\\N': '\\N',
      'N/A': 'N/A',
      "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
      '@SUM(1)': '@SUM(1)',
      '+1': '+1',
      '  a ': '  a ',
      '': '',
    }),
  ],
};

/** The same days in another form; `other` is a form that is not declared. */
function writtenDate(date_format: string, raw: string, day: string, other: string): ValueCases {
  return value(`date written ${date_format}`, { type: 'date', date_format }, raw, day, {
    [raw.replace('2023', '2024')]: day.replace('2023', '2024'),
    [other]: 'DATE',
    [raw.replace('01', '31')]: 'DATE',
    [`${raw}0`]: 'DATE',
    [`${raw} 10:00`]: 'DATE',
    [raw.replace('2023', '0999')]: 'DATE_RANGE',
    today: 'DATE',
  });
}

function value(about: string, column: Column, good: string, stored: string, cases: Cases): ValueCases {
  return { about, column, good, stored, cases };
}
