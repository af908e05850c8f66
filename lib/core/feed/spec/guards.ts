import { z } from 'zod';
import { duration, growth, share } from '../values/text-forms.ts';

const severity = z.enum(['hold', 'warn']).default('hold').describe('What breaking `limit` does.');
const learned = z
  .enum(['off', 'warn', 'hold'])
  .default('warn')
  .describe('What a number does that is far from those of the nights before.');

const aShare = 'a percentage from 0% to 100%';
const aRange = 'two percentages, the lower first, such as [-20%, +50%]';

const range = z
  .tuple([growth, growth], { error: `expected ${aRange}` })
  .refine(([lowest, highest]) => lowest <= highest, `expected ${aRange}`);

/** A limit, or a limit with the action to take. `field` names the limit in the longer form. */
function guard<Limit extends z.ZodType, Field extends z.ZodType, More extends z.ZodRawShape>(
  expected: string,
  limit: Limit,
  field: Field,
  more: More,
) {
  const whole = z.strictObject({ limit: field, severity, learned, ...more });
  const short = limit.transform((value) => ({ ...whole.parse({}), limit: value }) as z.output<typeof whole>);
  const names = ['limit', 'severity', 'learned', ...Object.keys(more)].join(', ');
  return z.union([short, whole], { error: `expected ${expected}, or options ${names}` });
}

const rowsOrShare = z.union(
  [
    z
      .int()
      .min(0)
      .transform((rows) => ({ rows })),
    share.transform((share) => ({ share })),
  ],
  {
    error: 'expected a number, or a percentage from 0% to 100%',
  },
);

const people = z
  .int()
  .min(1)
  .max(2)
  .default(1)
  .describe('How many different people have to approve what a delete guard holds.');

const BACKSLASHES = '1%';

/** What guards do that a feed file does not mention. Kept out of the feed document, because documents are compared with older ones. */
export const unsaid = {
  longest_record: { limit: undefined, severity: 'hold', learned: 'warn' },
  collapsed: { limit: undefined, severity: 'hold', learned: 'warn' },
  reverted: { limit: { rows: 0 }, severity: 'warn', learned: 'warn' },
  backslashes: { limit: share.parse(BACKSLASHES), severity: 'hold' },
} as const;

/** Limits that hold a night, table by table. */
export const guards = z.strictObject({
  gone: guard(aShare, share, share.optional(), { people })
    .prefault({})
    .describe(
      'Largest share of the base rows that may vanish; without a limit 5%, and of any table not 90 %. `people: 2`: two people have to approve it.',
    ),
  updated: guard(aShare, share, share.prefault('30%'), {})
    .prefault('30%')
    .describe('Largest share of the base rows that may change.'),
  inserted: guard(aShare, share, share.optional(), {})
    .prefault({})
    .describe('Largest share of the base rows that may come new.'),
  rejected: guard(aShare, share, share.prefault('0.1%'), {})
    .prefault('0.1%')
    .describe('Largest share of the delivered rows that may be rejected.'),
  rows: guard(aRange, range, range.prefault(['-20%', '+50%']), {})
    .prefault(['-20%', '+50%'])
    .describe('Smallest and largest growth of the row count.'),
  bytes: guard(aRange, range, range.optional(), {})
    .prefault({})
    .describe('Smallest and largest growth of the bytes that the vendor sends.'),
  nulls: guard(aShare, share, share.optional(), {})
    .prefault({})
    .describe('Largest change of the share of rows with null, of any compared column, in points: 2 % to 9 % is 7%.'),
  files: z
    .strictObject({ learned })
    .optional()
    .describe('How many files the table comes in. There is no limit; `expect` is the number of all files.'),
  duplicates: guard(aShare, share, share.optional(), {})
    .prefault({})
    .describe('Largest share of the delivered rows that may be equal to another row of their file.'),
  collapsed: guard(aShare, share, share.optional(), {})
    .optional()
    .describe(
      'Largest share of the delivered rows that may be older versions of a key, where the table has `collapse`.',
    ),
  reverted: guard('a number of rows, a percentage from 0% to 100%', rowsOrShare, rowsOrShare.prefault(0), {})
    .optional()
    .describe(
      'How many rows, or which share of the delivered rows, may be updated to an older version than production holds, where the table has `collapse`. Without it each of them warns.',
    ),
  overlap: guard('a number of keys, a percentage from 0% to 100%', rowsOrShare, rowsOrShare.prefault(0), {})
    .prefault(0)
    .describe(
      'How many keys, or which share of the delivered rows, may be in several files of the table. Equal rows count when they are more than a tenth of a file.',
    ),
  suspended: z
    .strictObject({
      nights: z
        .int()
        .min(1)
        .max(7)
        .default(3)
        .describe('From how many nights in a row on; from the second night on it warns.'),
      severity: z.enum(['hold', 'warn']).default('hold').describe('What so many nights do.'),
    })
    .prefault({})
    .describe('What it does that rows stay night after night because the key of a rejected record cannot be read.'),
  longest_record: guard('a number of bytes', z.int().min(1), z.int().min(1).optional(), {})
    .optional()
    .describe('Bytes that the longest record may have. What is learned of it are its bytes and its lines.'),
  backslashes: z
    .union(
      [
        share.transform((limit) => ({ limit, severity: 'hold' as const })),
        z.strictObject({ limit: share.prefault(BACKSLASHES), severity }),
      ],
      { error: `expected ${aShare}, or options limit and severity` },
    )
    .optional()
    .describe(
      'Largest share of the records, from two on, in which backslashes look like escapes: before a delimiter, a quote or a line end, or doubled. They are read as text where the format has no `escape`. Without it 1%.',
    ),
  min_rows: z.int().min(0).optional().describe('Percentages are not judged while the base has fewer rows.'),
  min_changed: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Percentages are not judged while no more rows are affected. Without it 20 below 1,000 rows; 0 from there on, and where `min_rows` is written.',
    ),
});

/** Options that concern the whole delivery, or all guards. */
export const feedGuards = z.strictObject({
  late: guard('a duration such as 60s, 5m or 1h', duration, duration.optional(), {})
    .prefault({})
    .describe('How long after `schedule.at` the vendor may still write the delivery.'),
  resent: z
    .enum(['hold', 'warn'])
    .default('warn')
    .describe('What it does that a new date brings the bytes which production already holds of an earlier one.'),
  learn: z
    .strictObject({
      after: z.int().min(3).default(7).describe('Nights that have to be known before they limit anything.'),
      nights: z.int().min(7).max(366).default(28).describe('How many of the last published nights count.'),
      width: z.number().min(1).default(5).describe('How many spreads from their median a number may be.'),
    })
    .prefault({})
    .describe('How the usual range of a number is learned from the nights before.'),
  samples_in_messages: z
    .boolean()
    .default(false)
    .describe('Whether a message about a hold shows sample rows; they may hold personal data.'),
});
