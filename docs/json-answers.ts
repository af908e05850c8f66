import { z } from 'zod';
import { guardNames } from '../lib/core/guards/guard-names.ts';
import { logLevels } from '../lib/core/run/log-level.ts';
import { runStates } from '../lib/core/run/state.ts';
import { areaNames, verdicts } from '../lib/workflows/doctor/area.ts';

const text = (meaning: string) => z.string().describe(meaning);
const number = (meaning: string) => z.number().describe(meaning);
const flag = (meaning: string) => z.boolean().describe(meaning);
const texts = (meaning: string) => z.array(z.string()).describe(meaning);
const counts = (meaning: string) => z.record(z.string(), z.number()).describe(meaning);

const fileChoice = z.strictObject({
  picked: texts('files that were taken, at most 1,000 of them'),
  left_out: texts('files that fit the pattern and were left out, at most 1,000 of them'),
  more: z
    .strictObject({ picked: number('more files that were taken'), left_out: number('more files that were left out') })
    .describe('how many names do not stand in the lists')
    .optional(),
});

/** A table's numbers in one run. */
export const tableSummary = z
  .strictObject({
    rows: number('records delivered, rejected ones included'),
    inserted: number('new rows; before publishing, rows that return count here too'),
    updated: number('rows whose compared values changed'),
    returned: number('rows that were gone and are delivered again; 0 before publishing'),
    gone: number('rows that are no longer delivered'),
    retained: number('of the rows that are gone, those that `retain_where` keeps; known after publishing').optional(),
    unchanged: number('rows that stay as they are'),
    rejected: number('records that cannot become rows'),
    filtered: number("records that the feed file's filters leave out"),
    collapsed: number('older versions of a key, which are left out; present where the table has `collapse`').optional(),
    reverted: number(
      'of the updated rows, those whose version is older than the one that production held; present where the table has `collapse`',
    ).optional(),
    suspended: number('rows that stay because the key of a rejected record cannot be read'),
    engine: text('what compared the table: `lockstep`, `duckdb` or `spark`'),
    files: fileChoice.describe('which files were taken, where `pick` may leave some out').optional(),
    notes: texts('what was taken although it is odd, at most ten and the number of the others').optional(),
  })
  .meta({ id: 'table numbers' });

const spread = {
  nights: number('how many nights it was learned from'),
  median: number('their median'),
  spread: number('their spread'),
  lowest: number('lower end of the usual range'),
  highest: number('upper end of the usual range'),
};

/** Why a run is held, or what it is warned of. */
export const finding = z
  .strictObject({
    table: z.string().nullable().describe('the table; null when it concerns the whole delivery'),
    guard: z.enum(guardNames).describe('name of the [guard](guards.md#what-each-guard-watches)'),
    column: text('the column, or the columns that the vendor sent').optional(),
    rule: text("name of the feed file's rule").optional(),
    object: text('the database object, as `target.accept` names it').optional(),
    place: text('file, record and byte').optional(),
    value: number('what was measured'),
    limit: number('what is allowed'),
    unit: z.enum(['share', 'minutes', 'count', 'bytes']).describe('of `value` and `limit`; a share of 0.4 is 40 %'),
    basis: z
      .enum(['fixed', 'learned'])
      .describe('where the limit comes from: the feed file (also when it is absent), or the nights before')
      .optional(),
    usual: z
      .strictObject({
        ...spread,
        weekday: z.strictObject(spread).describe('the same of that day of the week').optional(),
      })
      .describe('[what is usual](guards.md#what-is-usual)')
      .optional(),
    option: text("the guard's option that would let such a night in").optional(),
    files: texts('files that share keys').optional(),
    keys: texts('some of these keys').optional(),
    footer: z.literal(true).describe('the rejected record is the last one of its file').optional(),
    people: number('how many different people have to approve; 1 when absent').optional(),
  })
  .meta({ id: 'finding' });

/** What failed. */
export const error = z
  .strictObject({
    name: text('one of the [names](errors.md); a contract'),
    message: text('what happened, for people; its wording may change'),
    hint: text('what to do next, for people; its wording may change'),
  })
  .meta({ id: 'error' });

