import { entryOf } from '../core/entry-of.ts';
import { nextNightOf } from '../core/feed/business-date.ts';
import { readingSpecOf, shortHash } from '../core/feed/reading-spec.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { changeOfMeaning } from '../core/run/applied-table.ts';
import type { ArrivedFile, ArriveReceipt } from '../core/run/arrive-receipt.ts';
import type { LandedTable, PullReceipt } from '../core/run/pull-receipt.ts';
import type { StreamingDiff } from '../ports/comparison.ts';
import type { Applied, AppliedState } from '../ports/ledger/applied.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { isLost, readSnapshotManifest } from './base/snapshot.ts';
import { pullFile, type Share } from './landing/pull-file.ts';
import { TableLanding, type TablePorts } from './landing/table-landing.ts';
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
  const landings = new Landings(open, ports);
  const nextNight = nextNightOf(feed, date);
  const pulling = {
    source,
    ports,
    progress: { done: 0, total: [...byName(arrival).values()].reduce((sum, [file]) => sum + file!.size, 0) },
    // For a date of long ago there is no next night that has to wait.
    until: nextNight && nextNight > ports.now() ? { at: nextNight, why: 'when the next night begins' } : undefined,
  };
  try {
    const tables: Record<string, LandedTable> = {};
    const waiting = byName(arrival);
    const ignored = new Map<string, string[]>();
    for (const name of Object.keys(feed.tables)) {
      const files = arrival.files.filter((file) => file.table === name);
      for (const file of files) {
        const shares = waiting.get(file.name);
        // Another table has shared the archive.
        if (!shares) continue;
        waiting.delete(file.name);
        const [first, ...others] = await landings.shares(shares);
        ignored.set(file.name, await pullFile([first!, ...others], pulling));
      }
      const landed = await (await landings.of(name)).end();
      const leftOut = [
        ...(arrival.leftOut ?? []).filter((file) => file.table === name).map((file) => file.name),
        ...files.flatMap((file) => ignored.get(file.name) ?? []),
      ];
      const isChosen = (feed.tables[name]!.pick ?? 'all') !== 'all' || files.some((file) => file.members);
      tables[name] = isChosen ? { ...landed, leftOut } : landed;
    }
    await ports.reach('pull.bytes');
    const snapshots = Object.entries(tables).map(([name, table]) => [name, table.snapshot]);
    return { pulled: { delivery: shortHash(snapshots), tables }, observed: landings.observed };
  } catch (thrown) {
    // Pull may begin again in the same process, with others.
    for (const streaming of landings.observed.values()) await streaming.close();
    throw thrown;
  } finally {
    await source.close();
  }
}

/** The files of the delivery; an archive once for each table that takes members of it. */
function byName({ files }: ArriveReceipt): Map<string, ArrivedFile[]> {
  const found = new Map<string, ArrivedFile[]>();
  for (const file of files) found.set(file.name, [...(found.get(file.name) ?? []), file]);
  return found;
}

/** What lands each table, with its streaming diff; begun when the first of its bytes is about to come. */
class Landings {
  readonly observed = new Map<string, StreamingDiff>();
  readonly #open: OpenRun;
  readonly #ports: PullPorts;
  readonly #begun = new Map<string, TableLanding>();
  #applied: Promise<Applied | null> | undefined;

  constructor(open: OpenRun, ports: PullPorts) {
    this.#open = open;
    this.#ports = ports;
  }

  async of(table: string): Promise<TableLanding> {
    const begun = this.#begun.get(table);
    if (begun) return begun;
    const streaming = await startStreamingDiff(this.#open, table, await this.#held(), this.#ports);
    if (streaming) this.observed.set(table, streaming);
    const landing = new TableLanding(this.#open, table, this.#ports, streaming);
    this.#begun.set(table, landing);
    return landing;
  }

  async shares(files: readonly ArrivedFile[]): Promise<Share[]> {
    const shares: Share[] = [];
    for (const file of files) shares.push({ file, landing: await this.of(file.table) });
    return shares;
  }

  #held(): Promise<Applied | null> {
    const { engine, ledger } = this.#ports;
    const held = async () =>
      engine.canStream && (await ledger.exists()) ? ledger.applied(this.#open.request.feed.feed) : null;
    this.#applied ??= held();
    return this.#applied;
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
