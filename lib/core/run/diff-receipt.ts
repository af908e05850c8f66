import { z } from 'zod';
import { fingerprintSchema } from '../diff/fingerprint.ts';
import { repeatsSchema } from '../diff/repeats.ts';
import { schemaChangeSchema } from '../feed/schema-change.ts';
import { tableSignsSchema } from '../guards/table-signs.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedByName, storedBySome, storedCount, storedTexts } from '../objects/stored.ts';
import type { RejectCode } from '../records/reject.ts';
import { releaseSchema } from './release-counts.ts';

export const changeKinds = ['inserted', 'updated', 'gone'] as const;
export type ChangeKind = (typeof changeKinds)[number];
/** The kinds of staging tables of a publication. Gone rows that stay have one of their own when a condition decides. */
export type StageKind = ChangeKind | 'retained';

export const fileChoiceSchema = z.object({
  picked: storedTexts,
  left_out: storedTexts,
  /** Number of further names, if there are too many to list. */
  more: z.object({ picked: storedCount, left_out: storedCount }).exactOptional(),
});

/** Names of the files at the source that fit a table. */
export type FileChoice = Stored<typeof fileChoiceSchema>;

const objectKeys = z.union([z.string(), storedTexts], { error: 'expected a key or a list of keys' }).exactOptional();

const tableDiff = z.object({
  engine: z.string(),
  /** Why this engine compared. */
  reason: z.string(),
  /** Why the base was read back from production; absent when it was the lake's snapshot. */
  readBack: z.string().exactOptional(),
  /** Records delivered = accepted + all rejected + filtered + collapsed. */
  rows: storedCount,
  accepted: storedCount,
  rejected: storedBySome<RejectCode>()(storedCount),
  /** How many of them by name of the file; absent where there are none, and when an older version compared. */
  rejectedIn: storedByName(storedCount).exactOptional(),
  /** Records that the feed's filters leave out. */
  filtered: storedCount,
  /** Records that are left out as older versions of their key; only where the feed collapses versions. */
  collapsed: storedCount.exactOptional(),
  /** Updated rows whose version is older than that of production's row; absent also when an older version of nightfeed compared. */
  reverted: storedCount.exactOptional(),
  /** Number of base rows, and of rows by kind of change. */
  base: z.int(),
  inserted: storedCount,
  updated: storedCount,
  gone: storedCount,
  unchanged: z.int(),
  /** By name of a rule that does not reject: how many rows break it. */
  broken: storedByName(storedCount),
  /** Missing rows that stay, because a reject with an unreadable key may have been one of them. */
  suspended: storedCount,
  /** Rows that stay as they were because their new version was rejected. */
  carried: storedCount,
  /** Fingerprints of the base rows that are updated or gone, and of the rows that are written. */
  before: fingerprintSchema,
  after: fingerprintSchema,
  /** Bytes of the base's records and of the delivered ones, without heads. */
  bytes: z.object({ base: storedCount, next: storedCount }),
  /** Number of rows with null by column, in the new snapshot, and in the base if it had the column. */
  nulls: storedByName(z.object({ base: z.int().nullable(), next: z.int() })),
  /** Key of an object with a few rows of each kind, as JSON of Samples. */
  samples: z.string(),
  /** Keys of typed Parquet objects, without empty ones. A list when several writers worked at once. */
  changes: z.object({ inserted: objectKeys, updated: objectKeys, gone: objectKeys }),
  /** SHA-256 of these objects by key; absent when another machine wrote them, or an older version compared. */
  sums: storedByName(z.string()).exactOptional(),
  rejects: z.string().nullable(),
  /** Key of the manifest. */
  snapshot: z.string(),
  schema: schemaChangeSchema,
  /** The first record with an unreadable key is the last one of its file. */
  footer: z.literal(true).exactOptional(),
  /** Absent when no key occurs twice, or an older version compared. */
  repeats: repeatsSchema.exactOptional(),
  /** Signs in the records, for guards; absent when an older version landed them, and in a release. */
  signs: tableSignsSchema.exactOptional(),
  /** The delivery has the bytes that production holds already, under another date. */
  resent: z.literal(true).exactOptional(),
  /** Files that were left out, when the feed allows that. */
  files: fileChoiceSchema.exactOptional(),
  /** What was taken although it is odd, for people; absent when there is nothing. */
  notes: storedTexts.exactOptional(),
});

export type TableDiff = Stored<typeof tableDiff>;

const targetObject = z.object({
  /** Table of the feed. */
  table: z.string(),
  /** As the feed file accepts it, such as `trigger products.audit`. */
  name: z.string(),
});

/** An object of the database that can change rows of a feed's table while nightfeed writes, or afterwards. */
export type TargetObject = Stored<typeof targetObject>;

const schema = z.object({
  /** Delivery of the base; null on the first load. */
  base: z.string().nullable(),
  delivery: z.string(),
  tables: storedByName(tableDiff),
  /** Objects of the database that can change rows unseen; absent if there are none. */
  objects: z.array(targetObject).exactOptional(),
  /** Only in a release. */
  release: releaseSchema.exactOptional(),
});

/** diff: the change set of all tables. */
export type DiffReceipt = Stored<typeof schema>;

export const diffReceipt: ObjectKind<DiffReceipt> = {
  name: 'receipt of diff',
  version: 1,
  schema,
  isSealed: true,
  indent: 1,
};
