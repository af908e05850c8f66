import { z } from 'zod';

export { columnsOf } from './columns.ts';
export type { Column, Contract, Guards, Table } from './spec/table.ts';

import type { EngineDescriptor } from './descriptors/engine-descriptor.ts';
import type { FormatDescriptor } from './descriptors/format-descriptor.ts';
import type { NotifierDescriptor } from './descriptors/notifier-descriptor.ts';
import type { FeedSource, SourceDescriptor } from './descriptors/source-descriptor.ts';
import { underNewestMeaning, withMeaning } from './meaning.ts';
import { after } from './spec/after.ts';
import { channelsSchema } from './spec/channels.ts';
import { checkAfter } from './spec/checks/after-checks.ts';
import { checkTables } from './spec/checks/checks.ts';
import { checkGuards } from './spec/checks/guard-checks.ts';
import { checkKeep } from './spec/checks/keep-checks.ts';
import { type EngineOptionsIn, engineOptions } from './spec/engine.ts';
import { everyName } from './spec/every-name.ts';
import { feedGuards } from './spec/guards.ts';
import { keep } from './spec/keep.ts';
import { ready } from './spec/ready.ts';
import { schedule } from './spec/schedule.ts';
import { sourceSchema } from './spec/source.ts';
import { tableSchema } from './spec/table.ts';
import { matching } from './values/text-forms.ts';

const anObject =
  /^(trigger|rule|foreign key|row-level security|inheritance (child|parent)|(generated|identity) column) \S/;
const aSchema = 'expected a PostgreSQL schema in lower case, none of nightfeed…, pg_… and information_schema';

/** The kinds that a feed file may name. */
interface Wings<Source extends SourceDescriptor, Engine extends EngineDescriptor> {
  readonly sources: readonly Source[];
  readonly formats: readonly FormatDescriptor[];
  readonly engines: readonly Engine[];
  readonly notifiers: readonly NotifierDescriptor[];
}

/**
 * The schema of the feed file, for the kinds on these lists. The type, the validator, the JSON Schema for editors and the reference
 * page all come from it.
 */
export function feedSchema<Source extends SourceDescriptor, Engine extends EngineDescriptor>({
  sources,
  formats,
  engines,
  notifiers,
}: Wings<Source, Engine>) {
  const schema = z
    .strictObject({
      feed: matching(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes, at most 40').describe(
        'Name of the feed; part of every key and run id.',
      ),
      schedule: schedule
        .optional()
        .describe('When the night is, and which day it is about. Without it: the day in UTC.'),
      source: sourceSchema(sources),
      ready: ready.prefault({}).describe('When a delivery is complete.'),
      expect: z
        .int()
        .min(1)
        .optional()
        .describe('Number of files in a whole delivery; fewer hold the run, and so do more.'),
      ignore_members: z
        .array(z.string().min(1), { error: 'expected a list of patterns' })
        .min(1)
        .optional()
        .describe(
          'Patterns of [members](sources.md#members-of-an-archive) of archives that no table takes, such as `README*`. Any other member that no table takes is refused.',
        ),
      target: z
        .strictObject({
          schema: matching(/^(?!nightfeed|pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/, aSchema)
            .default('public')
            .describe('Schema of the tables; created when it is absent.'),
          accept: z
            .array(matching(anObject, 'expected an object as TARGET_OBJECT names it, such as "trigger products.audit"'))
            .optional()
            .describe(
              'What in the database may change rows unseen, by the name with which it is held: triggers, cascading foreign keys and the like.',
            ),
        })
        .prefault({})
        .describe('Where the tables are.'),
      ...engineOptions(engines),
      channels: channelsSchema(notifiers).describe('Who is told how a run ended, one or several.'),
      after: after
        .optional()
        .describe(
          "What becomes of the vendor's files, their marker and their manifest once they are published: they stay (`keep`, the default), are deleted, or move. See [sources.md](sources.md#after-a-night).",
        ),
      keep: keep
        .optional()
        .describe(
          'How many days the lake keeps what nothing needs any more; without a limit it keeps it for ever. See [lake.md](lake.md#how-long-the-lake-keeps-what).',
        ),
      guards: feedGuards.prefault({}).describe('Guards of the delivery as a whole, and how all guards learn.'),
      tables: everyName(
        matching(/^[a-z][a-z0-9_]{0,39}$/, 'expected lower-case letters, digits and _, at most 40'),
        tableSchema(formats),
      )
        .refine((tables) => Object.keys(tables).length > 0, 'expected at least one table')
        .describe('The tables by name; all of them are published in one transaction.')
        .meta({ minProperties: 1 }),
    })
    .superRefine((feed, context) => checkTables(underNewestMeaning(feed), context, formats))
    .superRefine(checkGuards)
    .superRefine(checkKeep)
    .superRefine(checkAfter)
    .transform(withMeaning);
  type Parsed = z.output<typeof schema>;
  return schema as unknown as z.ZodType<Omit<Parsed, 'engine'> & EngineOptionsIn<Engine>>;
}

/** A feed of any kinds; core reads no more of its source than of `FeedSource`. */
export type Feed = Omit<z.output<ReturnType<typeof feedSchema>>, 'source'> & { source: FeedSource };
