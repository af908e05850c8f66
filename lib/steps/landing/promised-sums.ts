import { createHash, type Hash } from 'node:crypto';
import type { Promised } from '../../core/delivery/manifest.ts';

/** The checksums that a manifest promises. */
export class PromisedSums {
  readonly #sums: { readonly name: string; readonly promised: string; readonly hash: Hash }[];

  constructor({ md5, sha256 }: Promised) {
    const promises = Object.entries({ md5, sha256 }).filter(([, promised]) => promised !== undefined);
    this.#sums = promises.map(([name, promised]) => ({ name, promised: promised!, hash: createHash(name) }));
  }

  push(chunk: Buffer): void {
    for (const { hash } of this.#sums) hash.update(chunk);
  }

  fault(): string | undefined {
    for (const { name, promised, hash } of this.#sums) {
      const found = hash.digest('hex');
      if (found !== promised) return `has the ${name} ${found}; the manifest says ${promised}`;
    }
    return undefined;
  }
}
