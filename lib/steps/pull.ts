import { entryOf } from '../core/entry-of.ts';
import { readingSpecOf, shortHash } from '../core/feed/reading-spec.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { changeOfMeaning } from '../core/run/applied-table.ts';
import type { ArriveReceipt } from '../core/run/arrive-receipt.ts';
import type { LandedTable, PullReceipt } from '../core/run/pull-receipt.ts';
import type { StreamingDiff } from '../ports/comparison.ts';
import type { Applied, AppliedState } from '../ports/ledger/applied.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { isLost, readSnapshotManifest } from './base/snapshot.ts';
import { pullTable, type TablePorts } from './landing/pull-table.ts';
import { once, requireReceipt } from './run/receipts.ts';
import { type OpenRun, readingOf } from './run/run-request.ts';

export type PullPorts = TablePorts &
  Pick<Ports, 'openSource' | 'reach'> &
  Using<'engine', 'canStream' | 'startStreamingDiff'> &
  WithLedger<LedgerPresence & AppliedState>;

/** The streaming diffs by table. They are in the memory of the process that pulled. */
export type Observed = ReadonlyMap<string, StreamingDiff>;

/** Brings the delivery to landing and proves it whole. When an earlier process has pulled, there are no streaming diffs. */
export async function pull(
  open: OpenRun,
  arrival: ArriveReceipt,
  ports: PullPorts,
): Promise<{ readonly pulled: PullReceipt; readonly observed: Observed }> {
  let observed: Observed = new Map();
  const { receipt } = await once(ports, open.run, 'pull', inputsOf(open, arrival), async () => {
    const landed = await land(open, arrival, ports);
    observed = landed.observed;
    return landed.pulled;
  });
  await ports.reach('pull.receipt');
  return { pulled: receipt, observed };
}

/** The delivery that an earlier process has pulled. Throws OBJECT_MISSING. */
export async function pulledBefore(
  open: OpenRun,
  arrival: ArriveReceipt,
  ports: Pick<Ports, 'store'>,
): Promise<PullReceipt> {
  return (await requireReceipt(ports, open.run, 'pull', inputsOf(open, arrival))).receipt;
}

function inputsOf({ request }: OpenRun, { listing }: ArriveReceipt) {
  return { listing, reading: readingOf(request.feed), contracts: contractsOf(request.feed) };
}

function contractsOf({ tables }: Feed) {
  return Object.entries(tables).map(([name, { contract, ignore }]) => [name, contract, ...(ignore ? [ignore] : [])]);
}

async function land(open: OpenRun, arrival: ArriveReceipt, ports: PullPorts): ReturnType<typeof pull> {
  const { feed, date } = open.request;
  const source = await ports.openSource(feed, date);
  const isStreamed = ports.engine.canStream && (await ports.ledger.exists());
  const applied = isStreamed ? await ports.ledger.applied(feed.feed) : null;
  const progress = { done: 0, total: arrival.files.reduce((sum, file) => sum + file.size, 0) };
  const observed = new Map<string, StreamingDiff>();
  try {
    const tables: Record<string, LandedTable> = {};
    for (const name of Object.keys(feed.tables)) {
      const streaming = await startStreamingDiff(open, name, applied, ports);
      if (streaming) observed.set(name, streaming);
      const landed = await pullTable(
        open,
        name,
        arrival.files.filter((file) => file.table === name),
        source,
        ports,
        progress,
        streaming,
      );
      const leftOut = (arrival.leftOut ?? []).filter((file) => file.table === name).map((file) => file.name);
      tables[name] = (feed.tables[name]!.pick ?? 'all') === 'all' ? landed : { ...landed, leftOut };
    }
    await ports.reach('pull.bytes');
    const snapshots = Object.entries(tables).map(([name, table]) => [name, table.snapshot]);
    return { pulled: { delivery: shortHash(snapshots), tables }, observed };
  } catch (thrown) {
    // Pull may begin again in the same process, with others.
    for (const streaming of observed.values()) await streaming.close();
    throw thrown;
  } finally {
    await source.close();
  }
}

/** Starts the streaming diff of a table. When the base is missing, the diff step reports it. */
async function startStreamingDiff(
  open: OpenRun,
  name: string,
  applied: Applied | null,
  ports: Pick<Ports, 'store'> & Using<'engine', 'startStreamingDiff'>,
): Promise<StreamingDiff | null> {
  const { feed } = open.request;
  const table = feed.tables[name]!;
  const held = entryOf(applied?.tables, name);
  const base = held ? await readSnapshotManifest(ports, held.snapshot).catch(unlessLost) : null;
  if (base === null) return null;
  // The diff step then reads the base back from production.
  if (changeOfMeaning(held!, base, { schema: feed.target.schema, table }) !== null) return null;
  const columns = columnsOf(table);
  return ports.engine.startStreamingDiff({
    table: name,
    columns,
    asked: feed,
    base,
    reading: readingSpecOf(table),
  });
}

function unlessLost(thrown: unknown): null {
  if (isLost(thrown)) return null;
  throw thrown;
}
