import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CLOUD_NAMESPACE, type CloudMetricName } from '../../../core/metrics/embedded.ts';
import { laterSteps } from '../../../core/workflow/workflows.ts';
import type { Functions } from '../functions.ts';
import type { Messages } from '../messages.ts';
import type { Tasks } from '../tasks.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** The parts of a pipeline that AWS measures. */
interface Measured {
  readonly stage: string;
  readonly feed: { readonly feed: string };
  readonly stateMachine: StateMachine;
  readonly functions: Functions;
  readonly tasks: Tasks;
  readonly messages: Messages;
  readonly deadLetters: Queue;
  /** Nights that found production up to date. */
  readonly unchanged: Metric;
}

/** Metrics under AWS's own names, one that CloudWatch counts in the log of the state machine, and those that it finds in the logs of the steps. */
export function metricsOf({ stage, feed, stateMachine, functions, tasks, messages, deadLetters, unchanged }: Measured) {
  const told = (metricName: CloudMetricName, step?: string) =>
    new Metric({
      namespace: CLOUD_NAMESPACE,
      metricName,
      dimensionsMap: { Stage: stage, Feed: feed.feed, ...(step === undefined ? {} : { Step: step }) },
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
      label: step ?? metricName,
    });
  const sum = { statistic: Stats.SUM, period: FIVE_MINUTES };
  const hourly = { statistic: Stats.SUM, period: Duration.hours(1) };
  const ofCluster = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName,
      dimensionsMap: { ClusterName: tasks.cluster.clusterName },
      statistic,
      period: FIVE_MINUTES,
    });
  return {
    started: stateMachine.metricStarted(sum),
    succeeded: stateMachine.metricSucceeded(sum),
    failed: stateMachine.metricFailed(sum),
    timedOut: stateMachine.metricTimedOut(sum),
    aborted: stateMachine.metricAborted(sum),
    executionTime: stateMachine.metricTime({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
    /** The function notify is called once for each publication, and at no other time. */
    published: functions.notify.metricInvocations(hourly),
    unchanged: unchanged.with(hourly),
    functionErrors: total(functions.all, 'errors', (each) => each.metricErrors(sum)),
    functionThrottles: total(functions.all, 'throttles', (each) => each.metricThrottles(sum)),
    functionDuration: functions.all.map((each) =>
      each.metricDuration({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES, label: each.node.scope!.node.id }),
    ),
    memory: share('memory', ofCluster('MemoryUtilized', Stats.MAXIMUM), ofCluster('MemoryReserved', Stats.MAXIMUM)),
    cpu: share('cpu', ofCluster('CpuUtilized', Stats.AVERAGE), ofCluster('CpuReserved', Stats.AVERAGE)),
    disk: share(
      'disk',
      ofCluster('EphemeralStorageUtilized', Stats.MAXIMUM),
      ofCluster('EphemeralStorageReserved', Stats.MAXIMUM),
    ),
    rows: [told('RowsIn'), told('RowsChanged'), told('RowsRejected')],
    delivery: told('DeliveredBytes'),
    stepSeconds: laterSteps.map((step) => told('StepSeconds', step)),
    margin: told('MinutesBeforeDeadline'),
    lake: told('LakeBytes'),
    undelivered: messages.topic.metricNumberOfNotificationsFailed(sum),
    delivered: messages.topic.metricNumberOfNotificationsDelivered(sum),
    deadLetters: deadLetters.metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
  };
}

function total(functions: readonly IFunction[], label: string, metric: (of: IFunction) => Metric): MathExpression {
  const usingMetrics = Object.fromEntries(functions.map((each, index) => [`${label}${index}`, metric(each)]));
  return new MathExpression({ expression: `SUM(METRICS("${label}"))`, usingMetrics, label, period: FIVE_MINUTES });
}

/**
 * A sum in which a metric without data counts as zero. AWS reports many metrics only when there is something to count, and a plain
 * `a + b` has no value where one of the two has none.
 */
export function sumOf(label: string, usingMetrics: Record<string, Metric>): MathExpression {
  const { period } = Object.values(usingMetrics)[0]!;
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label, period });
}

function share(label: string, used: Metric, reserved: Metric): MathExpression {
  return new MathExpression({
    expression: `100 * ${label}_used / ${label}_reserved`,
    usingMetrics: { [`${label}_used`]: used, [`${label}_reserved`]: reserved },
    label: `${label} in percent`,
    period: FIVE_MINUTES,
  });
}
