import { z } from 'zod';
import { type Weekday, weekdays } from '../../schedule/night-days.ts';
import { clock, matching, timezone } from '../values/text-forms.ts';

/** Enough for decades. Whoever asks for a night looks through all of them. */
const MOST_HOLIDAYS = 1000;

const aDay = `(${weekdays.join('|')})`;

/** `mon-fri`, also over the end of a week, as the days that it means. */
const days = matching(
  new RegExp(`^${aDay}(-${aDay})?$`),
  'expected a day such as mon, or days such as mon-fri',
).transform((text): readonly Weekday[] => {
  const [from, to] = text.split('-').map((name) => weekdays.indexOf(name as Weekday)) as [number, number?];
  const length = to === undefined ? 1 : ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, after) => weekdays[(from + after) % 7]!);
});

/** A day of the schedule's calendar. */
export const holiday = z.iso.date({ error: 'expected a day such as 2026-12-25' });

const holidays = z
  .union([
    z.array(holiday).max(MOST_HOLIDAYS),
    z.strictObject({ file: z.string().min(1).describe('Path from the folder of the feed file.') }),
  ])
  // Whoever reads a feed file puts the days of the file in its place.
  .transform((named, context): readonly string[] => {
    if (Array.isArray(named)) return [...new Set(named)].sort();
    context.addIssue({ code: 'custom', message: 'a file of holidays can be read only beside a feed file' });
    return z.NEVER;
  });

/** When the night is. */
export const schedule = z.strictObject({
  at: clock.describe('Time of day at which the night starts, in `timezone`.'),
  days: z
    .array(days)
    .min(1)
    .transform((named): readonly Weekday[] => weekdays.filter((day) => named.flat().includes(day)))
    .optional()
    .describe(
      'Days on which a night begins, such as `[mon-fri]`; without it, every day. A delivery is welcome on the others too: `run --date`.',
    ),
  holidays: holidays
    .optional()
    .describe(
      'Days on which no night begins, such as `[2026-12-25, 2027-01-01]`, or `{file: holidays.txt}`: a day on each line, `#` before a comment. A delivery is welcome then too: `run --date`.',
    ),
  timezone: timezone.describe('IANA time zone; also decides which day is today.'),
  business_date: z
    .enum(['today', 'yesterday'])
    .default('today')
    .describe('Which day the delivery of a night describes.'),
  deadline: clock
    .optional()
    .describe('Until when `run` waits for a delivery; after it the run is late. Without it `run` does not wait.'),
});
