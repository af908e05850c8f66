import type { Guards } from '../feed/spec.ts';

/** With fewer rows than these a percentage says little. */
const SMALL_TABLE = 1000;
const SMALL_CHANGE = 20;

/** The number of rows of which a share is taken, and the number of rows that the share is. */
interface Affected {
  readonly share: number;
  readonly of: number;
}

/** Whether a share is evaluated. It is not when it is taken of too few rows, or is too few rows. */
export function isJudged(guards: Guards, { share, of }: Affected): boolean {
  if (of === 0 || of < (guards.min_rows ?? 0)) return false;
  const few = fewRows(guards, of);
  return few === 0 || Math.round(Math.abs(share) * of) > few;
}

/** Whether the table is small, so that only the number of affected rows made the share count, and the feed file has no limit for it. */
export function isSmall({ min_rows, min_changed }: Guards, of: number): boolean {
  return min_rows === undefined && min_changed === undefined && of < SMALL_TABLE;
}

function fewRows(guards: Guards, of: number): number {
  return guards.min_changed ?? (isSmall(guards, of) ? SMALL_CHANGE : 0);
}

const ALMOST_ALL = 0.9;
const ALMOST_NONE = 2;

/** Whether nearly all rows vanish, which needs a decision for a table of any size, unless the feed file sets a limit. */
export function isAlmostAll({ gone }: Guards, { share, of }: Affected): boolean {
  return gone.limit === undefined && share >= ALMOST_ALL && Math.round(share * of) > ALMOST_NONE;
}
