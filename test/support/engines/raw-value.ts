import fc from 'fast-check';
import {
  type ArrayType,
  type ColumnType,
  decimalOf,
  elementOf,
  lengthOf,
  typeName,
} from '../../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../../lib/core/feed/values/value.ts';

/** Good fields of a type in the many ways in which a vendor may write them; corners come often. */
export function rawValue(type: ColumnType): fc.Arbitrary<string> {
  if (typeName(type) === 'array') return rawArray(elementOf(type as ArrayType));
  const length = lengthOf(type);
  if (length !== undefined) return text.filter((value) => [...value].length <= length);
  const decimal = decimalOf(type);
  if (decimal) {
    const scaled = fc.bigInt({
      min: -(10n ** BigInt(decimal.precision)) + 1n,
      max: 10n ** BigInt(decimal.precision) - 1n,
    });
    return fc.oneof(
      fc.constantFrom('0', '-0'),
      scaled.map((units) => pointed(units, decimal.scale)),
    );
  }
  return arbitraries[typeName(type) as keyof typeof arbitraries];
}

/** No NUL: PostgreSQL has none, and the scan rejects it. */
const text = fc.string({ unit: fc.constantFrom(...'a0 ,;"\'\\\t\n\r-:.€ß📏'), maxLength: 12 });

