import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { NightfeedPipeline } from '../nightfeed-pipeline.ts';
import { metricsOf } from './metrics.ts';

/** The dashboard of one feed: the most important on top, explanations below. */
export function nightDashboard(scope: Construct, pipeline: NightfeedPipeline, alarms: readonly Alarm[]): Dashboard {
  const metrics = metricsOf(pipeline);
  const { started, succeeded, failed, timedOut, aborted, cpu, memory, disk } = metrics;
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `nightfeed-${pipeline.stackName}`,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 3, alarms: [...alarms] })],
      [
        graph('Nights', [started, succeeded, failed, timedOut, aborted]),
        graph('Nights published, or unchanged or a holiday, in an hour', [metrics.published, metrics.unchanged]),
        graph('How long a night takes', [metrics.executionTime]),
      ],
      [
        graph('Rows that came, changed, were rejected', metrics.rows),
        graph('Size of the delivery, unpacked', [metrics.delivery]),
        graph('Minutes before the deadline', [metrics.margin]),
      ],
      [graph('Seconds of each step', metrics.stepSeconds), graph('Size of the lake', [metrics.lake])],
      [
        graph('Tasks: processor, memory, disk in percent', [cpu, memory, disk]),
        graph('Functions: errors, throttles', [metrics.functionErrors, metrics.functionThrottles]),
        graph('Functions: duration', metrics.functionDuration),
      ],
      [
        graph('Messages: delivered, failed', [metrics.delivered, metrics.undelivered]),
        graph('Dead letters', [metrics.deadLetters]),
      ],
    ],
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
