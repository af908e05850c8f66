import type { Feed } from '../feed/spec.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { isDated } from './dated.ts';
import type { Marker } from './marker.ts';
import type { SourceFile } from './source-file.ts';

interface Evidence {
  readonly files: readonly ArrivedFile[];
  readonly marker: Marker | undefined;
  readonly manifest: SourceFile | undefined;
  /** Time on the clock that stamps the files, if known. */
  readonly clock: Date | undefined;
}

/** Whether one listing is enough, because nothing of this delivery can still grow. */
export function isProven(feed: Feed, { files, marker, manifest, clock }: Evidence): boolean {
  if (marker?.dated) return true;
  const { stable } = feed.ready;
  const isAtRest = ({ modified }: SourceFile) =>
    clock !== undefined && modified !== null && clock.getTime() - Date.parse(modified) >= stable * 1000;
  // A truncated manifest that ends with a whole line looks complete; a truncated JSON document does not.
  const isWhole = manifest && (feed.ready.manifest?.format === 'json' || isAtRest(manifest));
  if (isWhole && proves(feed, files)) return true;
  return [...files, ...[marker?.file, manifest].filter((file) => file !== undefined)].every(isAtRest);
}

/** Matching sizes show that files are whole. The manifest's date or checksums show that they are of this date. */
function proves(feed: Feed, files: readonly ArrivedFile[]): boolean {
  const isOfToday = isDated(feed, feed.ready.manifest!.file);
  return files.every(
    ({ size, promised }) => promised?.size === size && (isOfToday || (promised.md5 ?? promised.sha256) !== undefined),
  );
}
