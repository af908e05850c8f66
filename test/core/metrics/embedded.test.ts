import { expect, test } from 'vitest';
import { embeddedMetrics } from '../../../lib/core/metrics/embedded.ts';

const at = new Date('2026-11-20T02:00:00.000Z');

test('numbers of a feed and of its steps are lines of their own, in the embedded metric format', () => {
  const lines = embeddedMetrics({
    at,
    stage: 'prod',
    feed: 'shop',
    metrics: [
      { name: 'StepSeconds', value: 1.5, step: 'diff' },
      { name: 'RowsIn', value: 10 },
      { name: 'RowsRejected', value: 0 },
    ],
  });
  expect(lines.every((line) => !line.includes('\n'))).toBe(true);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      _aws: {
        Timestamp: at.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: 'nightfeed',
            Dimensions: [['Stage', 'Feed', 'Step']],
            Metrics: [{ Name: 'StepSeconds', Unit: 'Seconds' }],
          },
        ],
      },
      Stage: 'prod',
      Feed: 'shop',
      Step: 'diff',
      StepSeconds: 1.5,
    },
    {
      _aws: {
        Timestamp: at.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: 'nightfeed',
            Dimensions: [['Stage', 'Feed']],
            Metrics: [
              { Name: 'RowsIn', Unit: 'Count' },
              { Name: 'RowsRejected', Unit: 'Count' },
            ],
          },
        ],
      },
      Stage: 'prod',
      Feed: 'shop',
      RowsIn: 10,
      RowsRejected: 0,
    },
  ]);
});
