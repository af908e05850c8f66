import {
  HOUR,
  type IntervalForm,
  isoForm,
  MINUTE,
  MOST,
  postgresForm,
  SECOND,
  tooFineSecond,
  tooLongNumber,
} from '../../../feed/values/spelling/interval-spelling.ts';
import type { SqlDialect } from '../dialect.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainInterval` of `core/feed/values/spelling/interval-spelling.ts`, as SQL: its parts, then months, days and microseconds, then the text. */
export const intervalStages: readonly Stage[] = [
  (sql, text) => {
    const apart = ({ pattern, parts }: IntervalForm, of: string) =>
      `WHEN ${sql.matches(of, pattern)} THEN ${sql.arranged(
        of,
        `^(?:${pattern})$`,
        parts.flatMap((groups, index) => [...(index > 0 ? ['|'] : []), ...groups]),
      )}`;
    return `CASE WHEN ${text} IN ('', 'P') OR right(${text}, 1) IN ('P', 'T') THEN ${rejected('FORMAT')}
      WHEN ${sql.matches(text, tooFineSecond)} AND (${sql.matches(text, isoForm.pattern)} OR ${sql.matches(`(' ' || ${text})`, postgresForm.pattern)}) THEN ${rejected('SCALE')}
      WHEN ${sql.contains(text, tooLongNumber)} AND (${sql.matches(text, isoForm.pattern)} OR ${sql.matches(`(' ' || ${text})`, postgresForm.pattern)}) THEN ${rejected('OVERFLOW')}
      ${apart(isoForm, text)} ${apart(postgresForm, `(' ' || ${text})`)} ELSE ${rejected('FORMAT')} END`;
  },
  (sql, text) => {
    const part = (index: number) => `split_part(${text}, '|', ${index})`;
    const count = (of: string) => `coalesce(${sql.tryCast(of, 'bigint')}, 0)`;
    const months = `(${count(part(1))} * 12 + ${count(part(2))})`;
    const days = `(${count(part(3))} * 7 + ${count(part(4))})`;
    const second = `(${count(part(8))} * ${SECOND} + ${count(`rpad(substr(${part(9)}, 1, 6), 6, '0')`)})`;
    const sign = `CASE WHEN ${part(7)} = '-' THEN -1 ELSE 1 END`;
    const microseconds = `(${count(part(5))} * ${HOUR} + ${count(part(6))} * ${MINUTE} + ${sign} * ${second})`;
    const fits = [months, days].map((each) => `${each} BETWEEN ${-MOST - 1} AND ${MOST}`).join(' AND ');
    const both = [months, days, microseconds].map((each) => sql.text(each)).join(` || '|' || `);
    return `CASE WHEN ${fits} THEN ${both} ELSE ${rejected('OVERFLOW')} END`;
  },
  (sql, text) => {
    const count = (index: number) => sql.tryCast(`split_part(${text}, '|', ${index})`, 'bigint');
    const [months, days, microseconds] = [count(1), count(2), count(3)];
    const [year, month] = [quotient(sql, months, 12), `(${months} % 12)`];
    // Each of them has a blank behind it, and the last one loses it.
    const units = [
      unit(sql, year, 'year', 'false'),
      unit(sql, month, 'mon', 'false'),
      unit(sql, days, 'day', `${months} < 0`),
    ];
    const isBefore = `CASE WHEN ${days} = 0 THEN ${months} < 0 ELSE ${days} < 0 END`;
    const sign = `CASE WHEN ${microseconds} < 0 THEN '-' WHEN ${isBefore} THEN '+' ELSE '' END`;
    const hasClock = `${microseconds} <> 0 OR (${months} = 0 AND ${days} = 0)`;
    const last = `CASE WHEN ${hasClock} THEN ${sign} || ${clock(sql, `abs(${microseconds})`)} ELSE '' END`;
    return sql.trim(`(${[...units, last].join(' || ')})`, ' ');
  },
];

function unit(sql: SqlDialect, count: string, name: string, isBefore: string): string {
  const sign = `CASE WHEN ${isBefore} AND ${count} > 0 THEN '+' ELSE '' END`;
  return `CASE WHEN ${count} = 0 THEN '' ELSE ${sign} || ${sql.text(count)} || CASE WHEN ${count} = 1 THEN ' ${name} ' ELSE ' ${name}s ' END END`;
}

function clock(sql: SqlDialect, microseconds: string): string {
  const [hour, minute, second] = [HOUR, MINUTE, SECOND].map((size) => quotient(sql, microseconds, size)) as [
    string,
    string,
    string,
  ];
  const two = (value: string) => `right('0' || ${sql.text(value)}, 2)`;
  const hours = `CASE WHEN ${hour} < 10 THEN '0' ELSE '' END || ${sql.text(hour)}`;
  const rest = `${microseconds} % ${SECOND}`;
  const digits = sql.extract(`lpad(${sql.text(`(${rest})`)}, 6, '0')`, '^[0-9]*[1-9]', 0);
  const fraction = `CASE WHEN ${rest} = 0 THEN '' ELSE '.' || ${digits} END`;
  return `${hours} || ':' || ${two(`${minute} % 60`)} || ':' || ${two(`${second} % 60`)} || ${fraction}`;
}

/** A whole quotient towards zero. Engines spell it differently, and divide doubles alike; the result has too few digits to be rounded wrongly. */
function quotient(sql: SqlDialect, value: string, by: number): string {
  return `CAST(round((${value} - ${value} % ${by}) / CAST(${by} AS ${sql.type('double')})) AS ${sql.type('bigint')})`;
}
