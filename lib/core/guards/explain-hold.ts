import type { Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import type { GuardName } from './guard-names.ts';

/** A finding in words, without its table's name: the number, the limit and the baseline. */
export function explainHold(hold: Finding): string {
  const { guard, value, limit, unit, basis, usual, column, rule, object, option } = hold;
  const show = (number: number) => showNumber(number, unit);
  const [words, side] = explanations[guard];
  const bound = bounds[value < limit && side === 'both' ? 'drop' : side === 'both' ? 'rise' : side];
  const allowed = bound && `; ${bound} ${show(limit)} is ${basis === 'learned' ? 'usual' : 'allowed'}`;
  const more = [...(usual ? [` (${explainUsual(usual, show)})`] : []), ...(option ? [`; ${options[option]}`] : [])];
  return `${words(show(value), show(limit), column ?? rule ?? object, hold)}${allowed}${more.join('')}`;
}

/** The line of the feed file that would let such nights in. */
const options: Readonly<Record<NonNullable<Finding['option']>, string>> = {
  min_changed: 'the option min_changed says how many rows of a small table are few',
  overlap:
    'the option overlap lets more of them in, pick says which files count, and `links: ignore` of the source leaves out links to other files',
  suspended:
    'a trailer or a filter in the feed file leaves such a record out, the option suspended says how many nights are too many',
  gone: 'the option gone says how many may be in a table of any size',
};

function explainUsual({ nights, median, spread, weekday }: Baseline, show: (number: number) => string): string {
  const all = `the last ${nights} nights: median ${show(median)}, spread ${show(spread)}`;
  return weekday ? `${all}; the same day of the week: median ${show(weekday.median)}` : all;
}

const bounds = { drop: 'at least', rise: 'at most', none: '' } as const;

type Words = (value: string, limit: string, name: string | undefined, hold: Finding) => string;

const explanations: Readonly<Record<GuardName, readonly [Words, 'drop' | 'rise' | 'both' | 'none']>> = {
  ROWCOUNT_DROP: [(value) => `the row count changed by ${value}`, 'drop'],
  ROWCOUNT_RISE: [(value) => `the row count changed by ${value}`, 'rise'],
  BYTES_DROP: [(value) => `the size changed by ${value}`, 'drop'],
  BYTES_RISE: [(value) => `the size changed by ${value}`, 'rise'],
  MASS_DELETE: [(value) => `${value} of the rows are gone`, 'rise'],
  MASS_UPDATE: [(value) => `${value} of the rows changed`, 'rise'],
  MASS_INSERT: [(value) => `${value} of the rows are new`, 'rise'],
  REJECTED_LIMIT: [(value) => `${value} of the rows were rejected`, 'rise'],
  NULL_SHARE: [(value, _limit, column) => `the share of rows without ${column} changed by ${value}`, 'both'],
  DELIVERED_LATE: [(value) => `the delivery was written ${value} after the night began`, 'rise'],
  RULE_BROKEN: [(value, _limit, rule) => `${value} new or changed rows break the rule ${rule}`, 'none'],
  SCHEMA_ADD: [(_value, _limit, columns) => `not declared, and left out: ${columns}`, 'none'],
  SCHEMA_MISSING: [(_value, _limit, columns) => `missing, so rows keep what they have there: ${columns}`, 'none'],
  SCHEMA_RENAMED: [(_value, _limit, columns) => `renamed, and read by their place: ${columns}`, 'none'],
  SCHEMA_REORDERED: [() => 'the columns are in another order than declared; they bind by name', 'none'],
  SCHEMA_RETYPED: [(_value, _limit, columns) => `of another type than declared: ${columns}`, 'none'],
  SCHEMA_EVOLVED: [(_value, _limit, columns) => `taken as the contract allows: ${columns}`, 'none'],
  SWALLOWED_RECORDS: [
    (value, _limit, column, { place }) =>
      `${value} field(s)${column === undefined ? '' : ` of ${column}`} hold lines that look like records of the table, the first in ${place}: a stray quote may have swallowed them. If such text is right, set \`contains_records: true\` for the column`,
    'none',
  ],
  BACKSLASHES: [
    (value) =>
      `in ${value} of the records backslashes look like escapes, which are read as text. If they are, set \`format.escape\` to "\\\\", or to mysql or copy where letters after them mean something; if they are text, raise \`guards.backslashes\``,
    'rise',
  ],
  RECORD_BYTES: [(value) => `the longest record has ${value}`, 'rise'],
  RECORD_LINES: [(value) => `the longest record has ${value} lines`, 'rise'],
  FILE_ENDINGS: [
    (value) =>
      `${value} kind(s) of file endings that the delivery before did not have: with and without a final line end`,
    'none',
  ],
  FILES_MISSING: [(value, limit) => `${value} files came; ${limit} are expected`, 'none'],
  FILES_OVERLAP: [
    (value, _limit, _name, { files = [], keys = [] }) =>
      `${value} keys are in several files: ${files.join(', ')} (such as ${keys.join('; ')})`,
    'rise',
  ],
  OLDER_VERSIONS: [(value) => `${value} of the rows are older versions of a key`, 'rise'],
  ROWS_REVERTED: [
    (value) =>
      `${value} updated row(s) fall back to an older version than production holds, as with an old dump; \`guards.reverted\` says how many may, and whether more warn or hold`,
    'rise',
  ],
  DUPLICATE_ROWS: [(value) => `${value} of the rows are equal to another one of their file`, 'rise'],
  DELETES_SUSPENDED: [
    (value, _limit, _name, { footer }) =>
      `${value} nights in a row, rows stay that the vendor no longer sends, because the key of a rejected record cannot be read${footer ? '; it is the last record of its file and looks like a footer' : ''}`,
    'none',
  ],
  FILES_EXTRA: [
    (value, limit) =>
      `${value} files came; \`expect\` says ${limit} (with \`links: ignore\` in the source, links do not count)`,
    'none',
  ],
  FILES_UNUSUAL: [(value) => `${value} file(s) came`, 'both'],
  TARGET_OBJECT: [
    (_value, _limit, object) =>
      `${object} can change rows unseen; the feed file accepts it with \`target: {accept: [${JSON.stringify(object)}]}\``,
    'none',
  ],
  RESENT: [(value) => `the same bytes as at an earlier date, in all ${value} table(s)`, 'none'],
};

function showNumber(number: number, unit: Finding['unit']): string {
  if (unit === 'count') return String(Math.round(number * 10) / 10);
  if (unit === 'bytes') return `${Math.round(number)} bytes`;
  if (unit === 'minutes') return `${Math.round(number)} min`;
  const percent = number * 100;
  // Limits of rejects are far below one per cent.
  const isSmall = percent !== 0 && Math.abs(percent) < 0.1;
  return `${isSmall ? Number(percent.toPrecision(2)) : percent.toFixed(1)} %`;
}
