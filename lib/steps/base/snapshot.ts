import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import type { Column } from '../../core/feed/spec.ts';
import { objectText, readObject } from '../../core/objects/object-kind.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import type { FileParts } from '../../core/run/file-parts.ts';
import { damaged } from '../../core/run/sealed.ts';
import { type SnapshotManifest, snapshotManifest } from '../../core/run/snapshot-manifest.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';
import { keep } from '../run/keep.ts';
import { type EngineFiles, sumOf } from './engine-files.ts';

/** The manifest of a snapshot of a table with these columns. */
export function manifestOf(
  table: string,
  columns: readonly Column[],
  parts: Omit<SnapshotManifest, 'table' | 'compared' | 'stored'>,
): SnapshotManifest {
  return {
    ...parts,
    table,
    compared: columns.filter(({ compare }) => compare).map(({ name }) => name),
    stored: columns.map(({ name }) => name),
  };
}

/** Stores a manifest, with checksums of itself and of the objects that only it names. */
export async function keepManifest(
  ports: Pick<Ports, 'store'>,
  key: string,
  manifest: SnapshotManifest,
  written?: EngineFiles,
): Promise<void> {
  const { drops, carried } = manifest;
  const sum = async (key: string) => written?.sumsOf([key])[key] ?? (await sumOf(ports.store.read(key)));
  const summed = {
    ...manifest,
    drops: drops && { ...drops, sha256: await sum(drops.key) },
    carried: carried && { ...carried, sha256: await sum(carried.key) },
  };
  await keep(ports, key, objectText(snapshotManifest, summed));
}

/** The manifest of a snapshot. Throws OBJECT_MISSING, OBJECT_DAMAGED, OBJECT_MALFORMED, OBJECT_NEWER. */
export async function readSnapshotManifest({ store }: Pick<Ports, 'store'>, key: string): Promise<SnapshotManifest> {
  const text = await store.readText(key);
  if (text === null) throw new NightfeedError('OBJECT_MISSING', `the snapshot that production holds is gone: ${key}`);
  return readObject(snapshotManifest, text, key);
}

/** Checks the objects of a snapshot, except landing parts, by their checksums. Throws OBJECT_MISSING, OBJECT_DAMAGED. */
export async function checkSnapshot({ store }: Pick<Ports, 'store'>, snapshot: SnapshotManifest): Promise<void> {
  for (const object of [snapshot.drops, snapshot.carried])
    if (object?.sha256 !== undefined) await checkSum(store, object.key, object.sha256);
}

/** The same for the objects of a change set. */
export async function checkChanges({ store }: Pick<Ports, 'store'>, { tables }: DiffReceipt): Promise<void> {
  for (const { sums = {} } of Object.values(tables))
    for (const [key, sum] of Object.entries(sums)) await checkSum(store, key, sum);
}

async function checkSum(store: Store, key: string, sum: string): Promise<void> {
  if ((await sumOf(store.read(key))) !== sum) throw damaged(key);
}

/** The same for landing parts, which have checksums of their own. Called after reading them failed. */
export async function checkParts(
  { store }: Pick<Ports, 'store'>,
  files: readonly Pick<FileParts, 'parts'>[],
): Promise<void> {
  for (const { key, bytes } of files.flatMap(({ parts }) => parts)) {
    let length = 0;
    const count = new Writable({
      write(chunk: Buffer, _encoding, done) {
        length += chunk.length;
        done();
      },
    });
    await pipeline(store.read(key), createZstdDecompress(), count).catch((thrown: unknown) => {
      throw thrown instanceof NightfeedError ? thrown : damaged(key, thrown);
    });
    if (length !== bytes) throw damaged(key);
  }
}

/** Whether an error means that an object of the lake is missing or damaged, so that its content has to come from elsewhere. An object of a newer version is neither. */
export function isLost(thrown: unknown): boolean {
  const { name } = asNightfeedError(thrown);
  return name === 'OBJECT_MISSING' || name === 'OBJECT_DAMAGED' || name === 'OBJECT_MALFORMED';
}
