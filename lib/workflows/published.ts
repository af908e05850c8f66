import { NightfeedError } from '../core/errors.ts';
import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import { type RunId, runName } from '../core/run/keys.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { Published } from '../ports/quarantine.ts';
import { changesOf } from '../steps/base/earlier.ts';
import { readSnapshotManifest } from '../steps/base/snapshot.ts';
import { requireThere } from '../steps/retention/removed-by-keep.ts';

/** A change set that went into production. */
export interface PublishedRun {
  readonly receipt: DiffReceipt;
  /** What it decided about the rows of a table; empty for a table that it did not have. */
  of(table: string): Published[];
}

/** What was published since a run, that run first. Throws RUN_UNKNOWN when it is not published, REMOVED_BY_KEEP, OBJECT_MISSING. */
export async function published(run: RunId, ports: Pick<Ports, 'store'> & WithLedger<Runs>): Promise<PublishedRun[]> {
  const rows = await ports.ledger.publishedSince(run);
  if (rows[0] === undefined || runName(rows[0].run) !== runName(run))
    throw new NightfeedError('RUN_UNKNOWN', `${runName(run)} is not published`);
  // An adoption is not a delivery, and decided nothing about single rows.
  const runs = rows.filter(({ origin }) => origin?.kind !== 'adopt');
  const found: PublishedRun[] = [];
  for (const row of runs) {
    const { receipt } = await changesOf(row, ports);
    const said = new Map<string, Published>();
    for (const [name, { changes, snapshot, rejects }] of Object.entries(receipt.tables)) {
      if (!receipt.release) await requireThere([snapshot], ports);
      said.set(
        name,
        receipt.release
          ? { kind: 'release', changed: Object.values(changes).flat() }
          : { kind: 'night', carried: (await readSnapshotManifest(ports, snapshot)).carried?.key ?? null, rejects },
      );
    }
    found.push({ receipt, of: (table) => [said.get(table) ?? []].flat() });
  }
  return found;
}
