import { Stack } from 'aws-cdk-lib';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { catalogName, cloudNames } from '../../core/cloud/cloud-names.ts';
import { mayNeedJob } from '../../core/feed/descriptors/engine-descriptor.ts';
import type { Feed } from '../../core/feed/spec.ts';
import { feedKeyOf } from '../../core/run/feed-key.ts';
import { engines } from '../../engines/index.ts';
import { checkCloudFeed } from '../feed-check.ts';
import { checkNames } from '../names.ts';
import { checkOwnThings } from '../own-things.ts';
import { type TaskSize, taskSizeFor } from '../task-size.ts';
import { deadLetters } from './dead-letters.ts';
import { failureRule } from './failure-rule.ts';
import { FeedDeployment } from './feed-deployment.ts';
import { Functions } from './functions.ts';
import { GlueJob } from './glue-job.ts';
import { Logins } from './logins.ts';
import { Messages } from './messages.ts';
import { NightMachine } from './night/night-machine.ts';
import { nightSchedule } from './night-schedule.ts';
import { operatorsPolicy } from './operators-policy.ts';
import type { PipelineContext, PipelineDatabase, PipelineLake, PipelineNetwork } from './pipeline-context.ts';
import { type Processor, Tasks } from './tasks.ts';

export interface NightfeedPipelineProps {
  /** Part of every name, so that several stages fit into one account: lower-case letters and digits. */
  readonly stage: string;
  readonly feed: Feed;
  readonly network: PipelineNetwork;
  readonly lake: PipelineLake;
  readonly database: PipelineDatabase;
  /** Decompressed gigabytes of a whole delivery, which decide the size of the tasks. Default: 8. */
  readonly expectedGigabytes?: number;
  /** Size of the tasks, instead of the one that follows from `expectedGigabytes`. */
  readonly taskSize?: TaskSize;
  /** The processor of the tasks. Default: arm64, which costs a fifth less. */
  readonly processor?: Processor;
  /** An image that you built from bin/task.Dockerfile; without it a deployment builds one. */
  readonly image?: ContainerImage;
  /** Shows the tables of `current/` in a database of the Glue Data Catalog, for Athena and Redshift Spectrum. */
  readonly catalog?: boolean;
  /** Digest (`sha256:…`) of another base for the tasks' image than the one of this version. */
  readonly baseImageDigest?: string;
  /** SHA-256 of Amazon's file of certificate authorities, when that file is newer than this version. */
  readonly rdsBundleSha256?: string;
  /** E-mail addresses that messages and alarms go to. */
  readonly recipients?: readonly string[];
  /** Makes a second topic with messages for chat clients. */
  readonly chat?: boolean;
}

/** One feed's nights: state machine, functions, tasks, schedule and topics. Throws FEED_INVALID for a feed that needs a laptop. */
export class NightfeedPipeline extends Construct {
  readonly feed: Feed;
  readonly stateMachine: StateMachine;
  readonly functions: Functions;
  readonly tasks: Tasks;
  readonly messages: Messages;
  readonly deadLetters: Queue;
  /** What `nightfeed --stack` is given. */
  readonly stackName: string;

  constructor(scope: Construct, id: string, props: NightfeedPipelineProps) {
    super(scope, id);
    const { stage, feed, network, lake, database, expectedGigabytes = 8 } = props;
    checkNames(stage, feed.feed);
    checkCloudFeed(feed, expectedGigabytes);
    const logins = new Logins(this, 'Logins', { feed: feed.feed }).secrets;
    checkOwnThings(feed, { lake, database, logins: Object.values(logins) });
    this.feed = feed;
    this.stackName = `${stage}-${feed.feed}`;
    this.messages = new Messages(this, 'Messages', {
      title: `nightfeed ${stage} ${feed.feed}`,
      recipients: props.recipients ?? [],
      chat: props.chat ?? false,
    });
    const names = cloudNames(stage, feed.feed);
    const catalog = props.catalog ? catalogName(this.stackName) : null;
    const glueJob = mayNeedJob(feed, engines) ? names.function('diff-glue') : null;
    const context: PipelineContext = {
      stage,
      feed,
      feedKey: feedKeyOf(feed),
      names,
      network,
      lake,
      database,
      logins,
      messages: this.messages,
      glueJob,
      catalog,
    };
    if (catalog !== null) new LakeCatalog(this, 'Catalog', { name: catalog, feed: feed.feed });
    if (glueJob !== null) new GlueJob(this, 'Spark', { ...context, glueJob });
    this.functions = new Functions(this, 'Functions', context);
    this.tasks = new Tasks(this, 'Tasks', {
      context,
      size: props.taskSize ?? taskSizeFor(expectedGigabytes),
      processor: props.processor ?? 'arm64',
      ...(props.image ? { image: props.image } : {}),
      ...(props.baseImageDigest ? { baseImageDigest: props.baseImageDigest } : {}),
      ...(props.rdsBundleSha256 ? { rdsBundleSha256: props.rdsBundleSha256 } : {}),
    });
    this.deadLetters = deadLetters(this);
    const { functions, tasks } = this;
    this.stateMachine = new NightMachine(this, 'Night', { context, functions, tasks }).stateMachine;
    failureRule(this, { stateMachine: this.stateMachine, stop: functions.stop, deadLetters: this.deadLetters });
    operatorsPolicy(this, { context, stateMachine: this.stateMachine, operator: functions.operator });
    const deployment = new FeedDeployment(this, 'Deployment', context);
    // No process may log in before the logins exist. Until the document is in the lake, claim uses the previous one.
    for (const process of [functions, tasks]) process.node.addDependency(deployment.feed);
    const schedule = nightSchedule(this, { context, stateMachine: this.stateMachine, deadLetters: this.deadLetters });
    // The schedule needs the tables.
    schedule?.node.addDependency(deployment.feed);
    deployment.retireLoader([functions, tasks, this.stateMachine]);
  }
}

/** A database of the Glue Data Catalog. The step tidy makes its tables, because only tidy knows which delivery is complete. */
class LakeCatalog extends Construct {
  constructor(scope: Construct, id: string, { name, feed }: { readonly name: string; readonly feed: string }) {
    super(scope, id);
    new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name, description: `What the vendor's tables of feed ${feed} hold now` },
    });
  }
}
