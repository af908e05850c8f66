import fc from 'fast-check';
import { type ColumnType, typeName } from '../../../lib/core/feed/values/column-type.ts';
import { isWhole } from '../../../lib/core/feed/values/type-traits.ts';
import { rawValue } from './raw-value.ts';

/** Columns that random expressions read. */
export const scope: ReadonlyMap<string, ColumnType> = new Map([
  ['name', 'text'],
  ['code', 'text'],
  ['label', 'varchar(3)'],
  ['small', 'smallint'],
  ['count', 'integer'],
  ['big', 'bigint'],
  ['price', 'decimal(8,2)'],
  ['fine', 'decimal(12,5)'],
  ['ratio', 'double'],
  ['weight', 'real'],
  ['active', 'boolean'],
  ['day', 'date'],
  ['at', 'timestamp'],
  ['moment', 'timestamptz'],
  ['opens', 'time'],
  ['ident', 'uuid'],
]);

export const resultTypes: readonly ColumnType[] = [
  'boolean',
  'text',
  'varchar(3)',
  'smallint',
  'integer',
  'bigint',
  'decimal(12,3)',
  'real',
  'double',
  'date',
  'timestamp',
  'timestamptz',
  'time',
];

export interface Composed {
  readonly text: string;
}

const word = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a',
    'A;b',
    '48.1;11.5',
    ' padded\t',
    'ÄÖß',
    'Straße',
    'İstanbul',
    'ΣΑΣ',
    'Ж',
    '1.5',
    '-7',
    '2024-02-29',
    '09:30',
    '23:59:59.5000',
    'true',
    '%',
    'a_b',
    "it's",
    'a\nb',
    '\u00a0x\u00a0',
    '📏📏x',
    'ǅ',
    'x\\y',
  ),
  rawValue('text'),
);
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export function rawOf(type: ColumnType): fc.Arbitrary<string> {
  if (type === 'text') return word;
  if (type === 'double')
    return fc.oneof(
      rawValue('double'),
      fc.constantFrom('0.125', '1.005', '2.5', '-2.5', '1e300', '-1e-300', '1e20', '123456.785'),
    );
  if (type === 'integer' || type === 'bigint')
    return fc.oneof(rawValue(type), fc.integer({ min: -9, max: 9 }).map(String));
  return rawValue(type);
}

/** Kinds of which expressions are composed; numbers are exact or double. */
type Kind = 'boolean' | 'text' | 'exact' | 'double' | 'date' | 'timestamp' | 'timestamptz' | 'time' | 'uuid';

/** An expression that a cast can make this type of. */
export function expressionOf(type: ColumnType, depth: number): fc.Arbitrary<Composed> {
  const kind = kindOf(type);
  return fc
    .tuple(expression(kind, depth), fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }))
    .map(([text, isTried]) => {
      let nth = 0;
      return { text: text.replaceAll(/\bcast\(/g, () => (isTried[nth++ % isTried.length] ? 'try_cast(' : 'cast(')) };
    });
}

const columns = (kind: Kind): string[] =>
  [...scope]
    .filter(([, type]) => kindOf(type) === kind)
    .map(([name, type]) => (type === 'real' ? `cast(${name} as double)` : name));

/** A real is compared as one, and is a double to all else. */
function kindOf(type: ColumnType): Kind {
  const name = typeName(type);
  if (name === 'varchar') return 'text';
  if (name === 'real') return 'double';
  return isWhole(type) || name === 'decimal' ? 'exact' : (name as Kind);
}

function expression(kind: Kind, depth: number): fc.Arbitrary<string> {
  const leaf = fc.oneof(fc.constantFrom(...columns(kind)), constant(kind));
  if (depth === 0) return leaf;
  const of = (other: Kind, less = 1) => expression(other, depth - less);
  const general = [
    leaf,
    fc.tuple(of('boolean'), of(kind), of(kind)).map(([c, a, b]) => `case when ${c} then ${a} else ${b} end`),
    fc.tuple(of('boolean'), of(kind)).map(([c, a]) => `case when ${c} then ${a} end`),
    fc.tuple(of(kind), of(kind)).map(([a, b]) => `coalesce(${a}, ${b})`),
  ];
  return fc.oneof(...general, ...special(kind, of));
}

