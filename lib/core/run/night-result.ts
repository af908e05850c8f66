import { z } from 'zod';
import { findingSchema } from '../guards/finding.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedByName, storedCount, storedTexts } from '../objects/stored.ts';
import { fileChoiceSchema } from './diff-receipt.ts';
import type { RunId } from './keys.ts';
import { errorReportSchema } from './message.ts';
import { runStates } from './state.ts';

const tableSummary = z.object({
  /** Records delivered, rejected ones included. */
  rows: storedCount,
  inserted: storedCount,
  updated: storedCount,
  /** Known only after publish, because only publish sees the stamped rows. Before, these rows count as inserted. */
  returned: storedCount,
  gone: storedCount,
  /** How many of the gone rows stay, stamped, where `retain_where` decides. Known after publish. */
  retained: storedCount.exactOptional(),
  unchanged: z.int(),
  rejected: storedCount,
  /** Records that the feed's filters exclude. */
  filtered: storedCount,
  /** Older versions of a key; present where the feed collapses versions. */
  collapsed: storedCount.exactOptional(),
  /** Of the updated rows, those whose version is older than production's; present where the feed collapses versions. */
  reverted: storedCount.exactOptional(),
  suspended: storedCount,
  engine: z.string(),
  /** Present where the feed may leave files out. */
  files: fileChoiceSchema.exactOptional(),
  /** What was taken although it is odd; absent when there is nothing. */
  notes: storedTexts.exactOptional(),
});

/** A table's numbers for people and for scripts: a contract, in `--json`. */
export type TableSummary = Stored<typeof tableSummary>;

const run: z.ZodType<RunId> = z.object({ feed: z.string(), date: z.string(), revision: z.int() });

const schema = z.object({
  run: run.nullable(),
  state: z.enum(runStates),
  /** The fence of this attempt; null when no run was opened. */
  attempt: z.int().nullable(),
  tables: storedByName(tableSummary),
  holds: z.array(findingSchema),
  warnings: z.array(findingSchema),
  error: errorReportSchema.nullable(),
  /** Seconds by step. */
  steps: storedByName(z.number()),
  /** What came of the vendor's files; absent where the feed file leaves them alone. */
  after: z
    .object({ taken: storedCount, left: z.array(z.object({ run: z.string(), file: z.string(), reason: z.string() })) })
    .exactOptional(),
});

/** How a night ended, as far as it got. */
export type NightResult = Stored<typeof schema>;

/** What a plan in the cloud came to. */
export const planResult: ObjectKind<NightResult> = { name: 'result of a plan', version: 1, schema, isSealed: false };
