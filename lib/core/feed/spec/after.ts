import { z } from 'zod';
import { dated } from '../values/text-forms.ts';

/** What becomes of the vendor's files once they are published. */
export const after = z.union(
  [
    z.enum(['keep', 'delete']),
    z.strictObject({
      move: dated
        .min(1)
        .refine((path) => !/\p{Cc}/u.test(path), 'expected a path without control characters')
        .describe(
          'Another folder of the same source, written as its own folder is: a path on the server, a prefix of the bucket, a folder relative to the feed file. It may have a date.',
        ),
    }),
  ],
  { error: 'expected keep, delete or {move: PATH}' },
);

export type After = z.output<typeof after>;

/** The option, where it lets anything happen. */
export function takenAfter({
  after: what,
}: {
  readonly after?: After | undefined;
}): Exclude<After, 'keep'> | undefined {
  return what === 'keep' ? undefined : what;
}
