import { type ColumnType, type TypeName, typeName } from './column-type.ts';

/** What must be known of a type where its values are not read. */
interface TypeTraits {
  /** For options, casts and formats that treat numbers of a kind alike; absent for what is no number. */
  readonly number?: 'whole' | 'decimal' | 'float';
  /** What expressions, rules and keys may ask of two values: their order, only whether they are equal, or nothing. */
  readonly comparable: 'order' | 'equality' | 'no';
  /** Bytes that a row of PostgreSQL needs for it at most where long values move out of line. */
  readonly inlineBytes: number;
  /** Its canonical text may hold any character, a comma too. */
  readonly isFree?: true;
  /** Engines have no such type, and keep its canonical text. */
  readonly isKeptAsText?: true;
  /** No expression makes its values. */
  readonly isOnlyRead?: true;
  /** A column may have few different values, and so can name folders of the lake. */
  readonly namesFolders?: true;
}

/** A new type is a line here, and an entry in every other table by type: the compiler names those that lack it. */
const traits = {
  text: { comparable: 'order', inlineBytes: 18, isFree: true, isKeptAsText: true, namesFolders: true },
  varchar: { comparable: 'order', inlineBytes: 18, isFree: true, isKeptAsText: true, namesFolders: true },
  smallint: { number: 'whole', comparable: 'order', inlineBytes: 8, namesFolders: true },
  integer: { number: 'whole', comparable: 'order', inlineBytes: 8, namesFolders: true },
  bigint: { number: 'whole', comparable: 'order', inlineBytes: 8, namesFolders: true },
  decimal: { number: 'decimal', comparable: 'order', inlineBytes: 18 },
  real: { number: 'float', comparable: 'order', inlineBytes: 8 },
  double: { number: 'float', comparable: 'order', inlineBytes: 8 },
  boolean: { comparable: 'equality', inlineBytes: 8, namesFolders: true },
  date: { comparable: 'order', inlineBytes: 8, namesFolders: true },
  timestamp: { comparable: 'order', inlineBytes: 8 },
  timestamptz: { comparable: 'order', inlineBytes: 8 },
  time: { comparable: 'order', inlineBytes: 18, isKeptAsText: true },
  // PostgreSQL takes 30 days and a month for equal, so that its keys would take one for the other.
  interval: { comparable: 'no', inlineBytes: 18, isKeptAsText: true, isOnlyRead: true },
  uuid: { comparable: 'equality', inlineBytes: 16 },
  bytea: { comparable: 'equality', inlineBytes: 18, isKeptAsText: true },
  enum: { comparable: 'equality', inlineBytes: 8, isFree: true, isKeptAsText: true, isOnlyRead: true },
  jsonb: { comparable: 'no', inlineBytes: 18, isFree: true, isKeptAsText: true },
  citext: { comparable: 'no', inlineBytes: 18, isFree: true, isKeptAsText: true },
  json: { comparable: 'no', inlineBytes: 18, isFree: true, isKeptAsText: true },
  array: { comparable: 'no', inlineBytes: 18, isFree: true, isKeptAsText: true, isOnlyRead: true },
} as const satisfies Record<TypeName, TypeTraits>;

export function traitsOf(type: ColumnType): TypeTraits {
  return traits[typeName(type)];
}

/** Whether its values are any texts, but for their length. */
export function isTextual(type: ColumnType): boolean {
  return type === 'text' || typeName(type) === 'varchar';
}

export function isWhole(type: ColumnType): boolean {
  return traitsOf(type).number === 'whole';
}

type KeptAsText = { [Name in TypeName]: (typeof traits)[Name] extends { isKeptAsText: true } ? Name : never }[TypeName];

/** The types that engines have: `text` stands for all that they keep as text. */
export type EngineType = Exclude<TypeName, KeptAsText> | 'text';

export function engineType(type: ColumnType): EngineType {
  return traitsOf(type).isKeptAsText ? 'text' : (typeName(type) as EngineType);
}

/** What an engine calls a type; all of them write decimals as feed files do. */
export function nameIn(names: Record<Exclude<EngineType, 'decimal'>, string>, type: ColumnType): string {
  const name = engineType(type);
  return name === 'decimal' ? type : names[name];
}

/** The types with such a trait, for messages. */
export function namesOfTypes(has: (of: TypeTraits) => boolean): TypeName[] {
  return (Object.keys(traits) as TypeName[]).filter((name) => has(traits[name]));
}
