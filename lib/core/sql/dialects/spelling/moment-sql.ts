import type { MomentPart } from '../../../feed/values/date-format.ts';
import { type MomentSpelling, utcWords } from '../../../feed/values/spelling/moment-spelling.ts';
import { caseOf, folded } from '../../../feed/values/spelling/month-names.ts';
import type { SqlDialect } from '../dialect.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainMoment` of `core/feed/values/spelling/moment-spelling.ts`, as SQL: the parts side by side, then the plain spelling. */
export function momentStages({ pattern, fault, parts, pivot, months }: MomentSpelling): readonly Stage[] {
  const apart: Stage = (sql, text) => {
    const groups = parts.flatMap((_part, index) => [...(index > 0 ? ['|'] : []), index + 1]);
    return `CASE WHEN ${sql.matches(text, pattern)} THEN ${sql.arranged(text, `^(?:${pattern})$`, groups)} ELSE ${rejected(fault)} END`;
  };
  const together: Stage = (sql, text) => {
    const part = (name: MomentPart) => `split_part(${text}, '|', ${parts.indexOf(name) + 1})`;
    const two = (name: MomentPart) => `right('0' || ${part(name)}, 2)`;
    const has = (name: MomentPart) => parts.includes(name);
    const year = has('shortYear') ? `${centuryOf(pivot, part('shortYear'))} || ${part('shortYear')}` : part('year');
    const name = has('monthName') ? part('monthName') : part('shortMonthName');
    const month = has('month') ? two('month') : monthOf(sql, months, name);
    const day = `${year} || '-' || ${month} || '-' || ${two('day')}`;
    if (!has('hour')) return has('rest') ? `${day} || ${part('rest')}` : day;
    const front = has('day') ? [`${day} || ' '`] : [];
    const hour = has('half') ? fullHour(sql, part('hour'), part('half')) : two('hour');
    const second = `CASE WHEN ${part('second')} = '' THEN '00' ELSE ${part('second')} END`;
    const fraction = `CASE WHEN ${part('fraction')} = '' THEN '' ELSE '.' || ${part('fraction')} END`;
    const utc = utcWords.map(sql.literal).join(', ');
    const zone = `CASE WHEN ${part('zone')} IN (${utc}) THEN 'Z' ELSE ${part('zone')} END`;
    const clock = [hour, has('minute') ? part('minute') : "'00'", has('second') ? second : "'00'"].join(` || ':' || `);
    return [...front, clock, ...(has('fraction') ? [fraction] : []), ...(has('zone') ? [zone] : [])].join(' || ');
  };
  return [apart, together];
}

function centuryOf(pivot: number, digits: string): string {
  const first = Math.floor(pivot / 100);
  return `CASE WHEN ${digits} < '${String(pivot % 100).padStart(2, '0')}' THEN '${first + 1}' ELSE '${first}' END`;
}

function fullHour(sql: SqlDialect, hour: string, half: string): string {
  const later = `CASE WHEN lower(${half}) = 'p' THEN 12 ELSE 0 END`;
  return `right('0' || ${sql.text(`${sql.tryCast(hour, 'integer')} % 12 + ${later}`)}, 2)`;
}

/** Looked up in one text of all names, because twelve comparisons would each fold the name again. */
function monthOf(sql: SqlDialect, months: MomentSpelling['months'], name: string): string {
  const all = months.flatMap(({ whole, short }, index) =>
    [...whole, ...short].map((each) => `|${folded(each)}|${String(index + 1).padStart(2, '0')}`),
  );
  const letters = [...new Set(months.flatMap(({ whole, short }) => [...whole, ...short].flatMap((each) => [...each])))];
  const cased = letters.map(caseOf).filter(({ capital, small }) => capital !== small);
  const [capitals, smalls] = [cased.map(({ capital }) => capital), cased.map(({ small }) => small)];
  const wanted = `translate(${name}, ${sql.literal(capitals.join(''))}, ${sql.literal(smalls.join(''))})`;
  const table = sql.literal([...new Set(all)].join(''));
  return `substr(${table}, instr(${table}, '|' || ${wanted} || '|') + length(${name}) + 2, 2)`;
}
