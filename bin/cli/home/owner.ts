import { hostname } from 'node:os';
import { isAlive, ownIdentity } from '../../../lib/local/embedded-postgres/process-identity.ts';
import type { Owner } from '../../../lib/ports/ledger/owner.ts';

export function ownOwner(): Owner {
  return { host: hostname(), ...ownIdentity() };
}

/** Only a process of this host can be known to be dead; others keep their lease. */
export function isDead(owner: Owner): boolean {
  return owner.host === hostname() && !isAlive(owner);
}
