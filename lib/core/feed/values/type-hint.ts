import { nearestName } from '../../nearest-name.ts';

/**
 * What somebody may have meant who wrote a type that feed files do not have; undefined where nothing is near. `known` are the names that they
 * have, `elements` those of them that an array may hold.
 */
export function typeHint(written: string, known: readonly string[], elements: readonly string[]): string | undefined {
  const text = withoutBlanks(written.toLowerCase());
  return text.endsWith('[]') ? arrayHint(text.slice(0, -2), known, elements) : plainHint(text, known);
}

function arrayHint(element: string, known: readonly string[], elements: readonly string[]): string | undefined {
  if (element.endsWith('[]')) return 'an array has one dimension: say text, or jsonb where the file has JSON';
  const hint = plainHint(element, known);
  const [, meant = element] = /^did you mean (.*?)(?:, which has no size)?\?$/.exec(hint ?? '') ?? [];
  const name = meant.replace(/\(.*/, '');
  if (elements.includes(name)) return meant === element ? undefined : `did you mean ${meant}[]?`;
  return known.includes(name)
    ? `no array holds ${name}: say text, which keeps what the file has, or jsonb where that is JSON`
    : hint;
}

function plainHint(text: string, known: readonly string[]): string | undefined {
  // What stands behind the size belongs to the name: `time(3) with time zone`.
  const [, before = text, size = '', after = ''] = /^([^()]*)(\([^()]*\))(.*)$/.exec(text) ?? [];
  const name = before + after;
  const said = Object.hasOwn(meanings, name) ? meanings[name]! : undefined;
  if (typeof said === 'string') return said;
  const meant = said?.(size);
  if (meant !== undefined) return meant === text ? undefined : `did you mean ${meant}?`;
  if (known.includes(name) && size !== '') return `did you mean ${name}, which has no size?`;
  const near = nearestName(name, known);
  return near === undefined || near === name ? undefined : `did you mean ${near}?`;
}

/** A name of the same type elsewhere, with or without its size. */
type Renamed = (size: string) => string;

const is =
  (type: string): Renamed =>
  () =>
    type;
const decimal: Renamed = (size) => `decimal${/^\(\d+\)$/.test(size) ? size.replace(')', ',0)') : size || '(p,s)'}`;
const text: Renamed = (size) => (/^\(\d+\)$/.test(size) ? `varchar${size}` : 'text');

/** Names that databases and languages use. What means two things is explained; nothing is taken silently for another type. */
const meanings: Readonly<Record<string, Renamed | string>> = {
  ...named(is('smallint'), 'int2', 'int16', 'tinyint', 'int8_t', 'uint8', 'byte', 'short', 'smallserial'),
  ...named(is('integer'), 'int', 'int4', 'int32', 'mediumint', 'uint16', 'serial', 'signed'),
  ...named(is('bigint'), 'int8', 'int64', 'long', 'uint32', 'int unsigned', 'integer unsigned', 'bigserial'),
  ...named(is('decimal(20,0)'), 'uint64', 'bigint unsigned', 'ulong'),
  ...named(decimal, 'numeric', 'decimal', 'dec', 'number'),
  ...named(is('real'), 'float4', 'float32', 'single'),
  ...named(is('double'), 'float8', 'float64', 'double precision', 'binary_double'),
  ...named(is('boolean'), 'bool', 'bit', 'logical'),
  ...named(text, 'varchar', 'varchar2', 'nvarchar', 'nvarchar2', 'character varying', 'string', 'str'),
  ...named(is('text'), 'clob', 'nclob', 'longtext', 'mediumtext', 'tinytext', 'ntext', 'utf8', 'object', 'category'),
  ...named(is('timestamp'), 'datetime', 'datetime2', 'timestamp without time zone', 'timestamp_ntz', 'datetime64'),
  ...named(is('timestamptz'), 'timestamp with time zone', 'timestamp with local time zone', 'timestamp_tz'),
  ...named(is('timestamptz'), 'timestamp_ltz', 'datetimeoffset', 'datetime with time zone', 'instant'),
  ...named(is('date'), 'date32', 'localdate'),
  ...named(is('time'), 'time without time zone', 'localtime', 'time64'),
  ...named(is('interval'), 'duration', 'timedelta'),
  ...named(is('uuid'), 'guid', 'uniqueidentifier'),
  ...named(is('bytea'), 'blob', 'longblob', 'binary', 'varbinary', 'bytes', 'raw'),
  enum: 'say enum(schema.name), which is a type of the database, with its `values` beside it; or text with `in`, which lists the values of a rule',
  float:
    'float is a double in PostgreSQL and in Python, and a real of 4 bytes in Parquet and Java: say double, which holds both, or real',
  ...named(
    'PostgreSQL fills a char with blanks up to its length: say varchar(n) for at most n characters, with trim: true where the file has such blanks, or text',
    ...['char', 'character', 'nchar', 'bpchar'],
  ),
  ...named(
    'a time with a zone but without a day is no moment, and is not offered: say time where the file has no zone, text, or timestamptz where the file has the day too',
    ...['timetz', 'time with time zone'],
  ),
  ...named('say what it holds too, such as text[]', 'array', 'list', 'set'),
  money: 'what it holds depends on the server: say decimal(12,2), with currency: "$" where the file has the symbol',
};

function named(meaning: Renamed | string, ...names: readonly string[]): Record<string, Renamed | string> {
  return Object.fromEntries(names.map((name) => [withoutBlanks(name), meaning]));
}

/** Expressions lose the blanks of a type before anybody reads it. */
function withoutBlanks(name: string): string {
  return name.replaceAll(/\s/g, '');
}
