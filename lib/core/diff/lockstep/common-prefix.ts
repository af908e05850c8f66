const FIRST_BLOCK = 256;
const LARGEST_BLOCK = 1 << 16;

/** Number of equal bytes from these places on, at most `length`: memcmp over growing blocks, then halving within the last. */
export function commonPrefix(a: Buffer, atA: number, b: Buffer, atB: number, length: number): number {
  let done = 0;
  for (let block = FIRST_BLOCK; done < length; block = Math.min(block * 4, LARGEST_BLOCK)) {
    const size = Math.min(block, length - done);
    if (!same(a, atA + done, b, atB + done, size)) return done + halve(a, atA + done, b, atB + done, size);
    done += size;
  }
  return length;
}

/** Within a block that differs: halves it with memcmp as long as that is cheaper than a loop over its bytes. */
function halve(a: Buffer, atA: number, b: Buffer, atB: number, size: number): number {
  let from = 0;
  let rest = size;
  while (rest > SHORT) {
    const half = rest >> 1;
    if (same(a, atA + from, b, atB + from, half)) {
      from += half;
      rest -= half;
    } else rest = half;
  }
  while (a[atA + from] === b[atB + from]) from += 1;
  return from;
}

/** A call of memcmp costs about as much as looking at this many bytes. */
const SHORT = 64;

function same(a: Buffer, atA: number, b: Buffer, atB: number, size: number): boolean {
  return a.compare(b, atB, atB + size, atA, atA + size) === 0;
}
