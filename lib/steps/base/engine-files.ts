import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { EngineFile } from '../../ports/comparison.ts';
import type { Ports } from '../../ports/ports.ts';

/** Copies files of an engine into the lake, and keeps their checksums. */
export class EngineFiles {
  readonly #store: Ports['store'];
  readonly #sums: Record<string, string> = {};

  constructor({ store }: Pick<Ports, 'store'>) {
    this.#store = store;
  }

  /** Puts a file under `key`. A file that the engine wrote into the lake itself keeps its own key. Resolves to the key. */
  async put(file: string | EngineFile | undefined, key: string): Promise<string | null> {
    if (file === undefined) return null;
    if (typeof file === 'object' && 'key' in file) return file.key;
    const path = typeof file === 'string' ? file : file.path;
    this.#sums[key] = await sumOf(createReadStream(path));
    await this.#store.writeFile(key, path);
    return key;
  }

  /** SHA-256 by key of the files that were copied. Files that an engine wrote into the lake itself are not read for this. */
  sumsOf(keys: readonly string[]): Record<string, string> {
    return Object.fromEntries(keys.flatMap((key) => (key in this.#sums ? [[key, this.#sums[key]!]] : [])));
  }
}

/** SHA-256 in hex. */
export async function sumOf(bytes: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
