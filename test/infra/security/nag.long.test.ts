import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/infra/config.ts';
import { appOf, bucketFeed, cloudFeed, copies, existingPlaces, slack, sparkFeed } from '../synthesised.ts';

/** Wildcards within resources: what cdk-nag calls them, and why they are there. */
const acknowledged: readonly (readonly [RegExp, string])[] = [
  [
    /IAM5\[Resource::.*:log-group:\/aws\/(rds\/cluster\/<\w+>\/postgresql|lambda\/[\w-]+-LogRetention\*):\*\]$/,
    'The streams of two log groups: of the database, and of the function that keeps that log for three months',
  ],
  [
    /IAM5\[Resource::.*Bucket[^/]*\/(landing|raw|snapshots|changes|receipts|current|feeds|errands|answers)\/catalog\/\*\]$/,
    'The objects of one feed: their keys are made while the night runs, below this prefix',
  ],
  [
    /IAM5\[Resource::.*:s3:::vendor-deliveries\/out\/\?{4}-\?\?-\?\?\/\*\]$/,
    "The vendor's objects: their names are the vendor's, below one folder, for each date",
  ],
  [/IAM5\[Resource::(<Bucket\w+\.Arn>|.*:s3:::lake-copy)\/\*\]$/, 'S3 copies every object of the lake'],
  [/IAM5\[Resource::<(Pipeline|Ledger)\w+Function\w+\.Arn>:\*\]$/, 'One function, in any of its versions'],
  [
    /IAM5\[Resource::.*:task-definition\/nightfeed-prod-catalog-[\w-]+:\*\]$/,
    'One family in any revision: an execution keeps the one with which it began',
  ],
  [
    /IAM5\[Resource::.*:task\/<PipelineTasksCluster\w+>\/\*\]$/,
    'The tasks of one cluster: a task is named when it starts',
  ],
  [
    /IAM5\[Resource::.*:execution:nightfeed-prod-catalog-night:\*\]$/,
    'Executions of one state machine: named at their start',
  ],
];

const variants: Record<string, Partial<Config>> = {
  'deliveries for Spark': {},
  'deliveries into a bucket': {},
  'our own network and database': { slack },
  'copies and backups': copies,
  'rotated secrets': { database: { min_acu: 0, max_acu: 4, rotate_secrets_after_days: 30 } },
  'an existing network and database': existingPlaces,
};

const feedsOf: Record<string, typeof cloudFeed> = {
  'deliveries for Spark': sparkFeed,
  'deliveries into a bucket': bucketFeed,
};

describe('cdk-nag AwsSolutions', () => {
  const used = new Set<RegExp>();
  test.each(Object.keys(variants))('has nothing against %s', (variant) => {
    const feeds = [feedsOf[variant] ?? cloudFeed];
    const app = appOf({ config: variants[variant]!, feeds });
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    const open = violations.filter(({ ruleName }) => {
      const [pattern] = acknowledged.find(([each]) => each.test(ruleName)) ?? [];
      if (pattern) used.add(pattern);
      return pattern === undefined;
    });
    expect(
      open.map(({ ruleName, violatingResources }) => ({ ruleName, at: violatingResources[0]?.constructPath })),
    ).toEqual([]);
  });

  test('every acknowledgement is needed', () => {
    expect(acknowledged.filter(([pattern]) => !used.has(pattern))).toEqual([]);
  });
});
