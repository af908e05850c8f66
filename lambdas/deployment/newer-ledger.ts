import type { Ports } from '../../lib/ports/ports.ts';
import { retrying } from '../../lib/steps/run/retry.ts';

const NEWER =
  'note: only newer versions of nightfeed may write this ledger. It stays as it is, and processes of this version stop with LEDGER_VERSION';

/**
 * Migrates. A deployment that was there before leaves a ledger alone that only newer versions may write: if it failed, CloudFormation could
 * neither go back to it nor forward.
 */
export async function migrateUnlessNewer(
  ports: Pick<Ports, 'sleep' | 'say' | 'target'>,
  again: true | undefined,
  work: () => Promise<{ done: string[] }>,
): Promise<{ done: string[] }> {
  return retrying(ports, async () => {
    if (again && (await ports.target.ledgerFit()) === 'newer') return { done: [NEWER] };
    return work();
  });
}
