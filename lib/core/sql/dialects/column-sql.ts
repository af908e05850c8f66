import { notANumber } from '../../feed/values/bad-value.ts';
import { type ColumnType, decimalOf, lengthOf, type TypeName, typeName } from '../../feed/values/column-type.ts';
import { isSpelledPlainly } from '../../feed/values/spelling/spelling.ts';
import { canonicalTime, timePattern, tooFineTime } from '../../feed/values/time-of-day.ts';
import type { ValueForm } from '../../feed/values/value.ts';
import { arrayField } from './array-sql.ts';
import { bytesField } from './bytes-sql.ts';
import type { SqlDialect } from './dialect.ts';
import { jsonbField } from './jsonb-sql.ts';
import { respelledCode } from './spelling/stage.ts';

/**
 * The same as `core/feed/values/value.ts`, as SQL. `raw` is a text expression that is not null, and that its stages
 * (`spelling/spelling-sql.ts`) have respelled.
 * `code` is null for a good field; `typed` is only meaningful then.
 * Most fields arrive in canonical form. Casting to the type and back proves that at a fraction of a pattern's cost,
 * so every `code` asks that first.
 */
export interface FieldSql {
  readonly code: string;
  readonly typed: string;
}

export function fieldSql(sql: SqlDialect, form: ValueForm, raw: string): FieldSql {
  const field = plainField(sql, form, raw);
  return isSpelledPlainly(form) ? field : { ...field, code: respelledCode(raw, field.code) };
}

function plainField(sql: SqlDialect, form: ValueForm, raw: string): FieldSql {
  return fields[typeName(form.type)](sql, raw, form);
}

const fields: Record<TypeName, (sql: SqlDialect, raw: string, form: ValueForm) => FieldSql> = {
  text: (_sql, raw) => ({ code: 'NULL', typed: raw }),
  varchar: (_sql, raw, { type }) => ({
    code: `CASE WHEN length(${raw}) > ${lengthOf(type)} THEN 'LENGTH' END`,
    typed: raw,
  }),
  smallint: (sql, raw) => integerField(sql, 'smallint', raw),
  integer: (sql, raw) => integerField(sql, 'integer', raw),
  bigint: (sql, raw) => integerField(sql, 'bigint', raw),
  decimal: decimalField,
  real: floatField,
  double: floatField,
  boolean: booleanField,
  date: dateField,
  timestamp: timestampField,
  timestamptz: timestampField,
  time: timeField,
  interval: (_sql, raw) => ({ code: 'NULL', typed: raw }),
  uuid: uuidField,
  bytea: bytesField,
  jsonb: (_sql, raw) => jsonbField(raw),
  citext: (_sql, raw) => ({ code: 'NULL', typed: raw }),
  enum: (sql, raw, { values = [] }) => ({
    code: `CASE WHEN ${raw} IN (${values.map(sql.literal).join(', ')}) THEN NULL ELSE 'ENUM' END`,
    typed: raw,
  }),
  json: (sql, raw) => ({ code: jsonCode(sql, raw), typed: raw }),
  array: arrayField,
};

const badNumber = (sql: SqlDialect, raw: string) =>
  `WHEN ${sql.matches(raw, notANumber)} THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END`;

const isCanonical = (sql: SqlDialect, typed: string, raw: string) => `coalesce(${sql.text(typed)} = ${raw}, false)`;

function integerField(sql: SqlDialect, type: ColumnType, raw: string): FieldSql {
  const typed = sql.tryCast(raw, type);
  return {
    typed,
    code: `CASE WHEN ${isCanonical(sql, typed, raw)} THEN NULL
      WHEN ${sql.matches(raw, '[+-]?[0-9]+')} THEN CASE WHEN ${typed} IS NULL THEN 'OVERFLOW' END
      ${badNumber(sql, raw)}`,
  };
}

