import { emptyFingerprint, type Fingerprint } from '../../../core/diff/fingerprint.ts';

/** What `fingerprintSums` selects: exact sums of signed halves, as decimal text. */
export interface Sums {
  readonly rows: string;
  readonly hi: string;
  readonly lo: string;
}

/** The sums modulo 2^64; nothing selected is the empty set. */
export function readSums(sums: Sums | undefined): Fingerprint {
  if (!sums) return emptyFingerprint;
  const modulo = (sum: string) => BigInt.asUintN(64, BigInt(sum)).toString();
  return { rows: Number(sums.rows), hi: modulo(sums.hi), lo: modulo(sums.lo) };
}
