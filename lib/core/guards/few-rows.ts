import type { Guards } from '../feed/spec.ts';

/** Below so many rows a percentage alone says little. */
const SMALL_TABLE = 1000;
const SMALL_CHANGE = 20;

/** Of how many rows a share is, and how many rows that comes to. */
interface Affected {
  readonly share: number;
  readonly of: number;
}

/** Whether a share is judged at all: not where it is of too few rows, or comes to too few. */
export function isJudged(guards: Guards, { share, of }: Affected): boolean {
  if (of === 0 || of < (guards.min_rows ?? 0)) return false;
  const few = fewRows(guards, of);
  return few === 0 || Math.round(Math.abs(share) * of) > few;
}

/** Whether only the number of affected rows makes it judged, as the table is small and its feed file says nothing of it. */
export function isSmall({ min_rows, min_changed }: Guards, of: number): boolean {
  return min_rows === undefined && min_changed === undefined && of < SMALL_TABLE;
}

function fewRows(guards: Guards, of: number): number {
  return guards.min_changed ?? (isSmall(guards, of) ? SMALL_CHANGE : 0);
}

const ALMOST_ALL = 0.9;
const ALMOST_NONE = 2;

/** Whether so many rows vanish that no table is too small to ask, unless its feed file says what may vanish. */
export function isAlmostAll({ gone }: Guards, { share, of }: Affected): boolean {
  return gone.limit === undefined && share >= ALMOST_ALL && Math.round(share * of) > ALMOST_NONE;
}
