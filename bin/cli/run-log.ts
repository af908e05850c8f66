import { hostname } from 'node:os';
import type { Store } from '../../lib/ports/store.ts';
import { LakeLog } from '../../lib/steps/run/lake-log.ts';
import { ToldLog } from '../../lib/steps/run/told-log.ts';
import { readSecret } from './commands/secrets.ts';

/** The log of what this process does, in the lake; it hides the password of the database's address. */
export function localLog(store: Store, database: string | undefined, trouble: (text: string) => void) {
  const log = new ToldLog(new LakeLog(store, trouble), { host: hostname(), now: () => new Date() });
  if (database && URL.canParse(database)) log.hidePassword(new URL(database));
  return {
    log,
    /** Reads a secret that no line will say. */
    async secret(reference: string): Promise<string> {
      const value = await readSecret(reference);
      log.hide(value);
      return value;
    },
  };
}
