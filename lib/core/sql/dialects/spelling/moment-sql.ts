import type { MomentPart } from '../../../feed/values/date-format.ts';
import { caseOf, folded } from '../../../feed/values/spelling/calendar-names.ts';
import { FIRST_YEAR, type MomentSpelling, utcWords } from '../../../feed/values/spelling/moment-spelling.ts';
import type { SqlDialect } from '../dialect.ts';
import { rejected, type Stage } from './stage.ts';

/** The same as `plainMoment` of `core/feed/values/spelling/moment-spelling.ts`, as SQL: the parts side by side, then the plain spelling. */
export function momentStages({ pattern, fault, parts, pivot, months, weekdays }: MomentSpelling): readonly Stage[] {
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
    const month = has('month') ? two('month') : numberOf(sql, months, name);
    const day = `${year} || '-' || ${month} || '-' || ${two('day')}`;
    const weekday = has('weekdayName') ? part('weekdayName') : has('shortWeekdayName') ? part('shortWeekdayName') : '';
    const checked = (moment: string) => {
      if (weekday === '') return moment;
      const isOther = `${sql.text(sql.weekday(sql.tryCast(day, 'date')))} <> substr(${numberOf(sql, weekdays, weekday)}, 2)`;
      return `CASE WHEN ${weekday} <> '' AND ${day} >= '${FIRST_YEAR}' AND ${isOther} THEN ${rejected(fault)} ELSE ${moment} END`;
    };
    if (!has('hour')) return checked(has('rest') ? `${day} || ${part('rest')}` : day);
    const front = has('day') ? [`${day} || ' '`] : [];
    const hour = has('half') ? fullHour(sql, part('hour'), part('half')) : two('hour');
    const second = `CASE WHEN ${part('second')} = '' THEN '00' ELSE ${part('second')} END`;
    const fraction = `CASE WHEN ${part('fraction')} = '' THEN '' ELSE '.' || ${part('fraction')} END`;
    const utc = utcWords.map(sql.literal).join(', ');
    const zone = `CASE WHEN ${part('zone')} IN (${utc}) THEN 'Z' ELSE ${part('zone')} END`;
    const clock = [hour, has('minute') ? part('minute') : "'00'", has('second') ? second : "'00'"].join(` || ':' || `);
    return checked(
      [...front, clock, ...(has('fraction') ? [fraction] : []), ...(has('zone') ? [zone] : [])].join(' || '),
    );
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

/** The number of a month or day in two digits. Looked up in one text of all names, because twelve comparisons would each fold the name again. */
function numberOf(sql: SqlDialect, names: MomentSpelling['months'], name: string): string {
  const all = names.flatMap(({ whole, short }, index) =>
    [...whole, ...short].map((each) => `|${folded(each)}|${String(index + 1).padStart(2, '0')}`),
  );
  const letters = [...new Set(names.flatMap(({ whole, short }) => [...whole, ...short].flatMap((each) => [...each])))];
  const cased = letters.map(caseOf).filter(({ capital, small }) => capital !== small);
  const [capitals, smalls] = [cased.map(({ capital }) => capital), cased.map(({ small }) => small)];
  const wanted = `translate(${name}, ${sql.literal(capitals.join(''))}, ${sql.literal(smalls.join(''))})`;
  const table = sql.literal([...new Set(all)].join(''));
  return `substr(${table}, instr(${table}, '|' || ${wanted} || '|') + length(${name}) + 2, 2)`;
}
