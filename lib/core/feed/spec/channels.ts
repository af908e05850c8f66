import { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import { linkFault } from '../../run/link-pattern.ts';
import { severities } from '../../run/severity.ts';
import { type FeedChannel, type NotifierDescriptor, nameOfChannel } from '../descriptors/notifier-descriptor.ts';
import { matching } from '../values/text-forms.ts';

const common = {
  severity: z
    .enum(severities)
    .optional()
    .describe(
      'Of the least message that it takes: `info` all; `warning` what was unusual too; `error` what waits for somebody: held, late, refused, failed. Default: `error` for PagerDuty, `info` for the others.',
    ),
  name: matching(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes, at most 40')
    .optional()
    .describe('Its name in the ledger; needed where a feed has two channels of one kind.'),
  link: z
    .string()
    .max(1000)
    .superRefine((pattern, context) => {
      const fault = linkFault(pattern);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .optional()
    .describe(
      'An address that each message ends with, such as that of your runbook or dashboard; `{feed}`, `{run}` and `{date}` are those of the message.',
    ),
};

/** Who is told of a feed's runs: one schema for each kind that a feed file may name. */
export function channelsSchema(kinds: readonly NotifierDescriptor[]): z.ZodType<readonly FeedChannel[] | undefined> {
  const schemas = kinds.flatMap(({ name, options }) =>
    options === undefined ? [] : [z.strictObject({ [name]: options, ...common })],
  );
  const names = kinds.flatMap(({ name, options }) => (options === undefined ? [] : [name]));
  return z
    .array(z.union(schemas, { error: `expected ${anyOf(names)}` }))
    .min(1)
    .superRefine((channels, context) => {
      const known = new Set(kinds.flatMap(({ name, options }) => (options === undefined ? [name] : [])));
      for (const [index, channel] of (channels as FeedChannel[]).entries()) {
        const name = nameOfChannel(channel);
        if (known.has(name))
          context.addIssue({
            code: 'custom',
            message: `a second channel ${name}; give each a name of its own, which is none of ${[...known].join(', ')}`,
            path: [index],
          });
        known.add(name);
      }
    })
    .optional() as z.ZodType<readonly FeedChannel[] | undefined>;
}
