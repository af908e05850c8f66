import type { RecordEnds } from './record-ends.ts';
import type { Window } from './window.ts';

/** Records that lie before the next equal pair, on each side. */
export interface Gap {
  readonly a: number;
  readonly b: number;
}

const SQUARE = 12;
const REACHES = [64, 512, 4096, 16384] as const;

/**
 * Finds the nearest pair of equal records: first in a small square, then by hash, ever further. `more` when a window ends
 * too early to tell. When nothing is near, it answers a gap of half the reach, so that a miss costs O(1) a record.
 */
export function nearestPair(a: Window, b: Window, ends: RecordEnds): Gap | 'more' {
  const inA = new Records(a, ends);
  const inB = new Records(b, ends);
  if (!inA.reach(SQUARE) || !inB.reach(SQUARE)) return 'more';
  const near = inSquare(inA, inB);
  if (near) return near;
  for (const reach of REACHES) {
    if (!inA.reach(reach) || !inB.reach(reach)) return 'more';
    const found = byHash(inA, inB);
    if (found) return found;
    if (inA.isAll && inB.isAll) return { a: inA.count, b: inB.count };
  }
  return { a: inA.count >> 1, b: inB.count >> 1 };
}

/** The ends of the next records in a window. */
class Records {
  readonly window: Window;
  readonly borders: number[];
  /** The stream has no record after these. */
  isAll = false;
  readonly #ends: RecordEnds;

  constructor(window: Window, ends: RecordEnds) {
    this.window = window;
    this.#ends = ends;
    this.borders = [window.start];
  }

  get count(): number {
    return this.borders.length - 1;
  }

  /** Finds this many records, or all that are left. false when it needs more bytes. */
  reach(records: number): boolean {
    while (this.count < records && !this.isAll) {
      const from = this.borders.at(-1)!;
      const end = from < this.window.end ? this.#ends.next(this.window, from) : -1;
      if (end > 0) this.borders.push(end);
      else if (this.window.ended) this.isAll = true;
      else return false;
    }
    return true;
  }

  length(index: number): number {
    return this.borders[index + 1]! - this.borders[index]!;
  }

  /** FNV-1a over a record's first bytes. */
  hash(index: number): number {
    const { bytes } = this.window;
    const end = Math.min(this.borders[index + 1]!, this.borders[index]! + HASHED_BYTES);
    let hash = 0x811c9dc5 ^ this.length(index);
    for (let at = this.borders[index]!; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    return hash;
  }
}

const HASHED_BYTES = 64;

function equal(a: Records, i: number, b: Records, j: number): boolean {
  if (a.length(i) !== b.length(j)) return false;
  const [fromA, fromB] = [a.borders[i]!, b.borders[j]!];
  return a.window.bytes.compare(b.window.bytes, fromB, fromB + b.length(j), fromA, fromA + a.length(i)) === 0;
}

function inSquare(a: Records, b: Records): Gap | undefined {
  const [inA, inB] = [Math.min(a.count, SQUARE), Math.min(b.count, SQUARE)];
  for (let sum = 1; sum < inA + inB; sum += 1) {
    for (let i = Math.max(0, sum - inB + 1); i <= Math.min(sum, inA - 1); i += 1) {
      if (equal(a, i, b, sum - i)) return { a: i, b: sum - i };
    }
  }
  return undefined;
}

function byHash(a: Records, b: Records): Gap | undefined {
  const places = new Map<number, number>();
  for (let i = a.count - 1; i >= 0; i -= 1) places.set(a.hash(i), i);
  let best: Gap | undefined;
  for (let j = 0; j < b.count && (!best || j < best.a + best.b); j += 1) {
    const i = places.get(b.hash(j));
    if (i !== undefined && (!best || i + j < best.a + best.b) && equal(a, i, b, j)) best = { a: i, b: j };
  }
  return best;
}
