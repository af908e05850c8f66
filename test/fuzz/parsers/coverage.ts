import { Session } from 'node:inspector/promises';

/** Which of our code ran: V8 counts by block, and names a block by its place in the file. */
export class Coverage {
  readonly #session = new Session();
  /** By file, a byte for each of its characters: 1 for what has run. */
  readonly #seen = new Map<string, Uint8Array>();

  static async start(): Promise<Coverage> {
    const coverage = new Coverage();
    coverage.#session.connect();
    await coverage.#session.post('Profiler.enable');
    await coverage.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return coverage;
  }

  /** Whether anything ran since the last call that had never run before; `keeps`: from now on it has. */
  async grew({ keeps }: { readonly keeps: boolean }): Promise<boolean> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const ours = result.filter(({ url }) => url.includes('/lib/') && !url.includes('/node_modules/'));
    let isNew = false;
    for (const { url, functions } of ours)
      for (const { ranges } of functions) if (ranges[0]!.count > 0 && this.#see(url, ranges, keeps)) isNew = true;
    return isNew;
  }

  /** Ranges within a function, from the outside to the inside: the innermost one tells of a character whether it ran. */
  #see(url: string, ranges: readonly Range[], keeps: boolean): boolean {
    const { startOffset: start, endOffset: end } = ranges[0]!;
    const ran = new Uint8Array(end - start);
    for (const { startOffset, endOffset, count } of ranges)
      ran.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
    const seen = this.#of(url, end);
    let isNew = false;
    for (let at = 0; at < ran.length; at += 1) {
      if (ran[at] === 0 || seen[start + at] === 1) continue;
      isNew = true;
      if (!keeps) return true;
      seen[start + at] = 1;
    }
    return isNew;
  }

  #of(url: string, length: number): Uint8Array {
    let seen = this.#seen.get(url) ?? new Uint8Array(length);
    if (seen.length < length) {
      const longer = new Uint8Array(length);
      longer.set(seen);
      seen = longer;
    }
    this.#seen.set(url, seen);
    return seen;
  }
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
