import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { noSamples } from '../../../lib/core/diff/samples.ts';
import { splitRecord } from '../../../lib/core/records/fields.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import type { FileParts } from '../../../lib/core/run/file-parts.ts';
import type { SnapshotManifest } from '../../../lib/core/run/snapshot-manifest.ts';
import { partBytes, tableParts } from '../../../lib/engines/duckdb/part-files.ts';
import type { EngineDiff, EngineInput } from '../../../lib/ports/comparison.ts';
import type { Engine } from '../../../lib/ports/engine.ts';
import type { Store } from '../../../lib/ports/store.ts';

/**
 * Compares records as texts, by their first field; files of changes hold nothing that anybody could read. For tests of workflows,
 * with deliveries of which every record is well-formed.
 */
export function inMemoryEngine(store: Store): Engine {
  const refuse = (): never => {
    throw new Error('the engine in memory only compares and exports');
  };
  return {
    version: 'memory-1',
    canStream: false,
    needsJob: () => false,
    startStreamingDiff: async () => null,
    diff: (input, use) => inFolder(async (folder) => use(await compare(store, input, folder))),
    exportRows: (_exported, use) => inFolder(async (folder) => use([{ path: await written(folder, 'rows') }])),
    copyText: () => Readable.from([]),
    keepLocally: refuse,
    importRows: refuse,
    release: refuse,
    rejects: refuse,
  };
}

async function compare(store: Store, { base, next }: EngineInput, folder: string): Promise<EngineDiff> {
  const { reading } = next;
  const before = base === null ? new Map<string, string>() : await rowsOf(store, base.files, reading);
  const after = await rowsOf(store, next.landed.files, reading);
  const inserted = [...after.keys()].filter((key) => !before.has(key)).length;
  const gone = [...before.keys()].filter((key) => !after.has(key)).length;
  const updated = [...after].filter(([key, text]) => before.has(key) && before.get(key) !== text).length;
  const counts = { inserted, updated, gone };
  const kinds = (['inserted', 'updated', 'gone'] as const).filter((kind) => counts[kind] > 0);
  const files = await Promise.all(kinds.map(async (kind) => [kind, await written(folder, kind)]));
  return {
    engine: 'memory',
    reason: 'a test',
    ...counts,
    accepted: after.size,
    rejected: {},
    filtered: 0,
    collapsed: 0,
    reverted: 0,
    suspended: 0,
    broken: {},
    carried: 0,
    before: { rows: updated + gone, hi: '0', lo: '0' },
    after: { rows: updated + inserted, hi: '0', lo: '0' },
    whole: null,
    nulls: { before: {}, after: {}, whole: null },
    samples: noSamples,
    files: Object.fromEntries(files),
  };
}

async function rowsOf(store: Store, files: readonly FileParts[], reading: SnapshotManifest['reading']) {
  const rows = new Map<string, string>();
  const syntax = recordSyntaxOf(reading.format);
  for (const { part, header, recordEnd } of tableParts(files))
    for await (const { bytes } of records(partBytes(store, part), syntax, recordEnd, header.length))
      rows.set(splitRecord(Buffer.from(bytes), syntax)[0]!.text, bytes.toString());
  return rows;
}

async function written(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, name);
  return path;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-engine-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
