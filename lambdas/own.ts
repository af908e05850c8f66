import type { Context } from 'aws-lambda';
import { cloudNames } from '../lib/core/cloud/cloud-names.ts';
import type { OwnPipeline } from '../lib/core/cloud/own-pipeline.ts';
import { parseFeedKey } from '../lib/core/run/keys.ts';
import { setting } from './compose.ts';

interface Own extends OwnPipeline {
  readonly region: string;
  readonly account: string;
  /** ARN of the function, without version or alias. */
  readonly functionArn: string;
}

/** Account, region and pipeline of this function, from its ARN, which Lambda gives it, and from its settings. */
export function ownPipeline({ invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>): Own {
  const feed = ownFeed();
  // arn:aws:lambda:eu-west-1:123456789012:function:nightfeed-dev-shop-operator
  const parts = invokedFunctionArn.split(':').slice(0, 7);
  const [arn, partition, , region = '', account = ''] = parts;
  const { stateMachine } = cloudNames(setting('stage'), feed);
  return {
    feed,
    region,
    account,
    functionArn: parts.join(':'),
    stateMachine: [arn, partition, 'states', region, account, 'stateMachine', stateMachine].join(':'),
  };
}

/** Name of the deployed feed. */
export function ownFeed(): string {
  return parseFeedKey(setting('feed'))!.feed;
}
