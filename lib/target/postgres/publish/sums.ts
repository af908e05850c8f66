import type { Fingerprint } from '../../../core/diff/fingerprint.ts';

/** What `fingerprintSums` selects: exact sums of signed halves, as decimal text. */
export interface Sums {
  readonly rows: string;
  readonly hi: string;
  readonly lo: string;
}

/** The sums modulo 2^64. */
export function readSums({ rows, hi, lo }: Sums): Fingerprint {
  const modulo = (sum: string) => BigInt.asUintN(64, BigInt(sum)).toString();
  return { rows: Number(rows), hi: modulo(hi), lo: modulo(lo) };
}