function decimalField(sql: SqlDialect, raw: string, form: ValueForm): FieldSql {
  const { precision, scale } = decimalOf(form.type)!;
  const whole = precision - scale;
  const typed = sql.tryCast(raw, form.type);
  const tooFine =
    form.scale === 'round'
      ? `WHEN ${typed} IS NULL THEN 'OVERFLOW'`
      : `WHEN ${sql.matches(raw, `[^.]*[.][0-9]{${scale}}[0-9]*[1-9][0-9]*`)} THEN 'SCALE'`;
  return {
    typed,
    code: `CASE WHEN ${isCanonical(sql, typed, raw)} THEN NULL
      WHEN ${sql.matches(raw, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)')} THEN CASE
        WHEN ${sql.matches(raw, `[+-]?0*[1-9][0-9]{${whole}}[0-9]*([.][0-9]*)?`)} THEN 'OVERFLOW'
        ${tooFine} END
      ${badNumber(sql, raw)}`,
  };
}

const floatPattern = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?';

/** What PostgreSQL calls out of range: also a number that would become 0. */
function floatField(sql: SqlDialect, raw: string, { type }: ValueForm): FieldSql {
  const typed = sql.tryCast(raw, type);
  const isLost = `${typed} = 0 AND ${sql.matches(raw, '[+-]?[0.]*[1-9][\\s\\S]*')}`;
  return {
    typed,
    code: `CASE WHEN ${isCanonical(sql, typed, raw)} AND ${sql.isFinite(typed)} THEN NULL
      WHEN ${sql.matches(raw, floatPattern)} THEN CASE
        WHEN ${typed} IS NULL OR NOT ${sql.isFinite(typed)} OR (${isLost}) THEN 'OVERFLOW' END
      ${badNumber(sql, raw)}`,
  };
}

function booleanField(sql: SqlDialect, raw: string, { true_words, false_words }: ValueForm): FieldSql {
  const among = (words: readonly string[]) => `IN (${words.map(sql.literal).join(', ')})`;
  const yes = true_words ? `${raw} ${among(true_words)}` : `lower(${raw}) IN ('true', 't', '1')`;
  const no = false_words ? `${raw} ${among(false_words)}` : `lower(${raw}) IN ('false', 'f', '0')`;
  return { typed: `(${yes})`, code: `CASE WHEN ${yes} OR ${no} THEN NULL ELSE 'FORMAT' END` };
}

const dayPattern = '[0-9]{4}-[0-9]{2}-[0-9]{2}';

function badDate(sql: SqlDialect, raw: string): string {
  return `WHEN ${sql.matches(raw, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9][\\s\\S]*)?')} THEN 'DATE_AMBIGUOUS'
      WHEN ${sql.matches(raw, '[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}[\\s\\S]*|[0-9]+-[0-9]{2}-[0-9]{2}[\\s\\S]* BC')} THEN 'DATE_RANGE'
      ELSE 'DATE' END`;
}

function dateField(sql: SqlDialect, raw: string): FieldSql {
  const typed = sql.tryCast(raw, 'date');
  return {
    typed,
    code: `CASE WHEN ${isCanonical(sql, typed, raw)} AND length(${raw}) = 10 AND ${raw} >= '1000' AND ${raw} < 'A' THEN NULL
      WHEN ${sql.matches(raw, dayPattern)} THEN CASE
        WHEN ${typed} IS NULL OR substr(${raw}, 1, 4) = '0000' THEN 'DATE' ELSE 'DATE_RANGE' END
      ${badDate(sql, raw)}`,
  };
}

const clockPattern = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?';
const zonePattern = ' ?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)';

