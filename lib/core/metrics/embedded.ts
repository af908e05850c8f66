/** A number for CloudWatch, by one of the units that it knows. */
export interface CloudMetric {
  readonly name: CloudMetricName;
  readonly value: number;
  /** Only of what is told by step. */
  readonly step?: string;
}

export type CloudMetricName = keyof typeof cloudMetrics;

/** What a stage tells of each feed, with its unit. Each costs money by the hour in which it is told, so they are few. */
export const cloudMetrics = {
  DeliveredBytes: 'Bytes',
  RowsIn: 'Count',
  RowsChanged: 'Count',
  RowsRejected: 'Count',
  MinutesBeforeDeadline: 'None',
  LakeBytes: 'Bytes',
  StepSeconds: 'Seconds',
} as const;

export const CLOUD_NAMESPACE = 'nightfeed';

interface Told {
  readonly at: Date;
  readonly stage: string;
  readonly feed: string;
  readonly metrics: readonly CloudMetric[];
}

/** A line for the log, of which CloudWatch makes metrics (embedded metric format); one for the feed, and one for each step. */
export function embeddedMetrics({ at, stage, feed, metrics }: Told): string[] {
  const steps = new Set(metrics.map(({ step }) => step));
  return [...steps].map((step) => {
    const own = metrics.filter((metric) => metric.step === step);
    const dimensions = { Stage: stage, Feed: feed, ...(step === undefined ? {} : { Step: step }) };
    const about = {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: CLOUD_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: own.map(({ name }) => ({ Name: name, Unit: cloudMetrics[name] })),
        },
      ],
    };
    return JSON.stringify({
      _aws: about,
      ...dimensions,
      ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
    });
  });
}
