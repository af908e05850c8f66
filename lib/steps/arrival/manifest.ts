import { type Promised, parseManifest } from '../../core/delivery/manifest.ts';
import { manifestIn } from '../../core/delivery/promises.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { Transfer } from '../landing/transfer.ts';
import type { RunRequest } from '../run/run-request.ts';

/** Bytes: a line for each of a hundred thousand files. */
const MAX_MANIFEST_BYTES = 16_000_000;

/** Time for the manifest: 16 MB over a connection of 1 Mbit a second take about two minutes. On AWS a look may take ten. */
const MANIFEST_SECONDS = 150;

/** The promises of the vendor's manifest, by file name; undefined when the feed has no manifest, or it is not there yet. */
export async function readDeliveryManifest(
  { feed, date }: Pick<RunRequest, 'feed' | 'date'>,
  source: Source,
  listed: readonly SourceFile[],
  ports: Pick<Ports, 'say' | 'sleep' | 'now'>,
): Promise<ReadonlyMap<string, Promised> | undefined> {
  const file = manifestIn(feed, date, listed);
  if (!file) return undefined;
  if (file.size > MAX_MANIFEST_BYTES) {
    const message = `${excerpt(file.name)}: expected at most ${MAX_MANIFEST_BYTES} bytes, received ${file.size}`;
    throw new NightfeedError('MANIFEST_INVALID', message);
  }
  // The look is repeated, with the size in the next listing.
  const until = { at: new Date(ports.now().getTime() + MANIFEST_SECONDS * 1000), why: 'which is long for a manifest' };
  const transfer = new Transfer(source, file, ports, () => {}, { attempts: 1, until });
  // Copied into one buffer, because chunks of a single byte would take far more memory than their bytes.
  const bytes = Buffer.alloc(file.size);
  let received = 0;
  for await (const chunk of transfer.bytes()) received += chunk.copy(bytes, received);
  return parseManifest(bytes, feed.ready.manifest!);
}
