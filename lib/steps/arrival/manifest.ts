import { type Promised, parseManifest } from '../../core/delivery/manifest.ts';
import { manifestIn } from '../../core/delivery/promises.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { Transfer } from '../landing/transfer.ts';
import type { RunRequest } from '../run/run-request.ts';

/** A line for each of a hundred thousand files. */
const MAX_MANIFEST_BYTES = 16_000_000;

/** For 16 MB a line of 1 Mbit a second is enough; a look of arrive has ten minutes on AWS. */
const MANIFEST_SECONDS = 150;

/** What the vendor's manifest says by file name; undefined when none is agreed, or none is there yet. */
export async function readDeliveryManifest(
  { feed, date }: RunRequest,
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
  // The look is tried again, with the size that the listing tells then.
  const until = { at: new Date(ports.now().getTime() + MANIFEST_SECONDS * 1000), why: 'which is long for a manifest' };
  const reception = new Transfer(source, file, ports, () => {}, { attempts: 1, until });
  // Not the pieces: each costs more than its bytes, when there is one in each.
  const bytes = Buffer.alloc(file.size);
  let received = 0;
  for await (const chunk of reception.bytes()) received += chunk.copy(bytes, received);
  return parseManifest(bytes, feed.ready.manifest!);
}
