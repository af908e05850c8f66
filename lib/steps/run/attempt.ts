import { randomBytes } from 'node:crypto';

/**
 * A name that no object in the lake has. A fence alone is not enough: a new or restored ledger counts fences again that an earlier ledger
 * used with the same lake.
 */
export function newAttempt(kind: string): string {
  return `${kind}-${randomBytes(4).toString('hex')}`;
}
