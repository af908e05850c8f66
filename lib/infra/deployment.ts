import type { App } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { NightfeedError } from '../core/errors.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { Config, FeedConfig } from './config.ts';
import { busOf } from './constructs/start-rule.ts';
import { tagAs } from './constructs/tags.ts';
import { mayDestroy } from './destroy-data.ts';
import { existingVpc } from './existing-network.ts';
import { checkCloudFeed } from './feed-check.ts';
import { pipelineKeys } from './imported-keys.ts';
import { stackNames } from './names.ts';
import { roleName } from './people-config.ts';
import { checkRegion } from './regions.ts';
import type { SlackChannel } from './slack-config.ts';
import { ChatStack } from './stacks/chat-stack.ts';
import { DatabaseStack } from './stacks/database-stack.ts';
import { LakeStack } from './stacks/lake-stack.ts';
import { LedgerStack } from './stacks/ledger-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { PipelineStack } from './stacks/pipeline-stack.ts';
import { WatchStack } from './stacks/watch-stack.ts';

export interface DeployedFeed {
  readonly feed: Feed;
  readonly options: FeedConfig;
}

/** All stacks of one stage: a network (unless there is one), a lake, a database and its ledger, and for each feed a pipeline and its alarms. */
export function deployment(app: App, config: Config, feeds: readonly DeployedFeed[]): void {
  checkUnique(feeds);
  checkRegion(config, feeds);
  // Before the functions are bundled, which takes seconds.
  for (const { feed, options } of feeds) checkCloudFeed(feed, options.expected_size);
  const {
    stage,
    region,
    account,
    recipients,
    slack,
    events,
    runbook,
    destroy_data: destroyData,
    base_image_digest: baseImageDigest,
    rds_bundle_sha256: rdsBundleSha256,
    processor,
    keys,
  } = config;
  const env = { region, ...(account ? { account } : {}) };
  const { existing, zones = 2, address } = config.network;
  const kept = { env, terminationProtection: !mayDestroy(app, stage, destroyData) };
  const lake = new LakeStack(app, stackNames.lake(stage), {
    ...kept,
    stage,
    destroyData,
    options: config.lake,
    key: keys.lake,
  });
  const network = existing
    ? { vpc: existingVpc(lake, existing) }
    : new NetworkStack(app, stackNames.network(stage), {
        ...kept,
        stage,
        zones,
        address,
        holdsDatabase: config.database.existing === undefined,
        destroyData,
      });
  const chatTopic = slack
    ? topicFor(
        slack,
        lake,
        (channel) =>
          new ChatStack(app, stackNames.chat(stage), {
            env,
            stage,
            slack: channel,
            messagesKey: keys.messages,
          }),
      )
    : undefined;
  const database = new DatabaseStack(app, stackNames.database(stage), {
    ...kept,
    stage,
    network,
    database: config.database,
    secretsKey: keys.secrets,
    messagesKey: keys.messages,
    chatTopic,
    feeds: feeds.map(({ feed }) => feed),
    recipients,
    runbook,
    destroyData,
    // In a network of the user's we close nothing, because it may have proxies and name servers that we do not know.
    ...(existing ? {} : { waysOutFor: feeds.map(({ feed }) => feed) }),
  });
  const ofPipelines = pipelineKeys(lake, keys);
  const { migration: ledger } = new LedgerStack(app, stackNames.ledger(stage), { env, stage, network, database });
  const eventBus = events && busOf(lake, 'EventBus', events.bus);
  for (const { feed, options } of feeds) {
    const { pipeline } = new PipelineStack(app, stackNames.pipeline(stage, feed.feed), {
      env,
      stage,
      feed,
      network,
      lake,
      database,
      keys: ofPipelines,
      ledger,
      expectedGigabytes: options.expected_size,
      catalog: options.catalog,
      ...(options.start ? { start: options.start } : {}),
      ...(options.task ? { taskSize: options.task } : {}),
      ...(baseImageDigest ? { baseImageDigest } : {}),
      ...(rdsBundleSha256 ? { rdsBundleSha256 } : {}),
      processor,
      recipients,
      ...(chatTopic ? { chatTopic } : {}),
      people: { readers: config.readers.map(roleName), operators: config.operators.map(roleName) },
      peopleRoles: config.people_roles.map(roleName),
      ...(eventBus ? { eventBus } : {}),
    });
    new WatchStack(app, stackNames.watch(stage, feed.feed), { env, pipeline, runbook });
  }
  tagAs(app, { stage });
}

/** The topic from which a channel is sent to: of a stack of ours, or of somebody else. */
function topicFor(
  slack: NonNullable<Config['slack']>,
  scope: Construct,
  ours: (channel: SlackChannel) => ChatStack,
): ITopic {
  if ('channel' in slack) return ours(slack).topic;
  const { topic: topicArn, key: keyArn } = slack;
  return Topic.fromTopicAttributes(scope, 'ChatTopic', { topicArn, ...(keyArn ? { keyArn } : {}) });
}

function checkUnique(feeds: readonly DeployedFeed[]): void {
  const names = feeds.map(({ feed }) => feed.feed);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new NightfeedError('FEED_INVALID', `two feed files are named ${twice}`, {
    hint: 'A feed has one file; give the other one another name.',
  });
}