const tables = z.record(z.string(), tableSummary).describe('by table; empty as long as nothing was compared');
const holds = z.array(finding).describe('what holds the run, or held it until somebody approved');
const warnings = z.array(finding).describe('what is unusual and stops nothing');
const state = z.enum(runStates).describe('[state](#states-and-exit-codes) of the run');
const run = z.string().nullable().describe('name of the run, such as `shop/2026-11-20-r2`; null when none was opened');
const date = z.string().nullable().describe('business date; null when none is known');
const attempt = z.number().nullable().describe('rises each time that a process takes the run up');
const failure = error.nullable().describe('why it failed; null when it did not');
const seconds = number('how long the command worked');
const steps = counts('seconds by step: `claim`, `arrive`, `pull`, `diff`, `guard`, `publish`, `notify`, `tidy`');
const instant = (meaning: string) => text(`${meaning}; an instant in UTC, such as 2026-11-20T02:40:00.000Z`);

const after = z
  .strictObject({
    taken: number('files that were deleted or moved'),
    left: z
      .array(
        z.strictObject({
          run: text('the run that published it'),
          file: text('name of the file'),
          reason: text('why it is still there'),
        }),
      )
      .describe('files that are still there; the next run tries again'),
  })
  .describe("what came of the vendor's files; only where the feed file has `after`")
  .optional();

const night = { run, state, date, attempt, tables, holds, warnings, error: failure, seconds, steps, after };

const stepTime = z.strictObject({
  began_at: instant('when it was begun last'),
  ended_at: z
    .string()
    .nullable()
    .describe('when that ended, well or badly; null while it is at work, or when its process died'),
  seconds: z.number().nullable().describe('what it took from the one to the other; null without an end'),
  attempts: number('how often it was begun, by any process'),
});

/** A run in the lists. */
export const listedRun = z
  .strictObject({
    run: text('name of the run'),
    feed: text('name of the feed'),
    date: text('business date'),
    state,
    abandoned: flag('its state is `running`, and no process works on it: run the same command again'),
    attempt: number('rises each time that a process takes the run up'),
    tables,
    holds,
    warnings,
    error: failure,
    origin: z
      .union([
        z.strictObject({
          kind: z.literal('release').describe('rows of a quarantine were released'),
          run: text('the run that had rejected them'),
          table: z.string().nullable().describe('only of this table; null for all'),
          code: z.string().nullable().describe('only with this reject code; null for all'),
          by: text('on AWS: who asked for it').optional(),
        }),
        z.strictObject({ kind: z.literal('adopt').describe('tables were taken over'), tables: texts('their names') }),
      ])
      .nullable()
      .describe('what it is when it is no night; null for a night'),
    opened_at: instant('when it began'),
    ended_at: z.string().nullable().describe('when it ended, in the same form; null while it has not'),
    step_times: z.record(z.string(), stepTime).describe('by step, in their order; empty when an older version ran it'),
  })
  .meta({ id: 'run' });

const tableMeasures = z.strictObject({
  files: number('number of files').optional(),
  rows: number('growth of the row count').optional(),
  bytes: number('growth of what the vendor sends, decompressed').optional(),
  inserted: number('share of rows that are new').optional(),
  updated: number('share of rows that change').optional(),
  gone: number('share of rows that vanish').optional(),
  rejected: number('share of the delivery that is rejected').optional(),
  duplicates: number('share of the delivery that repeats a row of its file').optional(),
  collapsed: number('share of the delivery that is older versions of a key').optional(),
  reverted: number('updated rows whose version is older than the one that production held').optional(),
  overlap: number('keys that stand in several files').optional(),
  suspended: number('rows that stay because the key of a reject cannot be read').optional(),
  recordBytes: number('bytes of the longest record').optional(),
  recordLines: number('lines of the longest record').optional(),
  nulls: counts('by column: by how much the share of rows with null grew').optional(),
});

