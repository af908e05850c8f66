import { NightfeedError } from '../../core/errors.ts';
import { referencedBy } from '../../core/feed/rules/rule.ts';
import { type Column, columnsOf, type Feed } from '../../core/feed/spec.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';

/** Snapshots of the tables that a table references: tonight's in a night, what production holds in a release. */
export async function parentsOf(
  feed: Feed,
  name: string,
  snapshotOf: (table: string) => Promise<SnapshotManifest | null>,
) {
  const parents: Record<string, { snapshot: SnapshotManifest; columns: Column[] }> = {};
  for (const other of referencedBy(feed.tables[name]!)) {
    const snapshot = await snapshotOf(other);
    if (snapshot === null)
      throw new NightfeedError('USAGE', `${name} references ${other}, of which nothing is published yet`);
    parents[other] = { snapshot, columns: columnsOf(feed.tables[other]!) };
  }
  return parents;
}
