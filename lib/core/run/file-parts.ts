import { z } from 'zod';
import { type Stored, storedCount, storedTexts } from '../objects/stored.ts';
import { ascendingKeysSchema } from '../records/scan/key-range.ts';

const part = z.object({
  key: z.string(),
  /** Number of records, rejected ones included, blank lines not. */
  rows: storedCount,
  /** Decompressed size. */
  bytes: storedCount,
});

/** At most 64 MB of whole records as the vendor sent them, zstd-compressed. */
export type Part = Stored<typeof part>;

const recordEnd = z.enum(['\n', '\r\n', '\r']);

export type RecordEnd = Stored<typeof recordEnd>;

export const filePartsSchema = z.object({
  /** Column names in file order; the declared names when the format has no header. */
  header: storedTexts,
  recordEnd,
  parts: z.array(part),
  /** No record holds a line end, so records are lines. */
  lines: z.boolean(),
  /** First and last key, when the keys ascend strictly and can be compared as bytes. */
  keys: ascendingKeysSchema.nullable(),
});

/** What is needed to read a file's parts. */
export type FileParts = Stored<typeof filePartsSchema>;

/** An object and its number of entries. */
export const countedSchema = z.object({
  key: z.string(),
  count: storedCount,
  /** SHA-256 of the object; absent when an older version wrote it. */
  sha256: z.string().exactOptional(),
});

/** Uncompressed bytes of all records. */
export function recordBytes(files: readonly Pick<FileParts, 'parts'>[]): number {
  return files.reduce((sum, { parts }) => parts.reduce((total, { bytes }) => total + bytes, sum), 0);
}
