import { stageProperties } from '../../lib/core/cloud/deployment-events.ts';
import { log } from '../compose.ts';
import { customResource } from './cloudformation.ts';
import { invoke } from './invoke.ts';

/** At each deployment of another version: has the ledger migrated, once for all feeds of a stage. */
export const handler = customResource(async (properties, again) => {
  const { ledger } = stageProperties.parse(properties);
  log(await invoke(ledger, again));
  return { id: 'ledger' };
});