function special(kind: Kind, of: (kind: Kind, less?: number) => fc.Arbitrary<string>): fc.Arbitrary<string>[] {
  const small = fc.integer({ min: 0, max: 5 });
  const piece = fc.constantFrom(' ', ';', 'a', '.', 'ß', '--', "'", '\\').map(literal);
  const short = of('exact').map((text) => `cast(${text} as decimal(9,2))`);
  switch (kind) {
    case 'boolean':
      return [
        fc.tuple(fc.constantFrom('and', 'or'), of('boolean'), of('boolean')).map(([op, a, b]) => `(${a} ${op} ${b})`),
        of('boolean').map((a) => `not (${a})`),
        fc
          .constantFrom<Kind>('text', 'exact', 'double', 'date', 'timestamp', 'timestamptz', 'time')
          .chain((other) =>
            fc
              .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>=', '!='), operand(of, other), operand(of, other))
              .map(([op, a, b]) => `(${a} ${op} ${b})`),
          ),
        fc
          .tuple(fc.constantFrom('=', '<', '>='), of('double'), of('text'))
          .map(([op, a, b]) => `(cast(${a} as real) ${op} coalesce(weight, abs(cast(${b} as real))))`),
        of('double').map((a) => `(weight < ${a})`),
        fc.tuple(of('double'), operand(of, 'exact')).map(([a, b]) => `(${a} > ${b})`),
        fc
          .tuple(operand(of, 'exact'), operand(of, 'exact'), operand(of, 'exact'))
          .map(([a, b, c]) => `(${a} not between ${b} and ${c})`),
        fc
          .constantFrom<Kind>('text', 'exact', 'uuid', 'date')
          .chain((other) =>
            fc
              .tuple(operand(of, other), operand(of, other), constant(other))
              .map(([a, b, c]) => `(${a} in (${b}, ${c}))`),
          ),
        fc
          .constantFrom<Kind>('text', 'exact', 'double', 'uuid', 'timestamptz')
          .chain((other) => of(other).map((a) => `(${a} is not null)`)),
        fc
          .tuple(of('text'), fc.constantFrom('%a%', 'a_b', '_', '%', '', 'A%', '%.%', 'x\\y', '%\n%'))
          .map(([a, pattern]) => `(${a} like ${literal(pattern)})`),
      ];
    case 'text':
      return [
        fc.tuple(fc.constantFrom('lower', 'upper', 'trim'), of('text')).map(([name, a]) => `${name}(${a})`),
        fc.tuple(of('text'), of('text')).map(([a, b]) => `(${a} || ${b})`),
        of('text').map((a) => `coalesce(cast(${a} as varchar(2)), ${a})`),
        fc.tuple(of('text'), of('text')).map(([a, b]) => `concat(${a}, ${b}, '-')`),
        fc.tuple(of('text'), small, small).map(([a, from, length]) => `substr(${a}, ${from + 1}, ${length})`),
        fc.tuple(of('text'), small).map(([a, from]) => `substr(${a}, ${from + 1})`),
        fc.tuple(fc.constantFrom('left', 'right'), of('text'), small).map(([name, a, n]) => `${name}(${a}, ${n})`),
        fc.tuple(of('text'), piece, small).map(([a, by, n]) => `split_part(${a}, ${by}, ${n + 1})`),
        fc
          .tuple(of('text'), piece, fc.constantFrom('', 'x', '$1', '\\0'))
          .map(([a, from, to]) => `replace(${a}, ${from}, ${literal(to)})`),
        fc
          .constantFrom<Kind>('exact', 'boolean', 'date', 'timestamp', 'timestamptz', 'time', 'uuid')
          .chain((other) => of(other).map((a) => `cast(${a} as text)`)),
      ];
    case 'exact':
      return [
        fc.tuple(fc.constantFrom('+', '-', '*'), short, short).map(([op, a, b]) => `(${a} ${op} ${b})`),
        of('exact').map((a) => `(- ${a})`),
        of('exact').map((a) => `abs(${a})`),
        fc
          .tuple(of('exact'), fc.integer({ min: 0, max: 3 }))
          .map(([a, n]) => `round(cast(${a} as decimal(20,4)), ${n})`),
        of('text').map((a) => `length(${a})`),
        fc
          .tuple(
            fc.constantFrom('year', 'month', 'day'),
            fc.constantFrom<Kind>('date', 'timestamp', 'timestamptz').chain((other) => operand(of, other)),
          )
          .map(([name, a]) => `${name}(${a})`),
        fc
          .tuple(
            fc.constantFrom<Kind>('text', 'double', 'exact').chain((other) => of(other)),
            fc.constantFrom('smallint', 'integer', 'bigint', 'decimal(10,3)', 'decimal(5,0)'),
          )
          .map(([a, type]) => `cast(${a} as ${type})`),
      ];
    case 'double':
      return [
        fc
          .tuple(fc.constantFrom('+', '-', '*', '/'), of('double'), of('double'))
          .map(([op, a, b]) => `(${a} ${op} ${b})`),
        fc.tuple(of('exact'), of('exact')).map(([a, b]) => `(${a} / ${b})`),
        fc.tuple(of('double'), of('exact')).map(([a, b]) => `(${a} * ${b})`),
        of('double').map((a) => `abs(${a})`),
        of('double').map((a) => `(- ${a})`),
        fc
          .constantFrom<Kind>('exact', 'double', 'text')
          .chain((other) => of(other).map((a) => `cast(cast(${a} as real) as double)`)),
        of('exact').map((a) => `(weight * ${a})`),
        fc.constantFrom<Kind>('exact', 'text').chain((other) => of(other).map((a) => `cast(${a} as double)`)),
      ];
    case 'date':
      return [
        fc
          .constantFrom<Kind>('text', 'timestamp', 'timestamptz')
          .chain((other) => of(other).map((a) => `cast(${a} as date)`)),
      ];
    case 'timestamp':
      return [
        fc
          .constantFrom<Kind>('text', 'date', 'timestamptz')
          .chain((other) => of(other).map((a) => `cast(${a} as timestamp)`)),
      ];
    case 'timestamptz':
      return [
        fc
          .constantFrom<Kind>('text', 'date', 'timestamp')
          .chain((other) => of(other).map((a) => `cast(${a} as timestamptz)`)),
      ];
    case 'time':
      return [of('text').map((a) => `cast(${a} as time)`)];
    case 'uuid':
      return [of('text').map((a) => `cast(${a} as uuid)`)];
  }
}

