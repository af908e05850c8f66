import { entryOf } from '../core/entry-of.ts';
import { shortHash } from '../core/feed/reading-spec.ts';
import { columnsOf } from '../core/feed/spec.ts';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { deliveryMarker } from '../core/run/delivery-marker.ts';
import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import { compareRuns, keys, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import type { EngineFile } from '../ports/comparison.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { isLost, readSnapshotManifest } from './base/snapshot.ts';
import { DAY_MS } from './retention/day.ts';
import { keep } from './run/keep.ts';
import type { OpenRun } from './run/run-request.ts';

/**
 * Writes `current/`: the vendor's tables as they are now, as typed Parquet, for queries. A delivery counts for readers once an object names
 * it, which is written after all tables. The previous delivery stays until the next one, so that running queries can end.
 */
export async function writeCurrent(
  open: Pick<OpenRun, 'request' | 'run'>,
  receipt: DiffReceipt,
  ports: Pick<Ports, 'store' | 'catalog' | 'now'> & Using<'engine', 'exportRows'> & WithLedger<AppliedState>,
): Promise<void> {
  const { request, run } = open;
  const found = await ports.store.list(keys.currentOf(run.feed));
  const present = found.map(({ key }) => key);
  const snapshots = await snapshotsOf(open, receipt, ports);
  const tables = Object.keys(snapshots);
  const isOf = (of: RunId) => (key: string) =>
    key === keys.newest(of) || tables.some((name) => key.startsWith(keys.currentFolder(of, name)));
  const content = shortHash(snapshots);
  if (!(await isWritten(run, content, ports))) {
    // Objects of an attempt that ended too early, or of a delivery of the same name under an earlier ledger.
    await ports.store.remove([keys.newest(run)]);
    await ports.store.remove(present.filter(isOf(run)));
    await writeTables(open, snapshots, ports);
    const marker = { nightfeed_date: run.date, nightfeed_revision: run.revision, content };
    await keep(ports, keys.newest(run), `${objectText(deliveryMarker, marker)}\n`);
  }
  for (const name of tables) {
    const columns = columnsOf(request.feed.tables[name]!);
    await ports.catalog?.show({ name, columns, folder: keys.currentFolder(run, name), delivery: runName(run) });
  }
  const before = newestOf(run, present);
  const isKept = before ? isOf(before) : () => false;
  const days = request.feed.keep?.current ?? 0;
  const isYoung = ({ modified }: { modified: Date }) => ports.now().getTime() - modified.getTime() < days * DAY_MS;
  const isEarlier = (key: string) => !isKept(key) && !isOf(run)(key);
  const gone = found.filter((object) => isEarlier(object.key) && !isYoung(object)).map(({ key }) => key);
  // A marker goes before the files that it makes real.
  const isMarker = (key: string) => key.startsWith(keys.newestFolder(run.feed));
  await ports.store.remove(gone.filter(isMarker));
  await ports.store.remove(gone.filter((key) => !isMarker(key)));
}

/** Whether the marker names this content. Markers of older versions name none, and count. A marker that was cut does not count. */
async function isWritten(run: RunId, content: string, { store }: Pick<Ports, 'store'>): Promise<boolean> {
  const text = await store.readText(keys.newest(run));
  if (text === null) return false;
  try {
    return (readObject(deliveryMarker, text, keys.newest(run)).content ?? content) === content;
  } catch (thrown) {
    if (isLost(thrown)) return false;
    throw thrown;
  }
}

/** All tables of the feed; those that a release does not change are as before. */
async function snapshotsOf(
  { request, run }: Pick<OpenRun, 'request' | 'run'>,
  receipt: DiffReceipt,
  { ledger }: WithLedger<AppliedState>,
): Promise<Record<string, string>> {
  const held = { ...(await ledger.applied(run.feed))?.tables, ...receipt.tables };
  const names = Object.keys(request.feed.tables).filter((name) => entryOf(held, name) !== undefined);
  return Object.fromEntries(names.map((name) => [name, held[name]!.snapshot]));
}

async function writeTables(
  { request, run }: Pick<OpenRun, 'request' | 'run'>,
  snapshots: Readonly<Record<string, string>>,
  { store, engine }: Pick<Ports, 'store'> & Using<'engine', 'exportRows'>,
): Promise<void> {
  for (const [name, key] of Object.entries(snapshots)) {
    const table = request.feed.tables[name]!;
    const into = keys.currentDraft(run, name);
    await engine.exportRows(
      {
        snapshot: await readSnapshotManifest({ store }, key),
        columns: columnsOf(table),
        partitionBy: table.lake?.partition_by ?? [],
        asked: request.feed,
        into,
      },
      async (files) => {
        const put = async (file: EngineFile, index: number) => {
          const to = keys.current(run, name, index);
          if ('key' in file) await store.copy(file.key, to);
          else await store.writeFile(to, file.path);
        };
        for (let first = 0; first < files.length; first += PUT_AT_ONCE)
          await Promise.all(files.slice(first, first + PUT_AT_ONCE).map((file, index) => put(file, first + index)));
      },
    );
    await store.remove((await store.list(into)).map((object) => object.key));
  }
}

/** How many uploads run at the same time; each has its own buffers. */
const PUT_AT_ONCE = 4;

/** The newest earlier delivery in `current/`. */
function newestOf({ feed, ...run }: RunId, present: readonly string[]): RunId | undefined {
  const folder = keys.newestFolder(feed);
  const runs = present.flatMap((key) =>
    key.startsWith(folder) ? (parseRunName(`${feed}/${key.slice(folder.length).replace(/\.json$/, '')}`) ?? []) : [],
  );
  return runs
    .filter((other) => compareRuns(other, { feed, ...run }) < 0)
    .sort(compareRuns)
    .at(-1);
}
