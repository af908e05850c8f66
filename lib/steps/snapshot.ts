import { NightfeedError } from '../core/errors.ts';
import type { SnapshotManifest } from '../core/run/receipt.ts';
import type { Ports } from './ports.ts';

/** The manifest of a snapshot. Throws OBJECT_MISSING. */
export async function readManifest({ store }: Pick<Ports, 'store'>, key: string): Promise<SnapshotManifest> {
  const text = await store.readText(key);
  if (text === null) throw new NightfeedError('OBJECT_MISSING', `the snapshot that production holds is gone: ${key}`);
  return JSON.parse(text) as SnapshotManifest;
}
