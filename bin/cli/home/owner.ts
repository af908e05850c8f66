import { hostname } from 'node:os';
import { isAlive, ownIdentity } from '../../../lib/local/process-identity.ts';
import type { Owner } from '../../../lib/ports/ledger/owner.ts';

export function ownOwner(): Owner {
  return { host: hostname(), ...ownIdentity() };
}

/** Only for a process of this host we can know that it is dead; for others the lease decides. */
export function isDead(owner: Owner): boolean {
  return owner.host === hostname() && !isAlive(owner);
}
