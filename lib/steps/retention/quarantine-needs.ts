import { entryOf } from '../../core/entry-of.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import { runName } from '../../core/run/keys.ts';
import type { RunRow } from '../../ports/ledger/runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { findReceipt } from '../run/receipts.ts';
import { DAY_MS } from './day.ts';
import { type AddNeed, type NeedPorts, tableOf, wholeOf } from './need.ts';

/** What a release of each waiting row reads: its night's records and report, and what every publication since says about it. */
export async function quarantineNeeds(
  feed: string,
  days: number | undefined,
  add: AddNeed,
  ports: NeedPorts,
): Promise<void> {
  const waiting = Map.groupBy(await ports.ledger.quarantined({ feed }), ({ run }) => runName(run));
  const receipts = new Receipts(ports);
  for (const rows of waiting.values()) {
    const { run } = rows[0]!;
    const since = await ports.ledger.publishedSince(run);
    const night = since[0] && runName(since[0].run) === runName(run) ? since[0] : undefined;
    if (days !== undefined && night?.endedAt && ports.now().getTime() - night.endedAt.getTime() > days * DAY_MS)
      continue;
    // Without its own receipt nobody can release a row of it any more.
    if (night?.changeSet !== undefined && (await receipts.of(night)) === null) continue;
    for (const table of new Set(rows.map((row) => row.table))) {
      if (await isDecided(table, since.slice(1), receipts)) continue;
      for (const zone of ['landing', 'raw', 'changes', 'snapshots']) add(tableOf(zone, run, table), 'quarantine');
      add(wholeOf('receipts', run), 'quarantine');
      for (const later of since) {
        add(wholeOf('receipts', later.run), 'quarantine');
        add(tableOf('snapshots', later.run, table), 'quarantine');
        const receipt = await receipts.of(later);
        if (receipt?.release) add(tableOf('changes', later.run, table), 'quarantine');
        const rejects = entryOf(receipt?.tables, table)?.rejects;
        if (rejects) add(rejects, 'quarantine');
      }
    }
  }
}

/** Whether a later delivery left no row of the table undecided, as a release would find too: none was rejected, and none carried. */
async function isDecided(table: string, later: readonly RunRow[], receipts: Receipts): Promise<boolean> {
  for (const row of later) {
    const receipt = await receipts.of(row);
    const diff = entryOf(receipt?.tables, table);
    if (!receipt?.release && diff && diff.rejects === null && diff.carried === 0 && diff.suspended === 0) return true;
  }
  return false;
}

/** Receipts of diff, each read once. */
class Receipts {
  readonly #ports: Pick<Ports, 'store'>;
  readonly #known = new Map<string, DiffReceipt | null>();

  constructor(ports: Pick<Ports, 'store'>) {
    this.#ports = ports;
  }

  /** null for an adoption, and for a receipt that is gone. */
  async of({ run, changeSet }: RunRow): Promise<DiffReceipt | null> {
    const name = runName(run);
    if (!this.#known.has(name)) {
      const found = changeSet === undefined ? null : await findReceipt(this.#ports, run, 'diff', changeSet);
      this.#known.set(name, found?.receipt ?? null);
    }
    return this.#known.get(name)!;
  }
}
