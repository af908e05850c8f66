import { z } from 'zod';
import { fingerprintSchema } from '../diff/fingerprint.ts';
import { nullCountsSchema } from '../diff/null-counts.ts';
import { readingSpecSchema } from '../feed/reading-schema.ts';
import { fileEndingsSchema } from '../guards/table-signs.ts';
import type { LineKind, ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedCount, storedTexts } from '../objects/stored.ts';
import { countedSchema, filePartsSchema } from './file-parts.ts';

const schema = z.object({
  id: z.string(),
  table: z.string(),
  reading: readingSpecSchema,
  /** Key and compared columns, in order. The fingerprint covers them. */
  compared: storedTexts,
  /** All columns of the table. Absent when an older version wrote it. */
  stored: storedTexts.exactOptional(),
  files: z.array(filePartsSchema),
  /** NDJSON of Dropped, in stream order. */
  drops: countedSchema.nullable(),
  /** `columns`: those of the rows; without it those of the reading spec. */
  carried: countedSchema.extend({ columns: storedTexts.exactOptional() }).nullable(),
  /** Well-formed records that the filters leave out; absent if there are none. */
  filtered: storedCount.exactOptional(),
  /** How the files of the delivery end; absent when an older version wrote it, or no delivery brought the rows. */
  endings: fileEndingsSchema.exactOptional(),
  fingerprint: fingerprintSchema,
  /** Absent when an older version wrote it. */
  nulls: nullCountsSchema.exactOptional(),
});

/**
 * A snapshot: landing parts, less the dropped records, plus carried rows (typed Parquet: rows of the base that the night
 * could neither confirm nor refute). So the base equals what production holds without being rewritten every night.
 */
export type SnapshotManifest = Stored<typeof schema>;

export const snapshotManifest: ObjectKind<SnapshotManifest> = {
  name: 'manifest of a snapshot',
  version: 1,
  schema,
  isSealed: true,
};

const dropped = z.object({ part: storedCount, offset: storedCount, length: storedCount });

export type Dropped = Stored<typeof dropped>;

export const droppedLine: LineKind<Dropped> = { name: 'dropped record', schema: dropped };
