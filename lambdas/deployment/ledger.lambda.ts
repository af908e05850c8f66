import { secretsManager } from '../../lib/aws/secrets-manager.ts';
import { databaseUrl } from '../../lib/core/cloud/database-secret.ts';
import { ledgerEvent } from '../../lib/core/cloud/deployment-events.ts';
import { postgresTarget } from '../../lib/target/postgres/postgres-target.ts';
import { pausing, setting } from '../compose.ts';
import { stageHandlerOf } from '../handler.ts';
import { migrateUnlessNewer } from './newer-ledger.ts';

/** At each deployment of another version, as the owner of the database: the ledger, and nothing of any feed. */
export const handler = stageHandlerOf(ledgerEvent, async ({ again }) => {
  const url = async () => databaseUrl(await secretsManager()(setting('databaseSecret')));
  const { target, close } = postgresTarget(url, { isDead: () => false, reach: async () => {} });
  try {
    return await migrateUnlessNewer({ ...pausing, target }, again, () => target.migrateLedger());
  } finally {
    await close();
  }
});
