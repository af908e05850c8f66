import { z } from 'zod';
import { newestMeaning } from '../expression/meaning.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import { storedByName, storedTexts, storedVersion } from '../objects/stored.ts';
import { storedColumnType } from './reading-schema.ts';
import type { Feed } from './spec.ts';

const column = z.looseObject({
  type: storedColumnType,
  key: z.boolean(),
  required: z.boolean(),
  compare: z.boolean(),
  as: z.string().optional(),
  store: z.boolean().optional(),
});

const meaning = storedVersion(newestMeaning).exactOptional();

const table = z.looseObject({
  files: z.string(),
  format: z.looseObject({ type: z.string() }),
  columns: storedByName(column),
  contract: z.looseObject({
    added: z.string(),
    missing: z.string(),
    renamed: z.string(),
    reordered: z.string(),
    retyped: z.string(),
  }),
  drop_row_when: storedTexts.optional(),
  where: z.string().optional(),
  rules: z.array(z.looseObject({})).optional(),
  on_delete: z.string(),
  retain_where: z.string().optional(),
  history: z.boolean(),
  guards: z.looseObject({}),
  meaning: z.object({ reading: meaning, retain_where: meaning }).exactOptional(),
});

/** What every reader of a feed relies on. Its options were checked when the feed file was read, against the schema of that day. */
const schema = z.looseObject({
  feed: z.string(),
  source: z.looseObject({}),
  ready: z.looseObject({ stable: z.number() }),
  target: z.looseObject({ schema: z.string(), accept: storedTexts.optional() }),
  engine: z.string(),
  guards: z.looseObject({}),
  tables: storedByName(table),
});

/** A feed is what it was when it was stored: options that came later are absent, and the reader's to supply. */
const storedFeed = schema as z.ZodType as z.ZodType<Feed>;

export const feedDocument: ObjectKind<Feed> = {
  name: 'feed document',
  version: 1,
  schema: storedFeed,
  isSealed: false,
};

/**
 * The text of a feed document. Its key is the hash of its content, which ledgers and deployments know. So the first version is
 * written by leaving it out; from the second on it is said.
 */
export function feedText(feed: Feed): string {
  const document: z.input<typeof schema> = feed;
  return JSON.stringify(document);
}
