import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Feed } from '../../core/feed/spec.ts';

interface Owner {
  readonly stage: string;
  readonly feed?: Feed;
}

/** Tags everything in a scope that AWS can tag, so that bills and searches can be split by stage and feed. */
export function tagAs(scope: Construct, { stage, feed }: Owner): void {
  Tags.of(scope).add('nightfeed:stage', stage);
  if (feed) Tags.of(scope).add('nightfeed:feed', feed.feed);
}
