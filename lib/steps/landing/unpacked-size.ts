import { NightfeedError } from '../../core/errors.ts';

/** Text can be compressed by a factor of 5 to 100. A file that unpacks to more than this factor, after its first bytes, is an attack or a fault. */
const MAX_RATIO = 500;
const UNJUDGED_BYTES = 64_000_000;

/** Throws DECOMPRESSION_LIMIT. */
export function checkUnpacked(packed: number, unpacked: number): void {
  if (unpacked <= UNJUDGED_BYTES || unpacked <= packed * MAX_RATIO) return;
  throw new NightfeedError(
    'DECOMPRESSION_LIMIT',
    `${packed} bytes unpacked to more than ${unpacked}; at most ${MAX_RATIO} times are allowed`,
  );
}

/** Judges an archive as a whole: many members that are small enough alone may be too much together. */
export class UnpackedSize {
  #packed = 0;
  #unpacked = 0;

  /** `packed`: bytes of this member that were read so far. Throws DECOMPRESSION_LIMIT. */
  check(packed: number, more: number): void {
    this.#unpacked += more;
    checkUnpacked(this.#packed + packed, this.#unpacked);
  }

  /** A member of so many packed bytes has ended. */
  add(packed: number): void {
    this.#packed += packed;
  }
}
