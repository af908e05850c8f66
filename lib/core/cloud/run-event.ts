import { z } from 'zod';
import { parseRunName } from '../run/keys.ts';
import type { RunMessage } from '../run/message.ts';
import { runStates } from '../run/state.ts';

/** `source` of every event that nightfeed puts on a bus. */
export const EVENT_SOURCE = 'nightfeed';

const count = z.int().min(0);

/** Rows of a table, as the change set counts them. */
const rows = z.strictObject({
  inserted: count.describe('New rows.'),
  updated: count.describe('Rows with other values.'),
  returned: count.describe('Rows that were gone and are back.'),
  gone: count.describe('Rows that the vendor no longer has.'),
  rejected: count.describe('Records that wait in quarantine.'),
});

const error = z.strictObject({
  name: z.string().describe('Name of the [error](errors.md).'),
  message: z.string().describe('What happened, for people. It may hold text of the vendor.'),
  hint: z.string().describe('What to do next, for people.'),
});

const states = runStates.filter((state) => state !== 'running');

/** `detail` of an event, which docs/events.md describes. Fields are added within a version; every other change is a new version. */
export const runEventSchema = z.strictObject({
  version: z.literal(1).describe('Version of these fields.'),
  id: z.string().describe('The same in every repetition. By it a receiver knows an event that it has had.'),
  stage: z.string().describe('Stage of the deployment.'),
  feed: z.string().describe('Name of the feed.'),
  run: z.string().describe('Name of the run.'),
  date: z.string().describe('Business date of the delivery.'),
  revision: z
    .int()
    .min(1)
    .describe('1 for the first delivery of the date, 2 for the next one with other bytes, and so on.'),
  state: z.enum(states).describe('How the run ended.'),
  subject: z.string().describe('The same in one line for people.'),
  change_set: z.string().nullable().describe('Id of the change set, if the run got so far.'),
  tables: z
    .record(z.string(), rows)
    .optional()
    .describe('Changes by table, if the run got so far. Absent also for a feed with too many tables for an event.'),
  held_by: z.array(z.string()).describe('Names of the guards that hold the run.'),
  error: error.nullable().describe('Why the run ended `late`, `refused` or `failed`; otherwise null.'),
});

type RunEvent = z.output<typeof runEventSchema>;

/** What EventBridge is given for a message. The same message is always the same event. */
export function runEventOf(
  message: RunMessage,
  stage: string,
): { readonly detailType: string; readonly detail: RunEvent } {
  const { id, run, state, subject, changeSet, holds } = message;
  const { feed, date, revision } = parseRunName(run)!;
  const tables = tablesOf(message);
  const detail: RunEvent = {
    version: 1,
    id,
    stage,
    feed,
    run,
    date,
    revision,
    state: state as RunEvent['state'],
    subject,
    change_set: changeSet,
    ...(tables ? { tables } : {}),
    held_by: [...new Set(holds.map(({ guard }) => guard))],
    error: message.error,
  };
  return { detailType: `Run ${state}`, detail };
}

/** EventBridge accepts 256 KB for an event, and an error's message is at most 2 KB. */
const MOST_TABLES = 1000;

function tablesOf({ tables }: RunMessage): RunEvent['tables'] {
  const all = Object.entries(tables);
  if (all.length === 0 || all.length > MOST_TABLES) return undefined;
  return Object.fromEntries(all.map(([name, numbers]) => [name, countsIn(numbers)]));
}

function countsIn(numbers: unknown): z.output<typeof rows> {
  const known = numbers as Partial<Record<keyof typeof rows.shape, number>>;
  const names = Object.keys(rows.shape) as (keyof typeof rows.shape)[];
  return Object.fromEntries(names.map((name) => [name, known[name] ?? 0])) as z.output<typeof rows>;
}