const day = fc
  .date({ min: new Date('1000-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const clock = fc.constantFrom('00:00:00', '23:59:59', '12:34:56.7', '12:34:56.000001', '01:02:03.999999');
const zone = fc.constantFrom('Z', '+00', '-05:30', '+1400', '+15');

/** Texts at, or a digit beside, the middle of two reals: rounded twice they would be wrong. */
const halfway = fc
  .tuple(
    fc.integer({ min: 1, max: 2 ** 24 - 1 }),
    fc.integer({ min: 0, max: 50 }),
    fc.constantFrom('', '0', '0000001', '00000000000000000001'),
  )
  .map(([units, shift, more]) => `${(BigInt(2 * units + 1) << BigInt(shift)).toString()}.${more}`);

/** Durations of ISO 8601 and what PostgreSQL prints. */
const signed = (max: number) => fc.integer({ min: -max, max });
const given = (value: fc.Arbitrary<number>, behind: string) =>
  fc.option(
    value.map((n) => `${n}${behind}`),
    { nil: '' },
  );
const isoInterval = fc
  .tuple(
    given(signed(9999), 'Y'),
    given(signed(50), 'M'),
    given(signed(9), 'W'),
    given(signed(400), 'D'),
    given(signed(100_000), 'H'),
    given(signed(999), 'M'),
    fc.option(
      fc.tuple(signed(99), fc.constantFrom('', '.5', '.000001', '.1234560')).map(([n, f]) => `${n}${f}S`),
      { nil: '' },
    ),
  )
  .map(([y, mo, w, d, h, mi, s]) => `P${y}${mo}${w}${d}${h + mi + s === '' ? '' : `T${h}${mi}${s}`}`)
  .filter((text) => text !== 'P');
const interval = fc.oneof(
  isoInterval,
  isoInterval.map((text) => parseValue({ type: 'interval' }, text).text!),
  fc.constantFrom(
    '00:00:00',
    '1 year',
    '-1 years -1 mons +2 days -00:00:01.5',
    '+1 mon -1 days +00:00:01',
    'P1M',
    'P30D',
    'PT-0.5S',
    '100:00:00',
  ),
  fc.constantFrom('PT999999999H999999999M999999999S', '-178956970 years -8 mons', 'P178956970Y7M', 'P306783378W1D'),
);
const json = fc.json().filter((each) => !/\\u0000|\\ud[89a-f]/i.test(each));
const jsonNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.constantFrom('0', '1', '10', '120', '123456789012345678901234567890'),
    fc.constantFrom('', '.0', '.5', '.50', '.000', '.00012300'),
    fc.constantFrom('', 'e0', 'E+2', 'e-2', 'e1', 'e-20', 'e30', 'e-007'),
  )
  .map((parts) => parts.join(''));

/** With blanks and escapes that PostgreSQL does not keep. */
function objectOf(members: Readonly<Record<string, string>>): string {
  const written = Object.entries(members).map(
    ([name, number]) => `${JSON.stringify(name).replace('a', '\\u0061').replace('/', '\\/')} :\t[${number},{}]`,
  );
  return `{${written.join(' ,')}}`;
}

/** As PostgreSQL prints arrays, or in more quotes than it needs, or as JSON. */
function rawArray(element: ColumnType): fc.Arbitrary<string> {
  const item = fc.option(fc.oneof(rawValue(element), element === 'text' ? oddItem : rawValue(element)));
  const items = fc.array(item, { maxLength: 5 });
  return fc.oneof(
    items.map((each) => `{${each.map((text) => (text === null ? 'null' : quoted(text))).join(',')}}`),
    items.map((each) => `{ ${each.map((text) => (text === null ? 'NULL' : bare(text))).join(' , ')}}`),
    items.map((each) => JSON.stringify(each, null, ' ')),
    element === 'integer'
      ? fc.json({ maxDepth: 0 }).map((text) => `[${text.length < 5 ? text : ''}]`)
      : fc.constant('[]'),
  );
}

const oddItem = fc.constantFrom(
  '',
  'NULL',
  'null',
  '{',
  '}',
  'a"b',
  '\\',
  'a,b',
  '\v',
  '\f',
  '\u00a0',
  '!',
  '!FORMAT',
  'nullx',
);
const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const bare = (text: string) => (/^$|["\\{},]|^\s|\s$|^null$/i.test(text) ? quoted(text) : text);

const arbitraries = {
  text,
  smallint: fc.oneof(
    fc.integer({ min: -32768, max: 32767 }).map(String),
    fc.constantFrom('-32768', '32767', '+7', '-0', '007'),
  ),
  integer: fc.oneof(fc.integer().map(String), fc.constantFrom('-2147483648', '2147483647', '+7', '-0', '007')),
  bigint: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.constantFrom('+0', '-0')),
  real: fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc
      .double({ min: -3.4e38, max: 3.4e38, noNaN: true })
      .filter((value) => Math.fround(value) !== 0)
      .map(String),
    halfway,
    fc.constantFrom(
      '-0',
      '0.1',
      '1e3',
      '3.4028235e38',
      '1e-45',
      '16777217',
      '.5',
      '5.',
      '0.3000000119',
      '1E+2',
      '7e-46',
    ),
  ),
  double: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('-0', '0.1', '1e3', '1.7976931348623157e308', '5e-324', '.5', '5.', '0.30000000000000004', '1E+2'),
  ),
  boolean: fc.constantFrom('true', 'false', 't', 'F', '1', '0', 'TRUE'),
  date: fc.oneof(day, fc.constantFrom('1000-01-01', '9999-12-31', '2024-02-29')),
  timestamp: fc.tuple(day, fc.constantFrom(' ', 'T'), clock).map((parts) => parts.join('')),
  timestamptz: fc.tuple(day, clock, zone).map(([date, time, offset]) => `${date}T${time}${offset}`),
  time: fc.oneof(
    clock,
    fc.constantFrom('24:00:00', '24:00', '09:30', '24:00:00.000', '23:59:59.9999990', '00:00:00.100'),
  ),
  interval,
  uuid: fc.oneof(
    fc.uuid(),
    fc.uuid().map((id) => id.toUpperCase()),
  ),
  bytea: fc.uint8Array({ maxLength: 8 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
  citext: text,
  jsonb: fc.oneof(
    json,
    fc.dictionary(fc.oneof(text, fc.constantFrom('a', 'b', 'aa', 'é', 'zz', '📏', '\uffff')), jsonNumber).map(objectOf),
    jsonNumber,
  ),
  enum: fc.constantFrom('a,b', 'NULL', '', 'ß', 'A'),
  json,
};

function pointed(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}
