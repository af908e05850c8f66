import { z } from 'zod';
import { isReservedName } from '../reserved-names.ts';
import { dateForms, unknownForm } from './date-form.ts';

/** A text of one form. The complaint about any other value names the form. */
export const matching = (pattern: RegExp, expected: string) => z.string({ error: expected }).regex(pattern, expected);

/** `5%` as a fraction. */
export const share = matching(/^(100|\d{1,2}(\.\d+)?)%$/, 'expected a percentage from 0% to 100%').transform(fraction);

/** `-20%`, `+50%` as a fraction. */
export const growth = matching(/^[+-]?\d+(\.\d+)?%$/, 'expected a percentage such as -20% or +50%').transform(fraction);

/** Text in which `{…}` stands for a date. A mistake in it would make the night wait in vain, so it is refused here. */
export const dated = z.string().superRefine((text, context) => {
  const unknown = unknownForm(text);
  if (unknown !== undefined)
    context.addIssue({ code: 'custom', message: `${unknown} is not a date; dates are ${dateForms}` });
});

const durationUnits = { s: 1, m: 60, h: 3600 } as const;

/** `60s`, `5m`, `1h` in seconds. */
export const duration = matching(/^\d+[smh]$/, 'expected a duration such as 60s, 5m or 1h').transform(
  (text) => Number.parseInt(text, 10) * durationUnits[text.slice(-1) as keyof typeof durationUnits],
);

const sizeUnits = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** `500MB`, `200GB`, `2TB` in bytes. */
export const size = matching(/^\d+(MB|GB|TB)$/, 'expected a size such as 500MB, 200GB or 2TB').transform(
  (text) => Number.parseInt(text, 10) * sizeUnits[text.slice(-2) as keyof typeof sizeUnits],
);

export const clock = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as "02:00"');

const aTimezone = 'expected an IANA time zone such as America/New_York';
export const timezone = z.string({ error: aTimezone }).refine(isTimezone, aTimezone);

/** What somebody is told who wrote something else where a secret is named: it may be the secret. */
export const expectedSecret = 'expected env:NAME, file:/path or secret:NAME, not the secret itself';

/** A secret is named, never written. Names in Secrets Manager hold `/_+=.@-`, their ARNs colons too. */
export const secret = matching(
  /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|secret:[A-Za-z0-9/_+=.@:-]+(#[A-Za-z0-9_.-]+)?)$/,
  expectedSecret,
).refine((reference) => !reference.startsWith('env:') || !isReservedName(reference.slice('env:'.length)), {
  error: ({ input }) =>
    `${input} is reserved, and no secret of a vendor's; give the vendor's secret a variable of its own`,
});

const secrets = z.registry<{ isSecret: true }>();
secrets.add(secret, { isSecret: true });

/** Whether a schema is `secret`, with or without a description of its own. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.get(schema) !== undefined;
}

function fraction(percentage: string): number {
  return Number.parseFloat(percentage) / 100;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
