import { type Fields, FooterFault } from './fields.ts';

export type TimeUnit = 'ms' | 'µs' | 'ns';

/** What the values of a leaf are, whichever way its writer said it. */
export type Meaning =
  | { readonly kind: 'boolean' | 'float' | 'double' | 'date' | 'text' | 'json' | 'uuid' | 'binary' | 'null' }
  | { readonly kind: 'integer'; readonly bits: number; readonly isSigned: boolean }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | {
      readonly kind: 'timestamp';
      readonly unit: TimeUnit;
      /** undefined: the file does not say it. */
      readonly isUtc: boolean | undefined;
      readonly isInt96: boolean;
    }
  /** Nothing that a column of a feed could hold. */
  | { readonly kind: 'other'; readonly name: string };

const physicalNames = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];

/** The meaning that a schema element states. Throws FooterFault where its old and its new way of saying it differ. */
export function meaningOf(element: Fields): Meaning {
  const physical = physicalNames[element.count(1)];
  if (physical === undefined) throw new FooterFault(`there is no type ${element.count(1)}`);
  const logical = element.optionalStruct(10, 'a logical type');
  const said = logical && logicalMeaning(logical);
  const converted = element.optionalCount(6);
  const saidBefore = converted === undefined ? undefined : convertedMeaning(converted, element);
  if (said && saidBefore && !agree(said, saidBefore)) throw new FooterFault('a column has two types');
  const meaning = said ?? saidBefore ?? plainMeaning(physical);
  const isFitting = holders[meaning.kind]?.includes(physical) ?? true;
  return isFitting ? meaning : { kind: 'other', name: `${nameOf(meaning)} in ${physical}` };
}

/** As messages name it. */
export function nameOf(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'integer':
      return `${meaning.isSigned ? '' : 'unsigned '}INT${meaning.bits}`;
    case 'decimal':
      return `DECIMAL(${meaning.precision},${meaning.scale})`;
    case 'time':
      return `TIME in ${meaning.unit}`;
    case 'timestamp':
      if (meaning.isInt96) return 'INT96';
      return `TIMESTAMP in ${meaning.unit}${meaning.isUtc === undefined ? '' : meaning.isUtc ? ', UTC' : ', local'}`;
    case 'text':
      return 'STRING';
    case 'binary':
      return 'BYTE_ARRAY';
    case 'other':
      return meaning.name;
    default:
      return meaning.kind.toUpperCase();
  }
}

/** The ways in which values of a kind may be stored. */
const holders: Readonly<Record<string, readonly string[]>> = {
  boolean: ['BOOLEAN'],
  integer: ['INT32', 'INT64'],
  date: ['INT32'],
  time: ['INT32', 'INT64'],
  timestamp: ['INT64', 'INT96'],
  decimal: ['INT32', 'INT64', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'],
  text: ['BYTE_ARRAY'],
  json: ['BYTE_ARRAY'],
  uuid: ['FIXED_LEN_BYTE_ARRAY'],
};

function plainMeaning(physical: string): Meaning {
  switch (physical) {
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'INT32':
    case 'INT64':
      return { kind: 'integer', bits: physical === 'INT32' ? 32 : 64, isSigned: true };
    case 'INT96':
      return { kind: 'timestamp', unit: 'ns', isUtc: undefined, isInt96: true };
    case 'FLOAT':
      return { kind: 'float' };
    case 'DOUBLE':
      return { kind: 'double' };
    default:
      return { kind: 'binary' };
  }
}

function logicalMeaning(logical: Fields): Meaning | undefined {
  const id = logical.only;
  if (id === undefined) throw new FooterFault('a logical type is not one type');
  const of = logical.struct(id, 'a logical type');
  switch (id) {
    case 1:
    case 4:
      return { kind: 'text' };
    case 5:
      return { kind: 'decimal', scale: of.count(1), precision: of.count(2) };
    case 6:
      return { kind: 'date' };
    case 7:
      return { kind: 'time', unit: unitOf(of) };
    case 8:
      return { kind: 'timestamp', unit: unitOf(of), isUtc: of.boolean(1), isInt96: false };
    case 10:
      return { kind: 'integer', bits: of.count(1), isSigned: of.boolean(2) };
    case 11:
      return { kind: 'null' };
    case 12:
      return { kind: 'json' };
    case 14:
      return { kind: 'uuid' };
    case 15:
      return { kind: 'float' };
    default:
      return { kind: 'other', name: otherLogical[id] ?? `logical type ${id}` };
  }
}

const otherLogical: Readonly<Record<number, string>> = {
  2: 'MAP',
  3: 'LIST',
  13: 'BSON',
  16: 'VARIANT',
  17: 'GEOMETRY',
  18: 'GEOGRAPHY',
};

function unitOf(of: Fields): TimeUnit {
  const unit = ([undefined, 'ms', 'µs', 'ns'] as const)[of.struct(2, 'a unit of time').only ?? 0];
  if (unit === undefined) throw new FooterFault('a unit of time is none');
  return unit;
}

function convertedMeaning(converted: number, element: Fields): Meaning {
  switch (converted) {
    case 0:
    case 4:
      return { kind: 'text' };
    case 5:
      return { kind: 'decimal', scale: element.optionalCount(7) ?? 0, precision: element.count(8) };
    case 6:
      return { kind: 'date' };
    case 7:
    case 8:
      return { kind: 'time', unit: converted === 7 ? 'ms' : 'µs' };
    case 9:
    case 10:
      return { kind: 'timestamp', unit: converted === 9 ? 'ms' : 'µs', isUtc: undefined, isInt96: false };
    case 19:
      return { kind: 'json' };
    default: {
      const isInteger = converted >= 11 && converted <= 18;
      if (isInteger) return { kind: 'integer', bits: 8 << ((converted - 11) % 4), isSigned: converted >= 15 };
      return {
        kind: 'other',
        name: converted === 20 ? 'BSON' : converted === 21 ? 'INTERVAL' : `converted type ${converted}`,
      };
    }
  }
}

function agree(said: Meaning, before: Meaning): boolean {
  if (said.kind === 'timestamp' && before.kind === 'timestamp') return said.unit === before.unit;
  // BSON, INTERVAL and others that no column can hold.
  if (said.kind === 'other' || before.kind === 'other') return said.kind === before.kind;
  return nameOf(said) === nameOf(before);
}
