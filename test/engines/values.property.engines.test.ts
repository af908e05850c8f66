import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainTypes } from '../../lib/core/feed/values/column-type.ts';
import { csv } from '../support/engines/csv.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';
import { rawValue } from '../support/engines/raw-value.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open();
});
afterAll(() => lab.close());

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 24 });
const sign = fc.constantFrom('', '+', '-', '--');
const number = fc
  .tuple(sign, digits, fc.constantFrom('', '.', ','), digits, fc.constantFrom('', '', 'e5', 'E-7', 'e400', 'x', ' '))
  .map((parts) => parts.join(''));
const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const year = fc.constantFrom('2024', '2023', '0000', '0001', '0999', '1000', '9999', '10000', '1900', '24');
const day = fc
  .tuple(year, fc.constantFrom('-', '/'), two(13), fc.constantFrom('-', '.'), two(32))
  .map(([y, s, m, t, d]) => `${y}${s}${m}${s === '/' ? s : t === '.' ? '-' : t}${d}`);
const zone = fc.constantFrom('', 'Z', 'z', ' Z', '+00', '-05', '+0530', '+05:30', '-15:59', '+16', '-23:00');
const time = fc
  .tuple(
    two(25),
    two(61),
    two(61),
    fc.constantFrom('', '.', '.1', '.123456', '.1234560', '.1234567', '.000000000'),
    zone,
  )
  .map(([h, m, s, f, z]) => `${h}:${m}:${s}${f}${z}`);
const instant = fc
  .tuple(day, fc.constantFrom(' ', 'T', ''), time, fc.constantFrom('', '', '\n', ' BC'))
  .map((parts) => parts.join(''));
const json = fc.oneof(
  fc.json(),
  fc.json().map((text) => text.replaceAll('}', ',}')),
  fc.json().map((text) => text.slice(1)),
  fc.constantFrom(
    'NaN',
    '[NaN]',
    '[1,]',
    '{"a":Infinity}',
    '-Infinity',
    '"\\u0000"',
    '"\\\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"a,]"',
    '[01]',
    ' 1 ',
    '1e5',
    '"NaN, ]"',
    'tru',
    'nul',
    '[1 2]',
    '"\\x"',
    '\u00a0 1',
    '{"a":1e400}',
    '\t[ 1 ,\n2]\n',
    '{"b":1.50,"a":-0.0,"aa":1E+2,"é":1e-7}',
    '{"a":1,"a":2}',
    '{"a":"\\ud800","a":1}',
    '{"a":1e999,"b":{"c":1,"\\u0063":2}}',
    '[1e400,1e-401]',
    '[1e-401,1e401]',
    '1e0000000000000000000000000000001',
    '1e99999999999999999999999999999999',
    '"\\u001f\\/\u2028\u007f"',
    '{"__proto__":{"x":1},"constructor":2}',
    '['.repeat(200) + ']'.repeat(200),
    '['.repeat(201),
    `"${'['.repeat(300)}"`,
    '"\\',
    '{"a":1}x',
  ),
);
const uuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.uuid().map((text) => text.replaceAll('-', '')),
  fc.constant('{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'),
);
const bytes = fc
  .tuple(
    fc.constantFrom('', '\\x', '0x', '0X', '\\X', 'x'),
    fc.uint8Array({ maxLength: 5 }),
    fc.constantFrom('hex', 'HEX', 'base64', 'base64url'),
    seldom('', '=', '==', '4', 'g', ' ', '\n', '+/'),
  )
  .map(([mark, of, way, end]) => {
    const text = Buffer.from(of).toString(way.toLowerCase() as BufferEncoding);
    return `${mark}${way === 'HEX' ? text.toUpperCase() : text}${end}`;
  });
