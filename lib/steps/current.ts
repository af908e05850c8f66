import { columnsOf } from '../core/feed/spec.ts';
import { compareRuns, keys, parseRunName, type RunId } from '../core/run/keys.ts';
import type { DiffReceipt } from '../core/run/receipt.ts';
import { readManifest } from './diff.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';

/**
 * `current/`: what the vendor's tables hold now, typed, for whoever queries the lake. A delivery is there for readers from the
 * moment on in which an object says so, which is written after all tables. The delivery before it stays until the next one, so
 * that a query that has begun can end.
 */
export async function writeCurrent(
  { order, run }: Pick<OpenRun, 'order' | 'run'>,
  receipt: DiffReceipt,
  { store, engine, ...ports }: Pick<Ports, 'store' | 'engine' | 'ledger'>,
): Promise<void> {
  const present = (await store.list(keys.currentOf(run.feed))).map(({ key }) => key);
  if (present.includes(keys.newest(run))) return;
  const tables = Object.keys(receipt.tables);
  const isOf = (of: RunId) => (key: string) =>
    key === keys.newest(of) || tables.some((name) => key.startsWith(keys.currentFolder(of, name)));
  // What an attempt left that ended too early.
  await store.remove(present.filter(isOf(run)));
  for (const [name, { snapshot }] of Object.entries(receipt.tables)) {
    const { columns, lake } = order.feed.tables[name]!;
    const manifest = await readManifest({ store, ...ports }, snapshot);
    await engine.exportRows(manifest, columnsOf({ columns }), lake?.partition_by ?? [], async (paths) => {
      for (const [file, path] of paths.entries()) await store.writeFile(keys.current(run, name, file), path);
    });
  }
  await store.create(
    keys.newest(run),
    `${JSON.stringify({ nightfeed_date: run.date, nightfeed_revision: run.revision })}\n`,
  );
  const before = newestOf(run.feed, present);
  const isKept = before ? isOf(before) : () => false;
  await store.remove(present.filter((key) => !isKept(key) && !isOf(run)(key)));
}

function newestOf(feed: string, present: readonly string[]): RunId | undefined {
  const folder = keys.newestFolder(feed);
  const runs = present.flatMap((key) =>
    key.startsWith(folder) ? (parseRunName(`${feed}/${key.slice(folder.length).replace(/\.json$/, '')}`) ?? []) : [],
  );
  return runs.sort(compareRuns).at(-1);
}
