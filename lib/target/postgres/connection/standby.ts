import { NightfeedError } from '../../../core/errors.ts';

type Ask = (text: string) => Promise<{ names: string }[]>;

/** The failure of a COMMIT that this backend keeps waiting for a synchronous standby; null when it waits for something else. */
export async function missingStandby(ask: Ask, backend: number): Promise<NightfeedError | null> {
  const [found] = await ask(
    `SELECT current_setting('synchronous_standby_names') AS names FROM pg_stat_activity WHERE pid = ${backend} AND wait_event = 'SyncRep'`,
  );
  if (!found) return null;
  return new NightfeedError(
    'STANDBY_MISSING',
    `COMMIT waits for a synchronous standby: synchronous_standby_names is ${JSON.stringify(found.names)}, and none answers`,
  );
}
