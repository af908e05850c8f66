import type { BusinessDate } from '../feed/business-date.ts';
import { withDate } from '../feed/date-form.ts';
import { matchesPattern } from '../feed/pattern.ts';
import { contentHash } from '../feed/reading-spec.ts';
import type { Feed } from '../feed/spec.ts';
import { patternOf } from './candidate.ts';
import type { Promised } from './manifest.ts';
import type { Holding } from './newest.ts';
import { type Picks, pickFiles } from './picking.ts';
import { checkPromises, manifestIn, missingOf } from './promises.ts';
import type { ArriveReceipt, SourceFile } from './receipt.ts';

export type Readiness =
  | { readonly kind: 'ready'; readonly receipt: ArriveReceipt }
  /** All files are there, but one may still grow: look again after so many seconds. */
  | { readonly kind: 'settling'; readonly receipt: ArriveReceipt; readonly seconds: number }
  | { readonly kind: 'absent'; readonly reason: string };

/** One look at the source. */
export interface Look {
  readonly listed: readonly SourceFile[];
  readonly now: Date;
  /** What the vendor's manifest says by file name; undefined when it is not there. */
  readonly promised?: ReadonlyMap<string, Promised> | undefined;
  /** What the look before this one saw, when there was one. */
  readonly before?: ArriveReceipt | undefined;
  /** What production holds, where a table takes the newest of several generations. */
  readonly holding?: Holding | undefined;
}

/** What one look at the source means. Throws AMBIGUOUS_FILE, and MANIFEST_MISMATCH for files that will not change any more. */
export function readinessOf(feed: Feed, date: BusinessDate, look: Look): Readiness {
  const { listed, now, promised, before, holding } = look;
  const picks = pickFiles(feed, date, listed, holding);
  const files = picks.files.map((file) => {
    const promise = promised?.get(file.name);
    return promise ? { ...file, promised: promise } : file;
  });
  const missing = waitedFor(feed, date, look, picks);
  if (missing !== undefined) return { kind: 'absent', reason: missing };
  const receipt: ArriveReceipt = {
    listing: contentHash(files).slice(0, 16),
    files,
    missing: Math.max(0, (feed.expect ?? 0) - files.length),
    ...(picks.leftOut.length > 0 ? { leftOut: picks.leftOut } : {}),
    ...(picks.rewritten.length > 0 ? { rewritten: picks.rewritten } : {}),
  };
  const manifest = manifestIn(feed, date, listed);
  const isOld = ({ modified }: SourceFile) =>
    modified !== null && (now.getTime() - Date.parse(modified)) / 1000 >= feed.ready.stable;
  const settled =
    feed.ready.marker !== undefined ||
    [...files, ...(manifest ? [manifest] : [])].every(isOld) ||
    before?.listing === receipt.listing;
  if (!settled) return { kind: 'settling', receipt, seconds: feed.ready.stable };
  if (promised) checkPromises(files, promised);
  return { kind: 'ready', receipt };
}

/** Why the delivery cannot be complete yet. */
function waitedFor(feed: Feed, date: BusinessDate, { listed, promised }: Look, { files, held }: Picks) {
  const waiting = Object.keys(feed.tables).filter((table) => !files.some((file) => file.table === table));
  if (waiting.length > 0)
    return `no file yet for ${waiting.map((table) => `${table} (${held[table] ?? patternOf(feed, table, date)})`).join(', ')}`;
  const marker = feed.ready.marker && withDate(feed.ready.marker, date);
  if (marker && !listed.some((file) => matchesPattern(marker, file.name))) return `no marker ${marker} yet`;
  const { manifest } = feed.ready;
  if (!manifest) return undefined;
  if (!promised) return `no manifest ${withDate(manifest.file, date)} yet`;
  const absent = missingOf(feed, date, promised, listed, files);
  return absent.length > 0
    ? `${absent.map((name) => JSON.stringify(name)).join(', ')} of the manifest not there yet`
    : undefined;
}