/** All of one run. */
export const runDetail = z.strictObject({
  ...listedRun.shape,
  delivery: z.string().nullable().describe('hash of what was delivered'),
  change_set: z.string().nullable().describe('id of the change set, which an approval is for'),
  measures: z
    .strictObject({
      late: number('minutes after `schedule.at`').optional(),
      tables: z.record(z.string(), tableMeasures).describe('by table; shares are of what production held'),
    })
    .nullable()
    .describe('the numbers that the guards looked at'),
  open: z.array(z.enum(guardNames)).describe('guards that still wait for somebody'),
  decisions: z
    .array(
      z.strictObject({
        verdict: z.enum(['approved', 'rejected']).describe('what was decided'),
        guards: z.array(z.enum(guardNames)).nullable().describe('of which guards; null for a rejection'),
        by: text('who'),
        reason: text('why'),
        at: instant('when'),
        change_set: text('of which change set'),
      }),
    )
    .describe('who decided what, oldest first'),
  forced: z
    .array(
      z.strictObject({
        error: z.literal('DATE_AHEAD').describe('what would have been refused'),
        by: text('who'),
        reason: text('why'),
        at: instant('when'),
      }),
    )
    .describe('what `--force` let through'),
  samples: z
    .array(
      z.strictObject({
        table: z.string().nullable().describe('of which table'),
        guard: z.enum(guardNames).describe('of which guard'),
        column: text('of which column').optional(),
        rule: text('of which rule').optional(),
        rows: texts('up to ten rows, shortened, for people'),
      }),
    )
    .describe('rows that the findings are about'),
});

const fingerprint = z.strictObject({
  rows: number('number of live rows'),
  hi: text('a sum over hashes of the rows: digits, too many for a number of JSON'),
  lo: text('the other half'),
});

export const place = z
  .strictObject({
    line: number('number of the line, from 1').optional(),
    byte: number('the byte, from 0').optional(),
    path: text('JSON path, such as `$.items[12]`').optional(),
    statement: number('number of the statement in an SQL dump, from 1').optional(),
    row_group: number('number of the row group of a Parquet file, from 1').optional(),
    row: number('number of the row in a Parquet file, from 1').optional(),
    record: number('number of the record, from 1, where the format tells nothing else').optional(),
  })
  .meta({ id: 'place of a record' });

const waiting = {
  run: text('the run that rejected them'),
  feed: text('its feed'),
  date: text('its business date'),
  table: text('the table'),
};

/** What became of quarantined records, table by table. */
export const releasedTable = z.strictObject({
  records: number('records that were read again'),
  released: number('of these, rows that went in'),
  there: number('rows that production holds already, or that the feed file leaves out now'),
  newer: number('rows on which a later delivery decided'),
  rejected: counts('by reject code: records that are still bad'),
  waiting: counts('by reject code: all rows of that run and table that wait from now on'),
});

const undeliveredMessages = z.array(
  z.strictObject({
    run: text('the run that the message is about'),
    state,
    channel: text('name of the channel'),
    attempts: number('how often it was tried'),
    tried_at: instant('when it was tried last'),
    reason: text('why the channel did not take it, for people'),
  }),
);

const leftFile = z.strictObject({
  run: text('the run that published it'),
  file: text("the vendor's name of it"),
  reason: text('why it is still there, for people'),
});

const size = { objects: number('how many objects'), bytes: number('their bytes') };