function timestampField(sql: SqlDialect, raw: string, { type, odd_times }: ValueForm): FieldSql {
  const zoned = type === 'timestamptz';
  const rolls = odd_times === 'roll';
  const day = `substr(${raw}, 1, 10)`;
  const { clock, minutes } = rolls ? rolled(sql, `substr(${raw}, 12)`) : { clock: `substr(${raw}, 12)`, minutes: '0' };
  const digits = sql.extract(clock, '^[0-9:]{8}([.][0-9]{1,6})?', 0);
  const exact = sql.tryCast(`${day} || ' ' || ${digits}`, 'timestamp');
  // Parsing the text costs ten times as much as the cast, and only unusual spellings need it.
  const isPlain = !zoned && !rolls;
  const local = isPlain ? `coalesce(${sql.tryCast(raw, 'timestamp')}, ${exact})` : exact;
  const offset = zoned ? `${offsetMinutes(sql, raw)}` : '0';
  const utc = isPlain ? local : sql.minusMinutes(local, rolls ? `(${offset} - ${minutes})` : offset);
  const plain = `${isCanonical(sql, sql.tryCast(raw, 'timestamp'), raw)} AND length(${raw}) >= 19 AND ${raw} >= '1000' AND substr(${raw}, 5, 1) = '-' AND ${raw} < 'A'`;
  return {
    typed: zoned ? sql.atUtc(utc) : utc,
    code: `CASE ${isPlain ? `WHEN ${plain} THEN NULL` : ''}
      WHEN ${sql.matches(raw, `${dayPattern}([ T][\\s\\S]*)?`)} THEN CASE
        WHEN ${sql.tryCast(day, 'date')} IS NULL OR substr(${raw}, 1, 4) = '0000' THEN 'DATE'
        WHEN ${raw} < '1000' THEN 'DATE_RANGE'
        WHEN NOT ${sql.matches(clock, clockPattern + (zoned ? zonePattern : ''))} THEN 'TIME'
        WHEN ${sql.matches(clock, '[0-9:]{8}[.][0-9]{6}[0-9]*[1-9][0-9]*([^0-9].*)?')} THEN 'SCALE'
        WHEN ${sql.year(utc)} NOT BETWEEN 1000 AND 9999 THEN 'DATE_RANGE' END
      ${badDate(sql, raw)}`,
  };
}

/** Turns hour 24 and second 60 into a time that exists, and says how many minutes must be added to it. */
function rolled(sql: SqlDialect, clock: string): { clock: string; minutes: string } {
  const isMidnight = sql.matches(clock, `24:00:00([.]0+)?([^.0-9][\\s\\S]*)?`);
  const isLeap = sql.matches(clock, '([01][0-9]|2[0-3]):[0-5][0-9]:60[\\s\\S]*');
  return {
    clock: `CASE WHEN ${isMidnight} THEN '00' || substr(${clock}, 3)
      WHEN ${isLeap} THEN substr(${clock}, 1, 6) || '00' || substr(${clock}, 9) ELSE ${clock} END`,
    minutes: `CASE WHEN ${isMidnight} THEN 1440 WHEN ${isLeap} THEN 1 ELSE 0 END`,
  };
}

/** Minutes east of UTC at the end of a checked timestamptz text. */
function offsetMinutes(sql: SqlDialect, raw: string): string {
  const part = (group: number) =>
    `coalesce(${sql.tryCast(sql.extract(raw, '([+-])([0-9]{2}):?([0-9]{2})?$', group), 'integer')}, 0)`;
  return `CASE WHEN ${sql.extract(raw, '([+-])([0-9]{2}):?([0-9]{2})?$', 1)} = '-' THEN -1 ELSE 1 END * CASE
    WHEN right(${raw}, 1) IN ('Z', 'z') THEN 0 ELSE ${part(2)} * 60 + ${part(3)} END`;
}

function timeField(sql: SqlDialect, raw: string): FieldSql {
  const whole = `CASE WHEN length(${raw}) = 5 THEN ${raw} || ':00' ELSE ${raw} END`;
  return {
    typed: sql.extract(whole, canonicalTime, 0),
    code: `CASE WHEN NOT ${sql.matches(raw, timePattern)} THEN 'TIME' WHEN ${sql.matches(raw, tooFineTime)} THEN 'SCALE' END`,
  };
}

function uuidField(sql: SqlDialect, raw: string): FieldSql {
  const typed = sql.tryCast(`lower(${raw})`, 'uuid');
  const pattern = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
  return {
    typed,
    code: `CASE WHEN ${isCanonical(sql, typed, raw)} OR ${sql.matches(raw, pattern)} THEN NULL ELSE 'FORMAT' END`,
  };
}

function jsonCode(sql: SqlDialect, raw: string): string {
  return `CASE WHEN ${sql.contains(raw, '(^|[^\\\\])(\\\\\\\\)*\\\\u0000')} THEN 'NUL_BYTE'
      WHEN NOT ${sql.isJson(raw)} THEN 'FORMAT' END`;
}
