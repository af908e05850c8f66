import { NightfeedError } from '../core/errors.ts';
import { type Promised, parseManifest } from '../core/run/manifest.ts';
import { manifestIn } from '../core/run/promises.ts';
import type { SourceFile } from '../core/run/source-file.ts';
import type { Order } from './order.ts';
import type { Source } from './ports.ts';

/** A line for each of a hundred thousand files. */
const MAX_MANIFEST_BYTES = 16_000_000;

/** What the vendor's manifest says by file name; undefined when none is agreed, or none is there yet. */
export async function readManifest(
  { feed, date }: Order,
  source: Source,
  listed: readonly SourceFile[],
): Promise<ReadonlyMap<string, Promised> | undefined> {
  const file = manifestIn(feed, date, listed);
  if (!file) return undefined;
  if (file.size > MAX_MANIFEST_BYTES) {
    const message = `${JSON.stringify(file.name)}: expected at most ${MAX_MANIFEST_BYTES} bytes, received ${file.size}`;
    throw new NightfeedError('MANIFEST_INVALID', message);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(file.name) as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== file.size) {
    const message = `${JSON.stringify(file.name)} has ${file.size} bytes in the listing, ${bytes.length} were received`;
    throw new NightfeedError('SOURCE_SHORT', message);
  }
  return parseManifest(bytes, feed.ready.manifest!);
}
