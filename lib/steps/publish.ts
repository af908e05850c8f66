import { asNightfeedError, type ErrorName } from '../core/errors.ts';
import { retainCondition } from '../core/feed/rules/retain-condition.ts';
import type { Finding } from '../core/guards/finding.ts';
import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import { runMessage } from '../core/run/message.ts';
import type { SnapshotManifest } from '../core/run/snapshot-manifest.ts';
import type { Ports, Using } from '../ports/ports.ts';
import type { PublishedTable } from '../ports/target.ts';
import { damageOfChanges } from './base/lost-objects.ts';
import { readSnapshotManifest } from './base/snapshot.ts';
import type { Kept } from './run/receipts.ts';
import { retrying } from './run/retry.ts';
import type { OpenRun } from './run/run-request.ts';
import { summaries } from './run/summary.ts';

export type PublishPorts = Pick<Ports, 'store' | 'sleep' | 'say'> &
  Using<'engine', 'copyText'> &
  Using<'target', 'publish'>;

type Tables = Readonly<Record<string, PublishedTable>>;

/** Copies the change set into staging tables, and applies it to all tables in one transaction, with the proof. */
export async function publish(
  open: OpenRun,
  changes: Kept<DiffReceipt>,
  warnings: readonly Finding[],
  ports: PublishPorts,
): Promise<Tables> {
  const { run, fence, request, clock } = open;
  const { receipt, id: changeSet } = changes;
  const snapshots: Record<string, SnapshotManifest> = {};
  for (const [name, table] of Object.entries(receipt.tables))
    snapshots[name] = await readSnapshotManifest(ports, table.snapshot);
  const publishOnce = () =>
    ports.target.publish({
      run,
      fence,
      feed: request.feed,
      changeSet,
      receipt,
      snapshots,
      rows: (table, kind) => {
        const { changes } = receipt.tables[table]!;
        const spec = request.feed.tables[table]!;
        if (kind !== 'retained') return ports.engine.copyText([changes[kind]!].flat(), spec);
        return ports.engine.copyText([changes.gone!].flat(), spec, retainCondition(spec)!);
      },
      message: (written) =>
        runMessage({ run, state: 'published', changeSet, tables: summaries(receipt, written), warnings }),
      ...(clock ? { steps: () => clock.timesAtEndOf('publish') } : {}),
    });
  const outcome = await retrying(ports, publishOnce).catch(async (thrown: unknown) => {
    if (!mayBeDamage.has(asNightfeedError(thrown).name)) throw thrown;
    throw (await damageOfChanges(open, changes, ports)) ?? thrown;
  });
  return outcome.tables;
}

/** Errors of database and engine that damaged objects of the change set can cause. */
const mayBeDamage: ReadonlySet<ErrorName> = new Set([
  'PROOF_FAILED',
  'ENGINE_FAILED',
  'OBJECT_MISSING',
  'DATABASE_REFUSED',
  'UNFORESEEN',
]);
