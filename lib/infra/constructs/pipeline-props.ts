import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Feed } from '../../core/feed/spec.ts';
import type { StartOn } from '../start-on.ts';
import type { TaskSize } from '../task-size.ts';
import type { LedgerMigration } from './deployment/ledger-migration.ts';
import type {
  PipelineCluster,
  PipelineDatabase,
  PipelineKeys,
  PipelineLake,
  PipelineNetwork,
} from './pipeline-context.ts';
import type { Processor } from './tasks.ts';

export interface NightfeedPipelineProps {
  /** Part of every name, so that several stages fit into one account: lower-case letters and digits. */
  readonly stage: string;
  /** What `feedSchema.parse` of nightfeed/feed returns for a feed file. */
  readonly feed: Feed;
  /** Where functions and tasks run. */
  readonly network: PipelineNetwork;
  /** The bucket in which deliveries, snapshots and change sets are kept. Several pipelines may share it. */
  readonly lake: PipelineLake;
  /** The PostgreSQL that is loaded. Several pipelines may share it. */
  readonly database: PipelineDatabase;
  /**
   * What migrates the ledger of the database. Pipelines that share a database need only one, and may be deployed after it in any order.
   * @default - one of its own
   */
  readonly ledger?: LedgerMigration;
  /**
   * Decompressed gigabytes of a whole delivery, which decide the size of the tasks.
   * @default 8
   */
  readonly expectedGigabytes?: number;
  /**
   * Size of the tasks.
   * @default - the size that follows from `expectedGigabytes`
   */
  readonly taskSize?: TaskSize;
  /**
   * The processor of the tasks.
   * @default 'arm64', which costs a fifth less
   */
  readonly processor?: Processor;
  /**
   * An image that you built from bin/task.Dockerfile.
   * @default - a deployment builds one
   */
  readonly image?: ContainerImage;
  /**
   * Digest (`sha256:…`) of the base of the tasks' image.
   * @default - the base of this version
   */
  readonly baseImageDigest?: string;
  /**
   * SHA-256 of Amazon's file of certificate authorities.
   * @default - the file that this version knows
   */
  readonly rdsBundleSha256?: string;
  /**
   * Whether the tables of `current/` are shown in a database of the Glue Data Catalog, for Athena and Redshift Spectrum.
   * @default false
   */
  readonly catalog?: boolean;
  /**
   * The ECS cluster of the tasks. The metrics of memory and disk are those of the whole cluster, and need its Container Insights.
   * @default - a cluster of its own, with Container Insights
   */
  readonly cluster?: PipelineCluster;
  /**
   * Keys of KMS that encrypt what the pipeline makes, and what its functions and tasks read.
   * @default - keys of AWS, and a new key for the topics
   */
  readonly keys?: PipelineKeys;
  /**
   * Where functions and tasks write their logs. The state machine keeps a log group of its own.
   * @default - a log group for each function and one for the tasks, which keep their lines for three months
   */
  readonly logGroup?: ILogGroup;
  /**
   * The permissions boundary of every role that the pipeline makes.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * E-mail addresses that messages and alarms go to.
   * @default - none
   */
  readonly recipients?: readonly string[];
  /**
   * Where messages go. The topic's policy has to let alarms of this account publish, if alarms use the topic.
   * @default - a topic of its own, encrypted
   */
  readonly topic?: ITopic;
  /**
   * Whether a second topic gets the messages in the form of chat clients.
   * @default false
   */
  readonly chat?: boolean;
  /**
   * Where the messages in the form of chat clients go, such as a topic of several pipelines. Its policy has to let alarms of this
   * account publish.
   * @default - a topic of its own, if `chat` is true
   */
  readonly chatTopic?: ITopic;
  /**
   * Gets an event for each message about a run; docs/events.md describes it. A bus of another account has to let this one put events.
   * @default - none, because everybody who may read the bus learns of names, counts and errors
   */
  readonly eventBus?: IEventBus;
  /**
   * What starts a night before its time: objects in the source's bucket, or an event.
   * @default - only the schedule, and people
   */
  readonly start?: StartOn;
  /**
   * What alarms do.
   * @default - they send to the pipeline's topics
   */
  readonly alarmActions?: readonly IAlarmAction[];
  /**
   * Roles that may look with `nightfeed --stack`. They get the pipeline's policy for readers.
   * @default - none; attach the policy yourself
   */
  readonly readers?: readonly IRole[];
  /**
   * Roles that may also start nights and decide with `nightfeed --stack`. They get the pipeline's policy for operators.
   * @default - none; attach the policy yourself
   */
  readonly operators?: readonly IRole[];
  /**
   * Names of roles whose trust policy lets each person use only their own name for a session. Where a guard needs two people, the
   * sessions of such a role count as the people that they are named after.
   * @default - none: all sessions of a role count as one person
   */
  readonly peopleRoles?: readonly string[];
}
