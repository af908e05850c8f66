import { z } from 'zod';
import { promisedSchema } from '../delivery/manifest.ts';
import { leftOutSchema, sourceFileSchema } from '../delivery/source-file.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedCount, storedTexts } from '../objects/stored.ts';

const arrivedFile = sourceFileSchema.extend({
  table: z.string(),
  /** What the vendor's manifest promises of the file. */
  promised: promisedSchema.exactOptional(),
  /** The file is an archive: patterns of the members that the table takes, and of those that no table takes. Absent of any other file. */
  members: z.object({ taken: z.string(), ignored: storedTexts }).exactOptional(),
});

export type ArrivedFile = Stored<typeof arrivedFile>;

/** Number of files at the source. An archive of which several tables take members is one. */
export function countOf(files: readonly ArrivedFile[]): number {
  return new Set(files.map(({ name }) => name)).size;
}

const schema = z.object({
  /** Hash over name, size and time of every file. An equal hash later means that nothing changed. */
  listing: z.string(),
  files: z.array(arrivedFile),
  /** There were fewer files than the feed file expected. */
  missing: storedCount,
  /** Files that fit a table's pattern but are not of the generation that it takes; absent if there are none. */
  leftOut: z.array(leftOutSchema).exactOptional(),
  /** Tables whose files are a rewritten version of the generation that production holds; absent if there are none. */
  rewritten: storedTexts.exactOptional(),
  /** Marker and manifest, where they are taken away with the files. */
  beside: z.array(sourceFileSchema).exactOptional(),
  /** The marker, when its name has no date: at the next delivery it has to be newer. */
  marker: sourceFileSchema.exactOptional(),
});

/** arrive: the complete delivery, as listed. */
export type ArriveReceipt = Stored<typeof schema>;

export const arriveReceipt: ObjectKind<ArriveReceipt> = {
  name: 'receipt of arrive',
  version: 1,
  schema,
  isSealed: true,
  indent: 1,
};
