import { setTimeout as sleep } from 'node:timers/promises';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { cloudNames } from '../../../lib/core/cloud/cloud-names.ts';
import type { Aws } from './aws.ts';
import { askAws } from './aws-request.ts';

/** What `start` of a feed in nightfeed.config.yaml says, for events of a vendor with this `source`. */
export const startOn = (source: string) =>
  ({ on: 'event', source, detail_type: 'Delivered', date: 'detail.business_date', bus: 'default' }) as const;

/** The rule gets the event within a second, on a machine that is busy within some more. */
const PATIENCE_MS = 120_000;

/** Puts the vendor's event on the default bus, and resolves to the execution that the deployed rule starts. */
export async function announce(aws: Aws, stage: string, source: string, business_date: string): Promise<string> {
  const before = await executions(aws, stage);
  const event = { Source: source, DetailType: 'Delivered', Detail: JSON.stringify({ business_date }) };
  const put = { Entries: [event] };
  const { FailedEntryCount } = await askAws<{ FailedEntryCount: number }>(aws, 'events', 'AWSEvents.PutEvents', put);
  if (FailedEntryCount > 0) throw new Error('the bus did not take the event');
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    const [started] = (await executions(aws, stage)).filter((execution) => !before.includes(execution));
    if (started !== undefined) return started;
  }
  throw new Error('the event started no execution');
}

async function executions(aws: Aws, stage: string): Promise<string[]> {
  const { stateMachine } = cloudNames(stage, 'shop');
  const stateMachineArn = `arn:aws:states:${aws.client.region}:000000000000:stateMachine:${stateMachine}`;
  const { executions = [] } = await new SFNClient(aws.client).send(new ListExecutionsCommand({ stateMachineArn }));
  return executions.map(({ executionArn }) => executionArn!);
}
