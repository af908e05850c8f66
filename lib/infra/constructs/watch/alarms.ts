import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Feed } from '../../../core/feed/spec.ts';
import { longestGap } from '../../../core/schedule/night-days.ts';
import { waitHours } from '../../feed-check.ts';
import type { NightfeedPipeline } from '../nightfeed-pipeline.ts';
import { metricsOf, sumOf } from './metrics.ts';
import { type AlarmId, alarmTexts, RUNBOOK } from './runbook.ts';

interface AlarmsProps {
  /** Whose nights are watched. */
  readonly pipeline: NightfeedPipeline;
  /** Address of the runbook. Each alarm appends its heading. */
  readonly runbook?: string;
}

/** Percent of memory or disk at which somebody should look before it fails. */
const NEARLY_ALL = 90;

export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { pipeline, runbook = RUNBOOK }: AlarmsProps) {
    super(scope, id);
    const metrics = metricsOf(pipeline);
    const { failed, timedOut, aborted, published, unchanged } = metrics;
    const alarm = (name: AlarmId, metric: IMetric, options: Partial<Threshold> = {}) =>
      this.#alarm(name, metric, options, pipeline, `${runbook}#${name}`);
    this.alarms = [
      alarm('night-failed', sumOf('nights that failed', { failed, timedOut, aborted })),
      alarm('function-errors', metrics.functionErrors, { threshold: 3 }),
      alarm('function-throttled', metrics.functionThrottles),
      alarm('memory-short', metrics.memory, { threshold: NEARLY_ALL }),
      alarm('disk-short', metrics.disk, { threshold: NEARLY_ALL }),
      alarm('message-undelivered', metrics.undelivered),
      alarm('dead-letter', metrics.deadLetters),
      ...(pipeline.feed.schedule?.deadline
        ? [alarm('deadline-missed', metrics.margin, { threshold: 0, operator: ComparisonOperator.LESS_THAN_THRESHOLD })]
        : []),
      ...(pipeline.feed.schedule
        ? [
            // Missing data counts as an alarm here, should both metrics never have had any.
            alarm('not-published', sumOf('nights that brought production up to date', { published, unchanged }), {
              operator: ComparisonOperator.LESS_THAN_THRESHOLD,
              missing: TreatMissingData.BREACHING,
              periods: hoursBetweenNights(pipeline.feed.schedule),
            }),
          ]
        : []),
    ];
  }

  #alarm(name: AlarmId, metric: IMetric, options: Partial<Threshold>, pipeline: NightfeedPipeline, link: string) {
    const {
      threshold = 1,
      operator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      missing = TreatMissingData.NOT_BREACHING,
      periods = 1,
    } = options;
    const alarm = new Alarm(this, name, {
      alarmName: `nightfeed-${pipeline.stackName}-${name}`,
      alarmDescription: `${alarmTexts[name]} What to do: ${link}`,
      metric,
      threshold,
      comparisonOperator: operator,
      treatMissingData: missing,
      evaluationPeriods: periods,
    });
    alarm.addAlarmAction(...pipeline.alarmActions);
    // Whoever was woken by the alarm is told that it is over. Other actions, such as tickets, are for alarms only.
    alarm.addOkAction(...pipeline.alarmActions.filter((action) => action instanceof SnsAction));
    return alarm;
  }
}

interface Threshold {
  readonly threshold: number;
  readonly operator: ComparisonOperator;
  readonly missing: TreatMissingData;
  readonly periods: number;
}

/** A generous time from the complete delivery to the publication: 8 GB take less than one hour. */
export const HOURS_OF_WORK = 3;

/** The day on which clocks go back. */
const LONGEST_DAY = 25;

/** The longest time between the ends of two nights when every delivery comes by its deadline: a day or several, and the length of a night. */
export function hoursBetweenNights(schedule: NonNullable<Feed['schedule']>): number {
  return (longestGap(schedule) - 1) * 24 + LONGEST_DAY + Math.ceil(waitHours(schedule)) + HOURS_OF_WORK;
}
