import { entryOf } from '../entry-of.ts';
import type { NightfeedError } from '../errors.ts';
import type { BusinessDate } from '../feed/business-date.ts';
import { filesPattern } from '../feed/files-pattern.ts';
import { shortHash } from '../feed/reading-spec.ts';
import { takenAfter } from '../feed/spec/after.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import { type ArriveReceipt, countOf } from '../run/arrive-receipt.ts';
import { excerpts } from '../shown-text.ts';
import { patternOf } from './candidate.ts';
import type { Promised } from './manifest.ts';
import { markerIn, staleness } from './marker.ts';
import type { Missed } from './near-miss.ts';
import type { Holding } from './newest.ts';
import { type Picks, pickFiles } from './picking.ts';
import { checkPromises, manifestIn, missingOf, withPromises } from './promises.ts';
import { isProven } from './proof.ts';
import type { SourceFile } from './source-file.ts';

export type Readiness =
  | {
      readonly kind: 'ready';
      readonly receipt: ArriveReceipt;
      /** Proved by nothing but one listing: neither marker nor manifest nor time says that it is whole. */
      readonly unproven?: true;
    }
  /** All files are there, but one may still grow: list again after so many seconds. */
  | {
      readonly kind: 'settling';
      readonly receipt: ArriveReceipt;
      /** Hash of what was listed: equal hashes, equal listings. */
      readonly sight: string;
      readonly seconds: number;
    }
  | {
      readonly kind: 'absent';
      readonly reason: string;
      /** Patterns that no file fits, for the message about near misses. */
      readonly missed: readonly Missed[];
    };

/** One listing of the source. */
export interface Look {
  readonly listed: readonly SourceFile[];
  /** The vendor's manifest by file name, or why it cannot be read; undefined when it is missing. */
  readonly promised?: ReadonlyMap<string, Promised> | NightfeedError | undefined;
  /** What the clock shows that stamps the times of the files, where that is known. */
  readonly clock?: Date | undefined;
  /** What earlier listings saw, and for how many seconds by our own clock. */
  readonly steady?: { readonly sight: string; readonly seconds: number } | undefined;
  /** The marker at the last delivery. */
  readonly lastMarker?: SourceFile | undefined;
  /** What production holds, when a table takes the newest of several generations. */
  readonly holding?: Holding | undefined;
}

/**
 * Judges one listing of the source. A vendor's clock may show another zone's time, so the age of a file proves nothing. When
 * neither marker nor manifest proves the delivery whole, listings have to stay equal for `stable` by our own clock. Throws
 * AMBIGUOUS_FILE, and MANIFEST_INVALID and MANIFEST_MISMATCH when waiting cannot help any more.
 */
export function readinessOf(feed: Feed, date: BusinessDate, look: Look): Readiness {
  const { listed, steady, clock, holding } = look;
  const invalid = look.promised instanceof Error ? look.promised : undefined;
  const promised = look.promised instanceof Error ? undefined : look.promised;
  const picks = pickFiles(feed, date, listed, holding);
  const files = withPromises(feed, picks.files, promised);
  const [marker, manifest] = [markerIn(feed, date, listed), manifestIn(feed, date, listed)];
  const missing = waitedFor(feed, date, look, picks);
  if (missing !== undefined) return { kind: 'absent', ...missing };
  const receipt: ArriveReceipt = {
    listing: shortHash(files),
    files,
    missing: Math.max(0, (feed.expect ?? 0) - countOf(files)),
    ...(picks.leftOut.length > 0 ? { leftOut: picks.leftOut } : {}),
    ...(picks.rewritten.length > 0 ? { rewritten: picks.rewritten } : {}),
    ...(marker && !marker.dated ? { marker: marker.file } : {}),
    ...(takenAfter(feed) && (marker || manifest) ? { beside: [marker?.file ?? [], manifest ?? []].flat() } : {}),
  };
  const sight = shortHash([feed.source, files, marker?.file, manifest]);
  const seconds = feed.ready.stable - (steady?.sight === sight ? steady.seconds : 0);
  const proven = !invalid && isProven(feed, { files, marker, manifest, clock });
  if (!proven && seconds > 0) return { kind: 'settling', receipt, sight, seconds: Math.ceil(seconds) };
  if (invalid) throw invalid;
  if (promised) checkPromises(files, promised);
  return { kind: 'ready', receipt, ...(!proven && feed.ready.stable === 0 ? { unproven: true } : {}) };
}

type Missing = Pick<Extract<Readiness, { kind: 'absent' }>, 'reason' | 'missed'>;

/** Why the delivery cannot be complete yet. */
function waitedFor(feed: Feed, date: BusinessDate, look: Look, { files, held }: Picks): Missing | undefined {
  const { listed, promised, lastMarker } = look;
  const because = (reason: string, ...written: string[]): Missing => ({
    reason,
    missed: written.map((each) => ({ written: each, pattern: withDate(each, date) })),
  });
  const waiting = Object.keys(feed.tables).filter((table) => !files.some((file) => file.table === table));
  if (waiting.length > 0)
    return because(
      `no file yet for ${waiting.map((table) => `${table} (${entryOf(held, table) ?? patternOf(feed, table, date)})`).join(', ')}`,
      ...waiting
        .filter((table) => entryOf(held, table) === undefined)
        .map((table) => filesPattern(feed.tables[table]!.files).file),
    );
  const { marker: wanted, manifest } = feed.ready;
  if (wanted !== undefined) {
    const marker = markerIn(feed, date, listed);
    if (!marker) return because(`no marker ${withDate(wanted, date)} yet`, wanted);
    const stale = staleness(marker, files, lastMarker);
    if (stale !== undefined) return because(stale);
  }
  if (!manifest || promised instanceof Error) return undefined;
  if (!promised) return because(`no manifest ${withDate(manifest.file, date)} yet`, manifest.file);
  const absent = missingOf(feed, date, promised, listed, files);
  return absent.length > 0 ? because(`${excerpts(absent, { told: 5 })} of the manifest not there yet`) : undefined;
}
