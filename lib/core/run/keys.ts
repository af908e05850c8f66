import { type BusinessDate, isBusinessDate } from '../feed/business-date.ts';
import { deliveryColumns } from '../feed/lake.ts';

/** One try at a feed and date. `revision` counts the vendor's corrections of a finished date; the first is 1. */
export interface RunId {
  readonly feed: string;
  readonly date: BusinessDate;
  readonly revision: number;
}

/** `catalog/2026-11-20` or `catalog/2026-11-20-r2`. */
export function runName({ feed, date, revision }: RunId): string {
  return `${feed}/${revision === 1 ? date : `${date}-r${revision}`}`;
}

export function parseRunName(name: string): RunId | undefined {
  const match = /^([a-z][a-z0-9-]*)\/(\d{4}-\d{2}-\d{2})(?:-r([1-9]\d{0,8}))?$/.exec(name);
  return match && isBusinessDate(match[2]!)
    ? { feed: match[1]!, date: match[2]!, revision: Number(match[3] ?? 1) }
    : undefined;
}

/** The feed whose document lies under this key of the lake, and the hash that the key is made of. */
export function parseFeedKey(key: string): { readonly feed: string; readonly hash: string } | undefined {
  const match = /^feeds\/([a-z][a-z0-9-]*)\/([0-9a-f]{16})\.json$/.exec(key);
  return match ? { feed: match[1]!, hash: match[2]! } : undefined;
}

/** Orders the runs of one feed: by date, then by revision. */
export function compareRuns(a: RunId, b: RunId): number {
  return a.date === b.date ? a.revision - b.revision : a.date < b.date ? -1 : 1;
}

type Zone = 'landing' | 'snapshots' | 'changes' | 'receipts' | 'current' | 'feeds' | 'errands' | 'answers';

const [DATE, REVISION] = deliveryColumns;

/** Keys hold our own ids only, never a vendor's file name: `<zone>/<feed>/<date[-rN]>/…`. */
export const keys = {
  landing: (run: RunId, attempt: string, table: string, part: number) =>
    `${zoned('landing', run)}/${attempt}/${table}/part-${String(part).padStart(5, '0')}.csv.zst`,
  landingRejects: (run: RunId, attempt: string, table: string) =>
    `${zoned('landing', run)}/${attempt}/${table}/rejects.ndjson`,
  changes: (run: RunId, attempt: string, table: string, file: string) =>
    `${zoned('changes', run)}/${attempt}/${table}/${file}`,
  snapshot: (run: RunId, attempt: string, table: string, file: string) =>
    `${zoned('snapshots', run)}/${attempt}/${table}/${file}`,
  receipt: (run: RunId, step: string, inputs: string) => `${zoned('receipts', run)}/${step}/${inputs}.json`,
  /** Read by who may read receipts: guards and people who decide. */
  samples: (run: RunId, attempt: string, table: string) => `${zoned('receipts', run)}/samples/${attempt}/${table}.json`,
  /** Files of one delivery. No value of the vendor's is in a key: which rows are in which file, the file says. */
  current: (run: RunId, table: string, file: number) =>
    `${keys.currentFolder(run, table)}rows-${String(file).padStart(5, '0')}.parquet`,
  /** Where an engine writes them first, when it writes to the lake by itself. */
  currentDraft: (run: RunId, table: string) => `${zoned('changes', run)}/current/${table}/`,
  currentFolder: (run: RunId, table: string) =>
    `${keys.currentOf(run.feed)}${table}/${DATE}=${run.date}/${REVISION}=${run.revision}/`,
  /** Says that all tables of a delivery are there. A table's name has no dash. */
  newest: (run: RunId) => `${keys.newestFolder(run.feed)}${dateFolder(run)}.json`,
  newestFolder: (feed: string) => `${keys.currentOf(feed)}newest-delivery/`,
  currentOf: (feed: string) => `current/${feed}/`,
  feed: (feed: string, hash: string) => `feeds/${feed}/${hash}.json`,
  /** What a plan in the cloud found. */
  plan: (feed: string, execution: string) => `receipts/${feed}/plans/${execution}.json`,
  /** What somebody asked a container for, and what it answered; gone after some days. */
  errand: (feed: string, name: string) => `errands/${feed}/${name}.json`,
  answer: (feed: string, name: string) => `answers/${feed}/${name}.json`,
} as const;

/** Where a run's objects lie, each prefix ending with `/`. */
export function runPrefixes(run: RunId): { receipts: string; snapshots: string; others: string[] } {
  const prefix = (zone: Zone) => `${zoned(zone, run)}/`;
  return {
    receipts: prefix('receipts'),
    snapshots: prefix('snapshots'),
    others: [prefix('landing'), prefix('changes')],
  };
}

function zoned(zone: Zone, run: RunId): string {
  return `${zone}/${run.feed}/${dateFolder(run)}`;
}

function dateFolder(run: RunId): string {
  return runName(run).slice(run.feed.length + 1);
}
