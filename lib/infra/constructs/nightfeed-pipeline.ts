import { Stack } from 'aws-cdk-lib';
import type {
  IAlarmAction,
  MathExpression,
  MathExpressionOptions,
  Metric,
  MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
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
import { taskSizeFor } from '../task-size.ts';
import { Logins } from './database/logins.ts';
import { deadLetters } from './dead-letters.ts';
import { FeedDeployment } from './deployment/feed-deployment.ts';
import { LedgerMigration } from './deployment/ledger-migration.ts';
import { failureRule } from './failure-rule.ts';
import { Functions } from './functions.ts';
import { GlueJob } from './glue-job.ts';
import { Messages } from './messages.ts';
import { NightMachine } from './night/night-machine.ts';
import { nightSchedules } from './night-schedule.ts';
import { peoplePolicies } from './people-policies.ts';
import type { PipelineContext } from './pipeline-context.ts';
import type { NightfeedPipelineProps } from './pipeline-props.ts';
import { startRule } from './start-rule.ts';
import { tagAs } from './tags.ts';
import { Tasks } from './tasks.ts';
import { metricsOf, sumOf } from './watch/metrics.ts';

/** One feed's nights: state machine, functions, tasks, schedule and topics. Throws FEED_INVALID for a feed that needs a laptop. */
export class NightfeedPipeline extends Construct {
  /** As the props have it. */
  readonly stage: string;
  /** As the props have it. */
  readonly feed: Feed;
  /** Its executions are nights. An orchestrator of yours may start them. */
  readonly stateMachine: StateMachine;
  /** Nights that found production up to date. */
  readonly unchanged: Metric;
  /** What the state machine and the command line call. */
  readonly functions: Functions;
  /** The steps that run as containers, and their cluster. */
  readonly tasks: Tasks;
  /** The topics of messages. */
  readonly messages: Messages;
  /** Events that could not be delivered. */
  readonly deadLetters: Queue;
  /** What alarms of this pipeline do. */
  readonly alarmActions: readonly IAlarmAction[];
  /** What `nightfeed --stack` is given. */
  readonly stackName: string;

  constructor(scope: Construct, id: string, props: NightfeedPipelineProps) {
    super(scope, id);
    const { stage, feed, network, lake, database, expectedGigabytes = 8, keys = {} } = props;
    checkNames(stage, feed.feed);
    checkCloudFeed(feed, expectedGigabytes);
    const logins = new Logins(this, 'Logins', { feed: feed.feed, key: keys.secrets }).secrets;
    checkOwnThings(feed, { lake, database, logins: Object.values(logins) });
    this.stage = stage;
    this.feed = feed;
    this.stackName = `${stage}-${feed.feed}`;
    this.messages = new Messages(this, 'Messages', {
      title: `nightfeed ${stage} ${feed.feed}`,
      recipients: props.recipients ?? [],
      chat: props.chat ?? false,
      chatTopic: props.chatTopic,
      topic: props.topic,
      key: keys.messages,
      bus: props.eventBus,
    });
    this.alarmActions = props.alarmActions ?? this.messages.topics.map((topic) => new SnsAction(topic));
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
      peopleRoles: props.peopleRoles ?? [],
      keys,
      logGroup: props.logGroup,
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
      cluster: props.cluster,
      ...(props.image ? { image: props.image } : {}),
      ...(props.baseImageDigest ? { baseImageDigest: props.baseImageDigest } : {}),
      ...(props.rdsBundleSha256 ? { rdsBundleSha256: props.rdsBundleSha256 } : {}),
    });
    this.deadLetters = deadLetters(this);
    const { functions, tasks } = this;
    const night = new NightMachine(this, 'Night', { context, functions, tasks });
    this.stateMachine = night.stateMachine;
    this.unchanged = night.unchanged;
    failureRule(this, { stateMachine: this.stateMachine, stop: functions.stop, deadLetters: this.deadLetters });
    const { readers = [], operators = [] } = props;
    peoplePolicies(this, { context, stateMachine: this.stateMachine, functions, readers, operators });
    const deployment = new FeedDeployment(this, 'Deployment', context);
    const { logGroup, ledger = new LedgerMigration(this, 'Ledger', { stage, network, database, logGroup }) } = props;
    deployment.feed.node.addDependency(ledger);
    // No process may log in before the logins exist. Until the document is in the lake, claim uses the previous one.
    for (const process of [functions, tasks]) process.node.addDependency(deployment.feed);
    const schedules = nightSchedules(this, { context, stateMachine: this.stateMachine, deadLetters: this.deadLetters });
    // The night needs the tables.
    for (const schedule of schedules) schedule.node.addDependency(deployment.feed);
    if (props.start) {
      const { stateMachine } = this;
      const rule = startRule(this, { feed, start: props.start, stateMachine, deadLetters: this.deadLetters });
      rule.node.addDependency(deployment.feed);
    }
    deployment.retireLoader([functions, tasks, this.stateMachine]);
    if (props.permissionsBoundary) PermissionsBoundary.of(this).apply(props.permissionsBoundary);
    tagAs(this, { stage, feed });
  }

  /** Nights that began, in five minutes. */
  metricStarted(options?: MetricOptions): Metric {
    return metricsOf(this).started.with(options ?? {});
  }

  /** Nights that ended published, unchanged, held or rejected, in five minutes. */
  metricSucceeded(options?: MetricOptions): Metric {
    return metricsOf(this).succeeded.with(options ?? {});
  }

  /** Nights that ended late, refused or failed, were aborted, or ran into their time-out, in five minutes. */
  metricFailed(options?: MathExpressionOptions): MathExpression {
    const { failed, timedOut, aborted } = metricsOf(this);
    return sumOf('nights that failed', { failed, timedOut, aborted }).with(options ?? {});
  }

  /** Publications in an hour. */
  metricPublished(options?: MetricOptions): Metric {
    return metricsOf(this).published.with(options ?? {});
  }

  /** Nights in an hour that found production up to date. */
  metricUnchanged(options?: MetricOptions): Metric {
    return metricsOf(this).unchanged.with(options ?? {});
  }

  /** How long a night takes, in milliseconds. */
  metricDuration(options?: MetricOptions): Metric {
    return metricsOf(this).executionTime.with(options ?? {});
  }

  /** Share of their memory that tasks use, in percent. */
  metricMemory(options?: MathExpressionOptions): MathExpression {
    return metricsOf(this).memory.with(options ?? {});
  }

  /** Share of their disk that tasks use, in percent. */
  metricDisk(options?: MathExpressionOptions): MathExpression {
    return metricsOf(this).disk.with(options ?? {});
  }

  /** Errors of functions in five minutes, also those that a night expects and tries again. */
  metricFunctionErrors(options?: MathExpressionOptions): MathExpression {
    return metricsOf(this).functionErrors.with(options ?? {});
  }

  /** Messages in five minutes that reached nobody. */
  metricUndelivered(options?: MetricOptions): Metric {
    return metricsOf(this).undelivered.with(options ?? {});
  }

  /** Nights that could not be started, and ends that could not be recorded. */
  metricDeadLetters(options?: MetricOptions): Metric {
    return metricsOf(this).deadLetters.with(options ?? {});
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
