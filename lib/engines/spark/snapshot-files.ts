import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import type { SparkSnapshot } from '../../core/sql/plans/spark/snapshot.ts';
import type { Store } from '../../ports/store.ts';
import { readDrops } from '../duckdb/part-files.ts';
import { csvFiles } from './csv-files.ts';
import type { SparkRoom } from './runner.ts';

/** The files of a snapshot for Spark. Copies of parts lie under `folder` in the room. */
export async function snapshotFiles(
  store: Store,
  room: SparkRoom,
  { files, drops, reading, carried }: SnapshotManifest,
  folder: string,
): Promise<SparkSnapshot> {
  const { csv } = await csvFiles(store, files, await readDrops(store, drops?.key), reading, room, folder);
  return {
    reading,
    csv,
    carried: carried ? await room.object(carried.key) : null,
    carriedColumns: carried?.columns,
  };
}
