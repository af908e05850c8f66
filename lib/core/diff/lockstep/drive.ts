import { NightfeedError } from '../../errors.ts';
import type { LockstepWalk } from './walk.ts';
import { Window } from './window.ts';

/** Large enough that a look-ahead of 16,384 records of ordinary size fits without growing. */
const WINDOW_BYTES = 4 << 20;

/** A chunk is appended in pieces of a window divided by this. */
const PIECES = 4;

interface DriveOptions {
  readonly windowBytes?: number;
  /** Called between two steps; false ends the walk early. `walked` counts bytes of the next side. */
  goOn?(walked: number): boolean;
}

/** Feeds two streams to a walk and holds only two windows in memory. false when `goOn` ended it early. */
export async function driveLockstep(
  base: AsyncIterable<Uint8Array>,
  next: AsyncIterable<Uint8Array>,
  walk: LockstepWalk,
  options: DriveOptions = {},
): Promise<boolean> {
  const { windowBytes = WINDOW_BYTES, goOn } = options;
  const left = new Feed(base, windowBytes);
  const right = new Feed(next, windowBytes);
  try {
    for (;;) {
      const isShort = (feed: Feed) => !feed.window.ended && feed.waiting < windowBytes / 2;
      if (isShort(left) || isShort(right)) await Promise.all([left, right].filter(isShort).map((feed) => feed.fill()));
      if (walk.step(left.window, right.window) === 'done') return true;
      if (goOn && !goOn(right.window.base + right.window.start)) return false;
      if (isShort(left) || isShort(right)) continue;
      if (left.window.ended && right.window.ended)
        throw new NightfeedError('ENGINE_DISAGREES', 'a record stream ends within a record');
      await Promise.all([left.fill(), right.fill()]);
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

/** A window with the stream that fills it. It always reads one chunk ahead. A long record makes the window grow, a long chunk does not. */
class Feed {
  readonly window: Window;
  readonly #pieceBytes: number;
  /** The part of the last chunk that did not fit. */
  #rest: Uint8Array = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Uint8Array>;
  #coming: Promise<IteratorResult<Uint8Array>>;

  constructor(chunks: AsyncIterable<Uint8Array>, windowBytes: number) {
    this.window = new Window(windowBytes);
    this.#pieceBytes = Math.ceil(windowBytes / PIECES);
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#coming = this.#ask();
  }

  get waiting(): number {
    return this.window.end - this.window.start;
  }

  async fill(): Promise<void> {
    if (this.window.ended) return;
    if (this.#rest.length === 0) {
      const { value, done } = await this.#coming;
      if (done) {
        this.window.ended = true;
        return;
      }
      this.#coming = this.#ask();
      this.#rest = value;
    }
    this.window.append(this.#rest.subarray(0, this.#pieceBytes));
    this.#rest = this.#rest.subarray(this.#pieceBytes);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #ask(): Promise<IteratorResult<Uint8Array>> {
    const coming = this.#chunks.next();
    // The next fill reports its failure. Until then nobody awaits it, which Node would take for an unhandled rejection.
    coming.catch(() => {});
    return coming;
  }
}