const word = fc.constantFrom(
  '',
  'true',
  'TRUE',
  't',
  'F',
  '0',
  '1',
  'yes',
  'on',
  'of',
  'NaN',
  '-inf',
  'Infinity',
  'nan ',
  'NULL',
  '1_0',
  '0x10',
  '1e3',
  'today',
  'infinity',
  '01/02/2023',
  '1.2.2023',
  '5874898-01-01',
  '0044-03-15 BC',
  '24:00:00',
  '−5',
  '٣',
  ' 1',
  '1 ',
  '\n1',
  '1\n',
  '7.6',
  '1000.00',
  '1.239',
  '-0',
  '-0.00',
  '+.5',
  '.',
  '-',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '2147483648',
  '1e400',
  '1e-400',
  '4.9e-324',
  '0.1',
  '1.7976931348623157e308',
  '123456789.123456789',
);
const otherDay = fc
  .tuple(
    fc.constantFrom('', '0', '1'),
    fc.integer({ min: 0, max: 13 }),
    fc.constantFrom('/', '.', '-', ''),
    two(32),
    year,
  )
  .map(([zero, month, separator, date, y]) => `${zero}${month}${separator}${date}${separator}${y}`);
const otherInstant = fc
  .tuple(fc.oneof(day, otherDay), fc.constantFrom(' ', 'T'), fc.oneof(time, oddTime()))
  .map((parts) => parts.join(''));
const otherNumber = fc
  .tuple(
    seldom('', '-', '+', '(', '€ ', '-€', '$'),
    fc.constantFrom('1', '12', '0', '123', ''),
    fc.constantFrom('', '.', ',', ' ', '\u00a0', "'", '\u2019'),
    fc.array(seldom('345', '34', '000', '3456'), { maxLength: 2 }),
    seldom('', ',', '.'),
    fc.constantFrom('', '5', '75', '9995'),
    seldom('', '-', ')', ' %', '%', ' EUR', '\u202f€', '€-', 'e3'),
  )
  .map(([start, first, mark, groups, point, fraction, end]) =>
    [start, [first, ...groups].join(mark), point, fraction, end].join(''),
  );
const monthWord = fc.constantFrom('01', '1', '12', 'Jan', 'MAR.', 'mär', 'Mai', 'may', 'Oktober', 'December', 'x');
const namedDay = fc
  .tuple(
    fc.integer({ min: 0, max: 32 }).map(String),
    fc.constantFrom('-', ' ', '. ', '/'),
    monthWord,
    fc.constantFrom('2024', '1999', '69', '70', '00', '999'),
  )
  .map(([date, separator, month, y]) => `${date}${separator}${month}${separator === '. ' ? ' ' : separator}${y}`);
const weekday = fc.constantFrom(
  'Mon',
  'MON.',
  'Tue',
  'wed',
  'Thu',
  'Thurs',
  'Fri',
  'Sat',
  'Sonntag',
  'Dienstag',
  'Mi',
  '',
);
const weekdayOf = fc.tuple(weekday, fc.constantFrom(', ', ' '), namedDay).map((parts) => parts.join(''));
const shortTime = fc
  .tuple(
    fc.constantFrom('0', '1', '09', '12', '13', '23', '24'),
    fc.constantFrom(':00', ':59', ':60', '', ':5'),
    seldom('', ':07', ':60', ':7'),
    seldom('', '.5', '.1234560', '.1234567'),
    fc.constantFrom('', ' AM', ' pm', 'Z', '+01:00', ' UTC'),
  )
  .map((parts) => parts.join(''));
const otherTime = fc.oneof(
  fc.tuple(two(25), two(61), two(61)).map((parts) => parts.join('')),
  fc.tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom('.', '. '), two(60)).map((parts) => parts.join('')),
);
const namedInstant = fc.tuple(fc.oneof(namedDay, otherDay, day), shortTime).map((parts) => parts.join(' '));
const count = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.oneof(
      fc.constantFrom('0', '86400', '1767225600', '30610224000', '30610224001', '253402300799', '253402300800'),
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
      fc.integer({ min: 0, max: 4_000_000 }).map((days) => `${days * 86_400}`),
    ),
    seldom('', '.5', '.000', '.1234560', '.1234567', '000', '000000'),
  )
  .map((parts) => parts.join(''));
const localInstant = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29',
      '2026-10-25',
      '2026-03-08',
      '2026-11-01',
      '2011-12-30',
      '29/03/2026',
      '30/12/2011',
      '2070-01-01',
      '1969-12-31',
      '9999-12-31',
    ),
    fc.constantFrom(' ', 'T'),
    seldom(
      '02:30:00',
      '00:00:00',
      '01:59:59.9',
      '02:00:00',
      '03:00:00',
      '01:00:00',
      '23:59:59',
      '24:00:00',
      '2:00',
      '02:30:00Z',
      '02:30:00+01',
      'x',
    ),
  )
  .map((parts) => parts.join(''));
