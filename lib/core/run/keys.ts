import { type BusinessDate, isBusinessDate } from '../feed/business-date.ts';
import { deliveryColumns } from '../feed/spec/lake.ts';

/** A run of a feed and date. `revision` counts from 1; a correction of a finished date is the next one. */
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

/** The feed and the hash in the key of a feed document. */
export function parseFeedKey(key: string): { readonly feed: string; readonly hash: string } | undefined {
  const match = /^feeds\/([a-z][a-z0-9-]*)\/([0-9a-f]{16})\.json$/.exec(key);
  return match ? { feed: match[1]!, hash: match[2]! } : undefined;
}

/** Orders the runs of one feed: by date, then by revision. */
export function compareRuns(a: RunId, b: RunId): number {
  return a.date === b.date ? a.revision - b.revision : a.date < b.date ? -1 : 1;
}

/** First part of a key of the lake. */
export type Zone =
  | 'landing'
  | 'raw'
  | 'snapshots'
  | 'changes'
  | 'receipts'
  | 'current'
  | 'feeds'
  | 'errands'
  | 'answers'
  | 'logs';

const [DATE, REVISION] = deliveryColumns;

/** Keys of the lake: `<zone>/<feed>/<date[-rN]>/…`. They hold only ids of our own, never a vendor's file name. */
export const keys = {
  landing: (run: RunId, attempt: string, table: string, part: number) =>
    `${zoned('landing', run)}/${attempt}/${table}/part-${String(part).padStart(5, '0')}.csv.zst`,
  landingRejects: (run: RunId, attempt: string, table: string) =>
    `${zoned('landing', run)}/${attempt}/${table}/rejects.ndjson`,
  /** The vendor's own bytes of a file. Each lands as an attempt of its own. */
  raw: (run: RunId, attempt: string, table: string) => `${zoned('raw', run)}/${attempt}/${table}/file-00000.zst`,
  changes: (run: RunId, attempt: string, table: string, file: string) =>
    `${zoned('changes', run)}/${attempt}/${table}/${file}`,
  snapshot: (run: RunId, attempt: string, table: string, file: string) =>
    `${zoned('snapshots', run)}/${attempt}/${table}/${file}`,
  receipt: (run: RunId, step: string, inputs: string) => `${keys.receipts(run, step)}${inputs}.json`,
  /** Prefix of a step's receipts. */
  receipts: (run: RunId, step: string) => `${zoned('receipts', run)}/${step}/`,
  /** Whoever may read receipts may read these: guards, and people who decide. */
  samples: (run: RunId, attempt: string, table: string) => `${zoned('receipts', run)}/samples/${attempt}/${table}.json`,
  /** Lines that a process told of a run. */
  log: (run: RunId, name: string) => `${keys.logs(run)}${name}.ndjson`,
  /** Prefix of the log of a run. */
  logs: (run: RunId) => `${zoned('logs', run)}/`,
  /** What `keep` removed of a run in a zone. It stays when the receipts go. */
  removal: (run: RunId, zone: Zone) => `${keys.receipts(run, REMOVED)}${zone}.json`,
  /** Files of one delivery. A key holds no value of the vendor's, so partition values stand only inside the files. */
  current: (run: RunId, table: string, file: number) =>
    `${keys.currentFolder(run, table)}rows-${String(file).padStart(5, '0')}.parquet`,
  /** Prefix under which an engine writes them first, when it writes to the lake itself. */
  currentDraft: (run: RunId, table: string) => `${zoned('changes', run)}/current/${table}/`,
  currentFolder: (run: RunId, table: string) =>
    `${keys.currentOf(run.feed)}${table}/${DATE}=${run.date}/${REVISION}=${run.revision}/`,
  /** The marker that all tables of a delivery are there. The dash keeps it apart from tables, whose names have none. */
  newest: (run: RunId) => `${keys.newestFolder(run.feed)}${dateFolder(run)}.json`,
  newestFolder: (feed: string) => `${keys.currentOf(feed)}newest-delivery/`,
  currentOf: (feed: string) => `current/${feed}/`,
  feed: (feed: string, hash: string) => `feeds/${feed}/${hash}.json`,
  /** Result of a plan in the cloud. */
  plan: (feed: string, execution: string) => `receipts/${feed}/plans/${execution}.json`,
  /** An operator job and its answer; both expire after some days. */
  errand: (feed: string, name: string) => `errands/${feed}/${name}.json`,
  answer: (feed: string, name: string) => `answers/${feed}/${name}.json`,
} as const;

/** Prefixes of a run's objects, each with `/` at its end. */
export function runPrefixes(run: RunId): { receipts: string; snapshots: string; others: string[] } {
  const prefix = (zone: Zone) => `${zoned(zone, run)}/`;
  return {
    receipts: prefix('receipts'),
    snapshots: prefix('snapshots'),
    others: [prefix('landing'), prefix('raw'), prefix('changes')],
  };
}

/** Whose object this is; undefined for one that belongs to no run. */
export function placeOfKey(
  key: string,
): { readonly zone: string; readonly run: RunId; readonly rest: readonly string[] } | undefined {
  const [zone = '', feed, folder, ...rest] = key.split('/');
  const run = parseRunName(`${feed}/${folder}`);
  return run && rest.length > 0 ? { zone, run, rest } : undefined;
}

/** Whether the object says what `keep` removed. */
export function isRemoval(key: string): boolean {
  const place = placeOfKey(key);
  return place?.zone === 'receipts' && place.rest[0] === REMOVED;
}

const REMOVED = 'removed';

function zoned(zone: Zone, run: RunId): string {
  return `${zone}/${run.feed}/${dateFolder(run)}`;
}

function dateFolder(run: RunId): string {
  return runName(run).slice(run.feed.length + 1);
}
