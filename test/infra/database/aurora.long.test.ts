import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  appOf,
  cloudFeed,
  existingPlaces,
  type Resource,
  resourcesOf,
  slack,
  type Template,
  templatesOf,
} from '../synthesised.ts';

const DATABASE = 'nightfeed-prod-Database';
const runbook = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
const templateWith = (database = {}) => templatesOf(appOf({ config: { database } }))[DATABASE]!;
const usual = templateWith();
const large = templateWith({ min_acu: 2, max_acu: 64, reader: true, rotate_secrets_after_days: 30 });

const instancesOf = (template: Template) =>
  resourcesOf(template, 'AWS::RDS::DBInstance').map(({ Properties }) => Properties);
const clusterOf = (template: Template) => resourcesOf(template, 'AWS::RDS::DBCluster')[0]!.Properties;

describe('our own Aurora', () => {
  test('is patched and saved outside of the nights of all feeds', () => {
    // The example's night is in New York, from 6:00 to 14:00 UTC in summer and winter.
    expect(clusterOf(usual)).toMatchObject({
      PreferredBackupWindow: '21:00-22:00',
      PreferredMaintenanceWindow: 'sun:22:00-sun:23:00',
    });
    for (const template of [usual, large])
      for (const { PreferredMaintenanceWindow } of instancesOf(template))
        expect(PreferredMaintenanceWindow).toBe('sun:22:00-sun:23:00');
    expect(() => templateWith({ backup_window: '07:00-07:30' })).toThrow(/backup_window: .* is in the time of catalog/);
  });

  test('says whose night it disturbs, where there is one at every time', () => {
    const feeds = Array.from({ length: 6 }, (_, index) => ({
      ...cloudFeed,
      feed: `feed${index}`,
      schedule: { at: `${String(index * 4).padStart(2, '0')}:00`, timezone: 'UTC', business_date: 'today' as const },
    }));
    const stack = appOf({ feeds }).node.findChild(DATABASE) as Stack;
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('meet feed\\d'));
    Annotations.fromStack(appOf().node.findChild(DATABASE) as Stack).hasNoWarning(
      '*',
      Match.stringLikeRegexp('without a night'),
    );
  });

  test('has a reader that takes over, if it is wanted', () => {
    expect(instancesOf(usual)).toHaveLength(1);
    expect(instancesOf(large).map(({ PromotionTier }) => PromotionTier)).toEqual([0, 1]);
  });

  test('keeps insights where it has the memory for them', () => {
    expect(instancesOf(usual).map(({ EnablePerformanceInsights }) => EnablePerformanceInsights)).toEqual([false]);
    expect(instancesOf(large).map(({ EnablePerformanceInsights }) => EnablePerformanceInsights)).toEqual([true, true]);
    const [off] = instancesOf(templateWith({ min_acu: 4, performance_insights: false }));
    expect(off!.EnablePerformanceInsights).toBe(false);
  });

  test('keeps its log for three months, and no rows in it; nobody may change other groups', () => {
    expect(clusterOf(usual).EnableCloudwatchLogsExports).toEqual(['postgresql']);
    const [group] = resourcesOf(usual, 'AWS::RDS::DBClusterParameterGroup');
    expect(group!.Properties.Parameters).toEqual({
      'rds.force_ssl': '1',
      log_error_verbosity: 'terse',
      log_min_error_statement: 'panic',
    });
    const [retention] = resourcesOf(usual, 'Custom::LogRetention');
    expect(retention!.Properties.RetentionInDays).toBe(90);
    const rights = resourcesOf(usual, 'AWS::IAM::Policy').flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(JSON.stringify(rights)).toContain(
      JSON.stringify(retention!.Properties.LogGroupName['Fn::Join'][1].at(-1)).slice(1, -1),
    );
    for (const { Resource } of rights) expect(Resource).not.toBe('*');
  });

  test('tells its alarms to the recipients and to chat, and each has a heading in the runbook', () => {
    const alarms = resourcesOf(usual, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    expect(alarms.map(({ AlarmName, MetricName, Threshold }) => [AlarmName, MetricName, Threshold])).toEqual([
      ['nightfeed-prod-database-processor', 'CPUUtilization', 90],
      ['nightfeed-prod-database-capacity', 'ACUUtilization', 99],
      ['nightfeed-prod-database-storage', 'FreeLocalStorage', 2 * 1024 ** 3],
      // Of 189 for each of 8 ACU.
      ['nightfeed-prod-database-connections', 'DatabaseConnections', 1209],
    ]);
    for (const { AlarmDescription, AlarmActions, TreatMissingData } of alarms) {
      const heading = /docs\/deploy\.md#(.+)$/.exec(AlarmDescription)![1];
      expect(runbook).toContain(`\n### ${heading}\n`);
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^MessagesTopic/) }]);
      // A paused database has no metrics.
      expect(TreatMissingData).toBe('notBreaching');
    }
    expect(resourcesOf(usual, 'AWS::SNS::Subscription').map(({ Properties }) => Properties.Endpoint)).toEqual([
      'data@example.com',
    ]);
    const inChat = resourcesOf(templatesOf(appOf({ config: { slack } }))[DATABASE], 'AWS::CloudWatch::Alarm');
    expect(inChat.length).toBeGreaterThan(0);
    for (const { Properties } of inChat)
      expect(JSON.stringify(Properties.AlarmActions)).toContain('nightfeed-prod-Chat:ExportsOutputRefTopic');
  });

  test('has the alarm of connections follow the capacity', () => {
    const thresholdOf = (template: Template) =>
      resourcesOf(template, 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties.Threshold)
        .at(-1);
    expect(thresholdOf(large)).toBe(4000);
    expect(thresholdOf(templateWith({ max_acu: 64 }))).toBe(1600);
  });

  test('gives the owner no new password with the deployment, and the logins none before they exist', () => {
    const [owner] = resourcesOf(large, 'AWS::SecretsManager::RotationSchedule');
    expect(owner!.Properties).toMatchObject({
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
    const pipeline = templatesOf(appOf({ config: { database: { rotate_secrets_after_days: 30 } } }))[
      'nightfeed-prod-Pipeline-catalog'
    ]!;
    const renewal = resourcesOf(pipeline, 'AWS::Scheduler::Schedule').find(({ id }) => id.includes('Passwords'))!;
    const [migrated] = resourcesOf(pipeline, 'Custom::NightfeedFeed');
    expect((renewal as Resource).DependsOn).toContain(migrated!.id);
  });
});

test('a PostgreSQL of yours has none of this', () => {
  const database = templatesOf(appOf({ config: existingPlaces }))[DATABASE]!;
  const types = new Set(Object.values(database.Resources).map(({ Type }) => Type));
  expect([...types].filter((type) => /CloudWatch|SNS|LogRetention|KMS/.test(type))).toEqual([]);
});