/** Exact numbers that are compared need a common type: short ones always have one. */
function operand(of: (kind: Kind) => fc.Arbitrary<string>, kind: Kind): fc.Arbitrary<string> {
  return of(kind).map((text) =>
    kind === 'exact'
      ? `cast(${text} as decimal(15,5))`
      : kind === 'double' || kind === 'text'
        ? text
        : `cast(${text} as ${kind})`,
  );
}

function constant(kind: Kind): fc.Arbitrary<string> {
  switch (kind) {
    case 'boolean':
      return fc.constantFrom('true', 'false');
    case 'text':
      return word.map(literal);
    case 'exact':
      return fc.constantFrom('0', '1', '-1', '2.50', '.5', '1000.', '-0.005');
    case 'double':
      return fc.constantFrom('1e0', '0e0', '-2.5e-1', '1e308');
    case 'date':
      return fc.constantFrom("cast('2024-02-29' as date)", "try_cast('x' as date)");
    case 'timestamp':
      return fc.constant("cast('2024-02-29 12:00:00.5' as timestamp)");
    case 'timestamptz':
      return fc.constant("cast('2024-02-29T12:00:00+02' as timestamptz)");
    case 'time':
      return fc.constantFrom("cast('09:30' as time)", "cast('24:00:00.00' as time)", "try_cast('25:00' as time)");
    case 'uuid':
      return fc.constant("cast('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' as uuid)");
  }
}
