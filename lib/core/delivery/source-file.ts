import { z } from 'zod';
import { type Stored, storedCount } from '../objects/stored.ts';

export const sourceFileSchema = z.object({
  name: z.string(),
  size: storedCount,
  modified: z.string().nullable(),
  /** A version that changes with the content, if the source has one. */
  version: z.string().exactOptional(),
  /** A broken link: it is not a file, but it must not be ignored where one is expected. */
  unfollowed: z.literal(true).exactOptional(),
});

/** A file as the source lists it. `modified` is an ISO instant, or null when the source cannot tell. */
export type SourceFile = Stored<typeof sourceFileSchema>;

/** Bytes of a file's name in UTF-8 that file systems allow. */
export const MAX_NAME_BYTES = 255;

export function isLongName(name: string): boolean {
  return Buffer.byteLength(name) > MAX_NAME_BYTES;
}

export const leftOutSchema = sourceFileSchema.omit({ version: true }).extend({
  table: z.string(),
  why: z.enum(['older', 'later', 'held']),
});

/** `later`: the name has a date after the night's day. `held`: production already holds this file or a newer one. */
export type LeftOut = Stored<typeof leftOutSchema>;

/** Largest number of files of a feed at the source and in its manifest, because each is kept in memory. */
export const MAX_FILES = 120_000;
