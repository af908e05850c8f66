import { retainCondition } from '../core/feed/retain-condition.ts';
import type { Hold } from '../core/run/hold.ts';
import { runMessage } from '../core/run/message.ts';
import type { DiffReceipt, SnapshotManifest } from '../core/run/receipt.ts';
import type { OpenRun } from './order.ts';
import type { Ports, PublishedTable } from './ports.ts';
import type { Kept } from './receipts.ts';
import { retrying } from './retry.ts';
import { readManifest } from './snapshot.ts';
import { summaries } from './summary.ts';

type Tables = Readonly<Record<string, PublishedTable>>;

/** Stages the change set and applies it to all tables in one transaction, proved. */
export async function publish(
  open: OpenRun,
  { receipt, id: changeSet }: Kept<DiffReceipt>,
  warnings: readonly Hold[],
  ports: Ports,
): Promise<Tables> {
  const { run, fence, order } = open;
  const snapshots: Record<string, SnapshotManifest> = {};
  for (const [name, table] of Object.entries(receipt.tables))
    snapshots[name] = await readManifest(ports, table.snapshot);
  const outcome = await retrying(ports, () =>
    ports.warehouse.publish({
      run,
      fence,
      feed: order.feed,
      changeSet,
      receipt,
      snapshots,
      rows: (table, kind) => {
        const { changes } = receipt.tables[table]!;
        const spec = order.feed.tables[table]!;
        if (kind !== 'retained') return ports.engine.copyText([changes[kind]!].flat(), spec.columns);
        return ports.engine.copyText([changes.gone!].flat(), spec.columns, retainCondition(spec)!);
      },
      message: (written) =>
        runMessage({ run, state: 'published', changeSet, tables: summaries(receipt, written), warnings }),
    }),
  );
  return outcome.tables;
}
