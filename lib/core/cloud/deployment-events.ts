import { z } from 'zod';
import { feedKey } from './events.ts';

/** Inputs of the functions that work at a deployment. */

/** A deployment that was there before: a ledger that only newer versions may write is left as it is, instead of being refused. */
const again = { again: z.literal(true).optional() };

/** Input of `migrate`: the key of the feed document whose tables and logins must exist. */
export const migrateEvent = z.object({
  feed: feedKey,
  ...again,
  /** Gives the logins new passwords, even if they have some. */
  renew: z.literal(true).optional(),
  /** Only retires the former single login, because every process now has its own. */
  retire: z.literal(true).optional(),
});

/** What CloudFormation gives to `deploy`. */
export const deployProperties = z.object({
  /** Key of the feed document in the lake. */
  feed: feedKey,
  /** Bucket and key to which CDK copied the document. Absent at the end of a deployment, which only retires the former login. */
  assets: z.string().optional(),
  document: z.string().optional(),
  /** Name of the function that migrates. */
  migrate: z.string(),
});
export type DeployProperties = z.output<typeof deployProperties>;

/** Input of `ledger`. */
export const ledgerEvent = z.object(again);

/** What CloudFormation gives to `stage`: the name of the function that migrates. */
export const stageProperties = z.object({ ledger: z.string() });
export type StageProperties = z.output<typeof stageProperties>;
