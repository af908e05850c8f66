import { randomBytes } from 'node:crypto';

/**
 * A name that nothing in the lake has. A fence alone is none: a new or a restored ledger counts its fences where an earlier one
 * counted them, in a lake that may be further along.
 */
export function newAttempt(kind: string): string {
  return `${kind}-${randomBytes(4).toString('hex')}`;
}