/** Near to what an interval may be. */
const oddInterval = fc.constantFrom(
  ...[
    'P',
    'PT',
    'P1',
    'P1YT',
    'PT1.5H',
    'P1.5D',
    '-P1D',
    'P1D1Y',
    'p1d',
    'P1D ',
    '1 month',
    '1 day 2 years',
    '1 days  2 years',
    '1 day',
    ' 1 day',
  ],
  ...[
    '1 mons -1 days',
    '1:00:00',
    '01:00',
    '01:60:00',
    'P9999999999Y',
    'P178956970Y8M',
    'PT1.1234567S',
    'PT1.1234560S',
    '@ 1 day',
    '1 year ago',
  ],
  ...[
    'PT2562047788H',
    'PT0000000000001H',
    '00:00:00.0000001',
    'infinity',
    '1-2',
    '1 hour',
    '0',
    'P0D',
    '-00:00:00',
    '0 years',
    '+1 years 0 mons',
  ],
);
const arrays = [
  'text[]',
  'varchar(3)[]',
  'decimal(5,2)[]',
  'integer[]',
  'bigint[]',
  'boolean[]',
  'date[]',
  'uuid[]',
] as const;

/** Near to what an array may be: texts of other types within, and ends that are missing or there twice. */
const oddArray = fc
  .tuple(
    fc.constantFrom('{', '[', ' {', '[[', '{{', ''),
    fc.array(
      fc
        .tuple(
          seldom('', '"', ' '),
          fc.oneof(word, number, day, rawValue('text'), uuid),
          seldom('', '"', ' ', '\\', '\\"'),
        )
        .map((parts) => parts.join('')),
      { maxLength: 3 },
    ),
    fc.constantFrom(',', ',', ' , ', ',,', '|'),
    fc.constantFrom('}', '}', ']', ']', ',}', ',]', '} ', '}}', ''),
  )
  .map(([start, items, between, end]) => start + items.join(between) + end);
const any = fc.oneof(
  { weight: 4, arbitrary: oddArray },
  { weight: 2, arbitrary: shortTime },
  { weight: 2, arbitrary: otherTime },
  { weight: 2, arbitrary: localInstant },
  { weight: 2, arbitrary: namedDay },
  { weight: 4, arbitrary: weekdayOf },
  { weight: 3, arbitrary: namedInstant },
  { weight: 2, arbitrary: count },
  { weight: 4, arbitrary: otherNumber },
  otherDay,
  otherInstant,
  number,
  day,
  time,
  instant,
  json,
  uuid,
  { weight: 3, arbitrary: bytes },
  { weight: 4, arbitrary: fc.oneof(...arrays.map(rawValue)) },
  rawValue('real'),
  rawValue('smallint'),
  { weight: 2, arbitrary: rawValue('time') },
  { weight: 3, arbitrary: rawValue('interval') },
  { weight: 2, arbitrary: oddInterval },
  word,
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[\u0000\ufffd]/.test(text)),
);

const types = [
  ...plainTypes,
  ...arrays,
  'varchar(3)',
  'decimal(5,2)',
  'decimal(38,10)',
  'decimal(3,3)',
  'decimal(9,0)',
];

