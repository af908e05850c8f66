import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { dateOf, deliveryOf, mostMissing } from '../support/vendors/night-vendor.ts';
import { type FeedName, feeds, type Trial } from './trial.ts';

export interface TrialStep {
  readonly name: string;
  /** In words, for the person who watches, and for docs/deploy.md. */
  readonly does: string;
  /** The day on which somebody saw it succeed in an account; null: nobody has yet. The emulator runs all steps. */
  readonly seenInAccount: string | null;
  run(trial: Trial): Promise<void>;
}

/** What a trial does, in this order. Whatever happens, `Trial.remove` comes last. */
export const trialSteps: readonly TrialStep[] = [
  {
    name: 'deploy',
    does: 'deploys two feeds into a new stage',
    seenInAccount: null,
    run: (trial) => trial.deploy(),
  },
  {
    name: 'night',
    does: 'runs a night of both feeds at the same time',
    seenInAccount: null,
    async run(trial) {
      for (const feed of feeds) await trial.deliver(feed, dateOf(1), deliveryOf(1));
      await Promise.all(
        feeds.map((feed) => ends(trial, feed, ['run', '--date', dateOf(1)], { code: 0, state: 'published' })),
      );
    },
  },
  {
    name: 'hold',
    does: 'holds a delivery with most rows missing, and publishes it after an approval',
    seenInAccount: null,
    async run(trial) {
      await trial.deliver('shop', dateOf(2), mostMissing(deliveryOf(2)));
      await ends(trial, 'shop', ['run', '--date', dateOf(2)], { code: 3, state: 'held' });
      const approval = ['approve', `shop/${dateOf(2)}`, '--reason', 'a trial'];
      await ends(trial, 'shop', approval, { code: 0, state: 'published' });
    },
  },
  {
    name: 'redeploy',
    does: 'deploys a changed feed while its night waits for the vendor; the night goes on, and publishes',
    seenInAccount: null,
    async run(trial) {
      const { json, stderr } = await trial.nightfeed('shop', 'run', '--date', tomorrow(), '--no-wait');
      const { execution } = (json ?? {}) as { execution?: string };
      if (execution === undefined) throw new Error(`the night did not start: ${stderr}`);
      await entered(trial, execution, 'Wait');
      trial.changeFeed('shop', (text) => text.replaceAll('min_rows: 1', 'min_rows: 2'));
      await trial.deploy();
      await trial.deliver('shop', tomorrow(), mostMissing(deliveryOf(3)));
      await entered(trial, execution, 'Published');
    },
  },
  {
    name: 'roll back',
    does: 'deploys a change that the database refuses; CloudFormation takes it back, and the night is as before',
    seenInAccount: null,
    async run(trial) {
      const before = (text: string) => text.replaceAll('min_rows: 1', 'min_rows: 2');
      trial.changeFeed('shop', (text) => before(text).replace('quantity: integer', 'quantity: date'));
      await trial.deploy().then(
        () => Promise.reject(new Error('the deployment should have failed')),
        (failure: Error) => requireText(failure, 'MIGRATION_NEEDED'),
      );
      trial.changeFeed('shop', before);
      // A stack whose rollback failed would refuse this.
      await trial.deploy();
      await ends(trial, 'shop', ['run', '--date', tomorrow()], { code: 0, state: 'unchanged' });
    },
  },
];

/** A date that nobody has to force, and whose deadline is a day away. */
function tomorrow(): string {
  return new Date(Date.now() + 24 * 3600 * 1000).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

async function ends(trial: Trial, feed: FeedName, args: readonly string[], expected: { code: number; state: string }) {
  const { code, json, stderr } = await trial.nightfeed(feed, ...args);
  if (code !== expected.code || json?.state !== expected.state)
    throw new Error(
      `nightfeed ${args.join(' ')} of ${feed} ended as ${code}, ${json?.state}, instead of ${expected.code}, ${expected.state}: ${json?.error?.message ?? stderr}`,
    );
}

/** Waits until an execution has entered a state. */
async function entered({ place }: Trial, executionArn: string, state: string): Promise<void> {
  const client = new SFNClient(place.aws.client);
  for (;;) {
    const command = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 100 });
    const { events = [] } = await client.send(command);
    if (events.some(({ stateEnteredEventDetails: details }) => details?.name === state)) return;
    const end = events.find(({ type }) => /^Execution(?!Started)/.test(type!));
    if (end)
      throw new Error(`the execution ended as ${end.type} without ${state}: ${end.executionFailedEventDetails?.error}`);
    await sleep(1000);
  }
}

/** The message shows only the end of what the CDK said; the cause has all of it. */
function requireText({ message, cause }: Error, text: string): void {
  const { stdout = '', stderr = '' } = (cause ?? {}) as { stdout?: string; stderr?: string };
  if (![message, stdout, stderr].some((said) => said.includes(text)))
    throw new Error(`the deployment failed, but not with ${text}: ${message}`);
}
