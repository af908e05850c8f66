import { z } from 'zod';
import { schemaChangeSchema } from '../feed/schema-change.ts';
import type { LineKind, ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedByName, storedCount, storedName, storedTexts } from '../objects/stored.ts';
import type { RejectCode } from '../records/reject.ts';
import { signsSchema } from '../records/scan/signs.ts';
import { countedSchema, filePartsSchema } from './file-parts.ts';

const landedFile = filePartsSchema.extend({
  /** Of a member: the archive's name, `/`, and its own. */
  name: z.string(),
  /** Bytes as transferred; of a member, its unpacked bytes. */
  size: storedCount,
  /** SHA-256 in hex over the decompressed bytes as the vendor sent them. */
  sha256: z.string(),
  /**
   * SHA-256 in hex over the bytes as they lay at the source, where those were packed; of a member, over its archive. Absent of a file that lay
   * there as it is, and when an older version landed it.
   */
  packedSha256: z.string().exactOptional(),
  /** Their number. Absent when an older version landed it. */
  sent: storedCount.exactOptional(),
  /** Byte order mark and header record, base64. */
  head: z.string(),
  /** Bytes behind the records, base64. Head, parts and tail, cut to `sent`, are the file. Absent where they are not. */
  tail: z.string().exactOptional(),
  /** Head, parts and tail are UTF-8, and the file is that text in this encoding. Absent where it is UTF-8 itself. */
  encoding: z.string().exactOptional(),
  /** Where a zstd-compressed copy of the file's bytes is, when its parts do not tell them. */
  raw: z.string().exactOptional(),
  /** What converted it. Absent when an older version landed it. */
  converter: z.object({ format: z.string(), version: storedCount }).exactOptional(),
  notes: storedTexts,
  /** Absent when an older version landed it. */
  signs: signsSchema.exactOptional(),
  /** It lay on disk as a whole before it was read, so nothing was compared during its transfer. */
  isSpooled: z.literal(true).exactOptional(),
  /** The last line end was missing, and something proved the file whole. */
  lacksEnd: z.literal(true).exactOptional(),
  /** Records do not stand at the bytes of the parts at which they stand in the vendor's file. Absent when an older version landed it. */
  movesBytes: z.literal(true).exactOptional(),
});

/**
 * One of the vendor's files in landing. `head` and parts are its decompressed bytes, converted to UTF-8, to one record end and
 * without trailer if the feed's format says that the file has other ones.
 */
export type LandedFile = Stored<typeof landedFile>;

const landedTable = z.object({
  snapshot: z.string(),
  files: z.array(landedFile),
  rows: storedCount,
  bytes: storedCount,
  /** How its columns differ from the declared ones. */
  schema: schemaChangeSchema,
  /** NDJSON of Structural, in stream order. */
  rejects: countedSchema.nullable(),
  /** Names of files that were left out, when the feed allows that. */
  leftOut: storedTexts.exactOptional(),
  /** Names of empty files that the feed accepts. */
  emptyParts: storedTexts.exactOptional(),
});

export type LandedTable = Stored<typeof landedTable>;

const structural = z.object({
  /** Index of the part within its table, of the record within the part, and offset of its first byte there; all from 0. */
  part: storedCount,
  index: storedCount,
  offset: storedCount,
  length: storedCount,
  code: storedName<RejectCode>(),
});

/** One record that the structural scan rejected. */
export type Structural = Stored<typeof structural>;

export const structuralLine: LineKind<Structural> = { name: 'rejected record', schema: structural };

const schema = z.object({ delivery: z.string(), tables: storedByName(landedTable) });

/** pull: the delivery is in landing, byte for byte. */
export type PullReceipt = Stored<typeof schema>;

export const pullReceipt: ObjectKind<PullReceipt> = {
  name: 'receipt of pull',
  version: 1,
  schema,
  isSealed: true,
  indent: 1,
};
