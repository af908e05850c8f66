import { z } from 'zod';
import type { Stored } from '../objects/stored.ts';

const sum = z.string().regex(/^\d{1,20}$/, 'expected a sum as decimal text');

export const fingerprintSchema = z.object({ rows: z.int(), hi: sum, lo: sum });

/**
 * Order-independent fingerprint of a set of rows: their number, and the two 64-bit halves of md5 over each row's canonical
 * text (key and compared columns), each summed modulo 2^64. Sums are decimal text, so that JSON keeps every digit.
 */
export type Fingerprint = Stored<typeof fingerprintSchema>;

export const emptyFingerprint: Fingerprint = { rows: 0, hi: '0', lo: '0' };

export function addFingerprints(a: Fingerprint, b: Fingerprint): Fingerprint {
  return combine(a, b, 1n);
}

export function subtractFingerprints(a: Fingerprint, b: Fingerprint): Fingerprint {
  return combine(a, b, -1n);
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.rows === b.rows && a.hi === b.hi && a.lo === b.lo;
}

/** Short form for people and messages. */
export function showFingerprint({ rows, hi, lo }: Fingerprint): string {
  return `${rows} rows ${[hi, lo].map((half) => BigInt(half).toString(16).padStart(16, '0')).join('')}`;
}

function combine(a: Fingerprint, b: Fingerprint, sign: bigint): Fingerprint {
  const half = (x: string, y: string) => BigInt.asUintN(64, BigInt(x) + sign * BigInt(y)).toString();
  return { rows: a.rows + Number(sign) * b.rows, hi: half(a.hi, b.hi), lo: half(a.lo, b.lo) };
}