/** Types whose fields are written in another way, as columns of a feed file. */
const forms = [
  { type: 'decimal(5,2)', scale: 'round' },
  { type: 'decimal(38,10)', scale: 'round' },
  { type: 'decimal(3,3)', scale: 'round' },
  { type: 'decimal(9,0)', scale: 'round' },
  { type: 'boolean', true_words: ['yes', 'on', '1'], false_words: ['of', 'F', "n'"] },
  { type: 'enum(shop.state)', values: ['true', 'NULL', '1', '', "n'", '07'] },
  { type: 'bytea', bytes: 'hex' },
  { type: 'text[]', separator: '-' },
  { type: 'integer[]', separator: ', ' },
  { type: 'bytea', bytes: 'base64' },
  { type: 'decimal(9,2)', decimal: ',', thousands: '.' },
  { type: 'double', decimal: ',', thousands: "'" },
  { type: 'integer', thousands: ' ' },
  { type: 'decimal(12,3)', thousands: ',', grouping: 'indian', negative: 'behind' },
  { type: 'decimal(7,4)', decimal: ',', percent: 'fraction', scale: 'round' },
  { type: 'double', percent: 'fraction' },
  { type: 'decimal(9,2)', decimal: ',', thousands: ' ', currency: ['€', 'EUR', ''], negative: 'parentheses' },
  { type: 'date', date_format: 'DD/MM/YYYY' },
  { type: 'date', date_format: 'YYYYMMDD' },
  { type: 'date', date_format: 'M.D.YYYY' },
  { type: 'date', date_format: 'D-MON-YY', pivot: 1970, months: 'de' },
  { type: 'date', date_format: 'D. MONTH YYYY' },
  { type: 'date', date_format: '[DY, ]D MON YYYY' },
  { type: 'date', date_format: 'DY D-M-YYYY', weekdays: 'de' },
  { type: 'timestamp', date_format: 'DAY, D. MONTH YYYY', months: 'de' },
  { type: 'timestamp', date_format: 'M/D/YYYY H:MI[:SS[.FF]] AM' },
  { type: 'timestamp', date_format: 'D MON YY HH:MI[:SS]', pivot: 1999, odd_times: 'roll' },
  { type: 'timestamptz', date_format: 'YYYY-MM-DD HH:MI[:SS[.FF]][ ]TZ' },
  { type: 'timestamptz', timezone: 'America/New_York' },
  { type: 'timestamptz', timezone: { zone: 'Europe/Berlin', double: 'later' } },
  {
    type: 'timestamptz',
    date_format: 'DD/MM/YYYY',
    timezone: { zone: 'Pacific/Apia', gap: 'later', double: 'earlier' },
  },
  { type: 'time', date_format: 'H:MI[:SS[.FF]] AM' },
  { type: 'time', date_format: 'HHMISS' },
  { type: 'time', date_format: 'H.MI' },
  { type: 'timestamp', epoch: 's' },
  { type: 'timestamptz', epoch: 'ms' },
  { type: 'date', epoch: 's' },
  { type: 'timestamp', epoch: 'us' },
  { type: 'timestamp', date_format: 'MM/DD/YYYY', odd_times: 'roll' },
  { type: 'timestamp', odd_times: 'roll' },
  { type: 'timestamptz', odd_times: 'roll' },
  { type: 'timestamptz', date_format: 'D-M-YYYY' },
];

describeEngines(['duckdb', 'spark'], (engine, runs, some) => {
  test.each(some([...types, ...forms]).map((column) => [column]))(
    '%j: accepts, rejects and normalises every text as the oracle does',
    async (type) => {
      const table = { columns: { id: { type: 'bigint', key: true }, value: type } };
      await fc.assert(
        fc.asyncProperty(
          fc.array(any, { minLength: engine === 'spark' ? 300 : 100, maxLength: 400 }),
          async (values) => {
            lab.reset();
            const rows = values.filter((value) => value.isWellFormed()).map((value, index) => [String(index), value]);
            const { found, expected } = await lab.night(table, `id,value\n${csv(rows)}`, engine);
            expect(found).toEqual(expected);
          },
        ),
        { numRuns: runs(3) },
      );
    },
  );

  test.each(
    some([
      'integer',
      'smallint',
      'time',
      'varchar(2)',
      'real',
      'decimal(5,2)',
      'double',
      'date',
      'timestamptz',
      'uuid',
      'bytea',
      'boolean',
      'text',
    ]),
  )('%s as a key: equal values are one key', async (type) => {
    const table = { columns: { k: { type, key: true }, v: 'text' } };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(any, fc.constantFrom('a', 'b')), {
          minLength: engine === 'spark' ? 150 : 1,
          maxLength: 200,
        }),
        async (rows) => {
          lab.reset();
          const sound = rows.filter(([key]) => key.isWellFormed());
          const { found, expected } = await lab.night(table, `k,v\n${csv(sound)}`, engine);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: runs(5) },
    );
  });
});

function seldom<T>(usual: T, ...others: readonly T[]) {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });
}

function oddTime() {
  return fc
    .tuple(
      fc.constantFrom('24:00:00', '23:59:60', '00:00:60', '12:30:60', '24:00:01', '24:00:60'),
      fc.constantFrom('', '.0', '.5', '.000001'),
      zone,
    )
    .map((parts) => parts.join(''));
}
