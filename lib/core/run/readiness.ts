import { NightfeedError } from '../errors.ts';
import { type BusinessDate, withDate } from '../feed/business-date.ts';
import { matchesPattern } from '../feed/pattern.ts';
import { contentHash } from '../feed/reading-spec.ts';
import type { Feed } from '../feed/spec.ts';
import type { ArriveReceipt, SourceFile } from './receipt.ts';

export type Readiness =
  | { readonly kind: 'ready'; readonly receipt: ArriveReceipt }
  /** All files are there, but one may still grow: look again after so many seconds. */
  | { readonly kind: 'settling'; readonly receipt: ArriveReceipt; readonly seconds: number }
  | { readonly kind: 'absent'; readonly reason: string };

/** What one look at the source means. `before` is the look before it, when there was one. */
export function readinessOf(
  feed: Feed,
  date: BusinessDate,
  listed: readonly SourceFile[],
  now: Date,
  before?: ArriveReceipt,
): Readiness {
  const files = assign(feed, date, listed);
  const waiting = Object.keys(feed.tables).filter((table) => !files.some((file) => file.table === table));
  if (waiting.length > 0) {
    const patterns = waiting.map((table) => `${table} (${withDate(feed.tables[table]!.files, date)})`).join(', ');
    return { kind: 'absent', reason: `no file yet for ${patterns}` };
  }
  const marker = feed.ready.marker && withDate(feed.ready.marker, date);
  if (marker && !listed.some((file) => matchesPattern(marker, file.name))) {
    return { kind: 'absent', reason: `no marker ${marker} yet` };
  }
  const receipt: ArriveReceipt = {
    listing: contentHash(files).slice(0, 16),
    files,
    missing: Math.max(0, (feed.expect ?? 0) - files.length),
  };
  const ages = files.map((file) => (file.modified === null ? -1 : (now.getTime() - Date.parse(file.modified)) / 1000));
  const settled =
    marker !== undefined || ages.every((age) => age >= feed.ready.stable) || before?.listing === receipt.listing;
  return settled ? { kind: 'ready', receipt } : { kind: 'settling', receipt, seconds: feed.ready.stable };
}

function assign(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): ArriveReceipt['files'] {
  const sorted = [...listed].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((file) => {
    const tables = Object.keys(feed.tables).filter((table) =>
      matchesPattern(withDate(feed.tables[table]!.files, date), file.name),
    );
    if (tables.length > 1) {
      throw new NightfeedError(
        'AMBIGUOUS_FILE',
        `${JSON.stringify(file.name)} fits the tables ${tables.join(' and ')}; a file belongs to one table`,
      );
    }
    return tables.map((table) => ({ table, name: file.name, size: file.size, modified: file.modified }));
  });
}