/** Every answer, by command, as it is when nothing failed before there was an answer. */
export const answers = {
  run: z.strictObject({
    ...night,
    state: state.nullable().describe('null when `--scheduled` found no night that has begun, or a holiday'),
  }),
  plan: z.strictObject({ plan: z.literal(true).describe('tells a plan from a run'), ...night }),
  failure: z.strictObject({ ...night, state: state.nullable().describe('null when the command was wrong') }),
  started: z.strictObject({ execution: text('ARN of the execution') }),
  validate: z.strictObject({
    feed: text('name of the feed'),
    valid: z.literal(true).describe('a feed file that is not valid is a failure, FEED_INVALID'),
    source: z
      .strictObject({
        kind: text('`folder`, `ftp`, `sftp`, `s3`, or a kind of your own'),
        place: text('host and port, bucket, or folder'),
        secrets: texts('names of the secrets that are sent there'),
      })
      .describe('who is called, and with what'),
    channels: z
      .array(
        z.strictObject({
          name: text('its name in the ledger'),
          kind: text('such as `smtp`'),
          place: text('where the messages go'),
          secrets: texts('names of the secrets that it takes'),
        }),
      )
      .describe('who is told how a run ended'),
    warnings: texts('what the author may not have meant, for people'),
  }),
  sample: z.strictObject({
    feed: text('name of the feed'),
    date: text('business date'),
    tables: z
      .array(
        z.strictObject({
          table: text('the table'),
          file: text('the file, or the member of an archive'),
          columns: texts('its stored columns'),
          records: z
            .array(
              z.strictObject({
                row: z
                  .record(z.string(), z.string().nullable())
                  .nullable()
                  .describe('values by column; null for a record that is rejected or left out'),
                code: text('why it is rejected, one of the [reject codes](reject-codes.md)').nullable(),
                isFiltered: flag('whether a filter leaves it out'),
                raw: text('its text in landing'),
                place: place.describe("where it begins in the vendor's file, unpacked"),
              }),
            )
            .describe('the first of the file'),
        }),
      )
      .describe('by the order of the feed file'),
  }),
  doctor: z.strictObject({
    feed: z.string().nullable().describe('name of the feed; null when the feed file cannot be read'),
    date: z.string().nullable().describe('business date that was looked at; null without a feed'),
    healthy: flag('whether nothing failed'),
    checks: z
      .array(
        z.strictObject({
          area: z.enum(areaNames).describe('`feed`, `source`, `database`, `lake` or `engine`'),
          verdict: z.enum(verdicts).describe('whether it is as it has to be'),
          found: text('what was found, for people'),
          error: z
            .string()
            .nullable()
            .describe('name of the failure, one of the [errors](errors.md); null unless it failed'),
          hint: z
            .string()
            .nullable()
            .describe('what to do, for people, with one command a line; null where all is well, or `found` says it'),
        }),
      )
      .describe('in the order in which they were made'),
  }),
  metrics: z.strictObject({
    metrics: text(
      'numbers of all feeds in the text format of Prometheus ([numbers](numbers.md#prometheus)); empty without a ledger',
    ),
  }),
  explain: z.strictObject({
    meanings: z
      .array(
        z.strictObject({
          kind: z.enum(['error', 'guard', 'reject code', 'state']).describe('what the word is a name of'),
          name: text('the word as it is written'),
          tells: z.record(z.string(), z.string()).describe('what is told of it, by a heading, Markdown without links'),
        }),
      )
      .describe('each meaning of the word'),
  }),
  schedule: z.strictObject({
    feed: text('name of the feed'),
    files: z
      .array(z.strictObject({ path: text('where it belongs'), content: text('what it says') }))
      .describe('what starts the nights'),
  }),
  migrate: z.strictObject({ feed: text('name of the feed'), done: texts('what was made or changed, for people') }),
  adopt: z.strictObject({ run, tables: counts('by table: rows that were taken over') }),
  logs: z.strictObject({
    run: text('name of the run'),
    lines: z
      .array(
        z.strictObject({
          time: text('an instant in UTC'),
          level: z.enum(logLevels).describe('how grave it is'),
          feed: z.string().nullable().describe('name of the feed'),
          run: z.string().nullable().describe('name of the run'),
          step: z.string().nullable().describe('the step that told it; null between steps'),
          attempt: z.number().nullable().describe('which opening of the run it is'),
          host: text('the machine'),
          message: text('what happened'),
          fields: z
            .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
            .describe('numbers and names that belong to it'),
        }),
      )
      .describe('oldest first'),
    left_out: number('older parts of the log that were not read, because there are too many'),
  }),
  log_place: z.strictObject({
    run: text('name of the run'),
    groups: text('how the names of the log groups begin'),
    query: text('what to ask Logs Insights'),
  }),
  lake: z.strictObject({
    lake: text('where it is'),
    feeds: z
      .array(
        z.strictObject({
          feed: text('name of the feed'),
          zones: z
            .array(
              z.strictObject({
                zone: text('`landing`, `raw`, `changes`, `snapshots`, `receipts`, `current`, `feeds` or `logs`'),
                ...size,
                grown: number('of the bytes, those that came within the last 30 days'),
                oldest: z
                  .string()
                  .nullable()
                  .describe('when its oldest object came, an instant in UTC; null without one'),
              }),
            )
            .describe('all zones'),
          unnamed: z
            .strictObject(size)
            .describe('of these, objects older than a day that no receipt, no manifest and no table leads to'),
          freed: z
            .strictObject({
              zones: z
                .array(z.strictObject({ zone: text('the zone'), days: number('the limit that is tried'), ...size }))
                .describe('what the next nights would remove'),
              needed: z
                .array(
                  z.strictObject({
                    need: text('what needs it: `production`, `open run`, `held run` or `quarantine`'),
                    ...size,
                  }),
                )
                .describe('what is as old, and stays'),
            })
            .nullable()
            .describe('null without `--keep` and `keep` of a feed file, and without a ledger'),
        }),
      )
      .describe('those that were asked for, by default all'),
  }),
  audit: z.strictObject({
    feed: text('name of the feed'),
    tables: z
      .array(
        z.strictObject({
          table: text('the table, with its schema'),
          expected: fingerprint.describe('what the ledger says'),
          found: fingerprint.describe('what the live rows come to'),
          agrees: flag('whether both are the same'),
        }),
      )
      .describe('empty before the first publication'),
    lake: z
      .strictObject({
        here: flag('whether this is the lake that the ledger names; if it is not, nothing else is said of it'),
        lost: z
          .array(z.strictObject({ table: text('the table'), reason: text('what is missing or damaged, for people') }))
          .describe('tables whose snapshot the lake has not, or not whole: it is older than the ledger'),
        ahead: texts(
          'runs that the lake has and the ledger does not know, oldest first: the ledger is older, or they were only planned',
        ),
        next: texts('what to do, with the commands to type, for people; empty when lake and ledger fit'),
      })
      .describe('whether lake and ledger fit, after either of them was restored'),
  }),
  runs: z.strictObject({
    runs: z.array(listedRun),
    undelivered: undeliveredMessages
      .describe('`status` alone: what a channel did not take; the next run tries again')
      .optional(),
    missed: z
      .array(
        z.strictObject({
          feed: text('name of the feed'),
          date: text('business date that nobody ran'),
          found_at: instant('when it was found'),
          found_by: text('who found it'),
        }),
      )
      .describe('dates that [`serve`](serve.md) found nobody had run, at most fifty, newest first; absent without any')
      .optional(),
    left: z
      .array(leftFile)
      .describe("`status`: published files that are still at the vendor's; only if there are some")
      .optional(),
  }),
  notify: z.strictObject({
    sent: number('messages that everybody has by now who wants them'),
    undelivered: undeliveredMessages.describe('what still waits, oldest first'),
  }),
  tried: z.strictObject({
    channels: z
      .array(
        z.strictObject({
          channel: text('name of the channel'),
          reason: z.string().nullable().describe('why it did not take the test, for people; null when it did'),
        }),
      )
      .describe('all that the feed has, in the order of the feed file'),
  }),
  detail: z.strictObject({ run: runDetail }),
  decided: z.strictObject({
    ...night,
    open: z.array(z.enum(guardNames)).describe('guards that still wait for somebody'),
  }),
  quarantined: z.strictObject({
    quarantine: z
      .array(z.strictObject({ ...waiting, code: text('[reject code](reject-codes.md)'), rows: number('how many') }))
      .describe('rows of published runs that wait'),
    rows: number('how many wait, all together'),
    held: z.array(z.strictObject({ ...waiting, rows: number('how many') })).describe('rows that held runs rejected'),
  }),
  shown: z.strictObject({
    run: text('name of the run'),
    rows: z.array(
      z.strictObject({
        table: text('the table'),
        code: text('[reject code](reject-codes.md)'),
        column: z.string().nullable().describe('the column; null when it is the whole record'),
        key: z.string().nullable().describe('the key; null when it cannot be read'),
        file: text("the vendor's file"),
        place: place.nullable().describe('where the record begins in this file, unpacked; null when it cannot be told'),
        unplaced: z.string().nullable().describe('why it cannot be told'),
        object: text('the part in the lake that holds the record'),
        offset: number('byte at which it starts there, decompressed'),
        length: number('its bytes'),
        raw: text('its text, of which the first 10,000 bytes'),
      }),
    ),
    more: flag('whether there are more rows than `--limit` shows'),
  }),
  csv: z.strictObject({ csv: text('the file that was written'), rows: number('how many rows it has') }),
  release: z.strictObject({
    ...night,
    released: z.record(z.string(), releasedTable).describe('by table; empty when nothing waits'),
  }),
} as const;
