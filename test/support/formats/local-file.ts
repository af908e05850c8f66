import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalEngine } from '../../../lib/engines/engine.ts';
import type { KeptFile } from '../../../lib/ports/engine.ts';
import { folderStore } from '../../../lib/stores/folder/folder.ts';

/** For formats that read a file while it comes. */
export const noLocalFile = async (): Promise<never> => {
  throw new Error('this format needs no local file');
};

/** What landing gives a format for these bytes. */
export function withLocalFile<T>(
  bytes: AsyncIterable<Buffer>,
  work: (localFile: () => Promise<KeptFile>) => Promise<T>,
): Promise<T> {
  return withLocalFiles((keep) => work(() => keep(bytes)));
}

/** The same for any bytes, with a scratch folder of its own, which goes at the end of `work`. */
export async function withLocalFiles<T>(
  work: (keep: (bytes: AsyncIterable<Buffer>) => Promise<KeptFile>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'local-file-'));
  const engine = new LocalEngine({
    store: folderStore(join(folder, 'lake')),
    scratch: join(folder, 'scratch'),
    memory: '100MB',
    threads: 1,
  });
  try {
    return await work((bytes) => engine.keepLocally(bytes, 0));
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
