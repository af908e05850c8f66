import { z } from 'zod';
import { matching } from '../values/text-forms.ts';

/** `30d` as a number of days. A plan or a release at work may still need what is younger than a day. */
const days = matching(/^[1-9]\d{0,4}d$/, 'expected a number of days such as 30d, at least 1d').transform((text) =>
  Number.parseInt(text, 10),
);

/** How long the lake keeps what nothing needs any more. */
export const keep = z.strictObject({
  landing: days
    .optional()
    .describe(
      "The vendor's records of a night, and the receipts of `pull` that name them. `raw` goes with them at the latest.",
    ),
  raw: days.optional().describe("Copies of the vendor's own bytes; as long as `landing` unless told."),
  changes: days
    .optional()
    .describe('What a night changed and rejected, manifests of snapshots, and the receipts of `diff` that name them.'),
  receipts: days
    .optional()
    .describe(
      'All other receipts and sample rows of a night; needs limits for `landing` and `changes` that are no longer.',
    ),
  current: days
    .optional()
    .describe(
      'Earlier deliveries in `current/`, beside the two newest, which always stay; without it only these two stay.',
    ),
  logs: days.optional().describe('What the processes of a night told, which `nightfeed logs` shows.'),
  quarantine: days
    .optional()
    .describe(
      'How long rejected rows can be released. Without it they keep what a release of them needs, until a release, or a later delivery without rejects in their table.',
    ),
});

export type Keep = z.output<typeof keep>;
