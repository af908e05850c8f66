import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';

interface DatabaseAlarmsProps {
  readonly stage: string;
  readonly cluster: IDatabaseCluster;
  readonly minAcu: number;
  readonly maxAcu: number;
  readonly actions: readonly IAlarmAction[];
  /** Address of the runbook. Each alarm appends its heading. */
  readonly runbook: string;
}

/** The text of every alarm. Each id is a heading of docs/deploy.md, which says what to do. */
const texts = {
  'database-processor': 'The database used nearly all of its processor for an hour.',
  'database-capacity': 'The database worked at the limit of its capacity (max_acu) for an hour.',
  'database-storage': 'The database has little room left for temporary files.',
  'database-connections': 'The database has nearly as many connections as it accepts.',
} as const;

const FIVE_MINUTES = Duration.minutes(5);
const HOUR_OF_PERIODS = 12;
/** Percent. */
const NEARLY_ALL = 90;
const AT_THE_LIMIT = 99;
/** Sorts and the making of an index write temporary files; when their disk is full, the statement fails. */
const LITTLE_ROOM = 2 * 1024 ** 3;
/**
 * max_connections follows from the largest capacity: 189 at 1 ACU, 1,669 at 8. With a smallest one below 1 ACU it is at most 2,000, else 5,000.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html, November 2026.
 */
const CONNECTIONS_PER_ACU = 189;

/** Alarms of the cluster. A paused database has no metrics, and that is no alarm. */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, { stage, cluster, minAcu, maxAcu, actions, runbook }: DatabaseAlarmsProps) {
    super(scope, id);
    const metric = (name: string, statistic: string) => cluster.metric(name, { statistic, period: FIVE_MINUTES });
    const alarm = (
      name: keyof typeof texts,
      of: IMetric,
      threshold: number,
      isLow = false,
      periods = HOUR_OF_PERIODS,
    ) => {
      const made = new Alarm(this, name, {
        alarmName: `nightfeed-${stage}-${name}`,
        alarmDescription: `${texts[name]} What to do: ${runbook}#${name}`,
        metric: of,
        threshold,
        comparisonOperator: isLow
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        evaluationPeriods: periods,
      });
      made.addAlarmAction(...actions);
      made.addOkAction(...actions);
    };
    alarm('database-processor', metric('CPUUtilization', Stats.AVERAGE), NEARLY_ALL);
    alarm('database-capacity', metric('ACUUtilization', Stats.AVERAGE), AT_THE_LIMIT);
    alarm('database-storage', metric('FreeLocalStorage', Stats.MINIMUM), LITTLE_ROOM, true, 1);
    const connections = Math.min(CONNECTIONS_PER_ACU * maxAcu, minAcu < 1 ? 2000 : 5000);
    alarm(
      'database-connections',
      metric('DatabaseConnections', Stats.MAXIMUM),
      Math.floor(connections * 0.8),
      false,
      1,
    );
  }
}
