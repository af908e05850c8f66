import type { Feed } from '../feed/spec.ts';
import type { ArrivedFile } from '../run/receipt.ts';
import { isDated } from './dated.ts';
import type { Marker } from './marker.ts';
import type { SourceFile } from './source-file.ts';

interface Evidence {
  readonly files: readonly ArrivedFile[];
  readonly marker: Marker | undefined;
  readonly manifest: SourceFile | undefined;
  /** What the clock shows that stamps the files, where that is known. */
  readonly clock: Date | undefined;
}

/** Whether one look is enough: nothing of this delivery can still grow. */
export function isProven(feed: Feed, { files, marker, manifest, clock }: Evidence): boolean {
  if (marker?.dated) return true;
  const { stable } = feed.ready;
  const isAtRest = ({ modified }: SourceFile) =>
    clock !== undefined && modified !== null && clock.getTime() - Date.parse(modified) >= stable * 1000;
  // Half a manifest that ends with a line looks like a whole one; half a JSON document does not.
  const isWhole = manifest && (feed.ready.manifest?.format === 'json' || isAtRest(manifest));
  if (isWhole && proves(feed, files)) return true;
  return [...files, ...[marker?.file, manifest].filter((file) => file !== undefined)].every(isAtRest);
}

/** Sizes that fit show that files are whole; that they are today's, the manifest's date or the checksums. */
function proves(feed: Feed, files: readonly ArrivedFile[]): boolean {
  const isOfToday = isDated(feed, feed.ready.manifest!.file);
  return files.every(
    ({ size, promised }) => promised?.size === size && (isOfToday || (promised.md5 ?? promised.sha256) !== undefined),
  );
}
