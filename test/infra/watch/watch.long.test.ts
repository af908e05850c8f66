import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cloudMetrics, embeddedMetrics } from '../../../lib/core/metrics/embedded.ts';
import { laterSteps } from '../../../lib/core/workflow/workflows.ts';
import { hoursBetweenNights } from '../../../lib/infra/constructs/watch/alarms.ts';
import { alarmTexts } from '../../../lib/infra/constructs/watch/runbook.ts';
import { appOf, cloudFeed, resourcesOf, slack, templatesOf } from '../synthesised.ts';

const alarmsOf = (app: ReturnType<typeof appOf>) =>
  resourcesOf(templatesOf(app)['nightfeed-prod-Watch-catalog'], 'AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties,
  );

describe('alarms', () => {
  test('each has a heading in the runbook and leads there', () => {
    const runbook = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
    // Those of the database belong to its own stack.
    const headings = [...runbook.matchAll(/^### `?((?!database-)[a-z-]+)`?$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(Object.keys(alarmTexts).sort());
    const alarms = alarmsOf(appOf({ config: { runbook: 'https://example.com/runbook' } }));
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('nightfeed-prod-catalog-', '')).sort()).toEqual(headings);
    for (const { AlarmName, AlarmDescription } of alarms)
      expect(AlarmDescription).toContain(
        `What to do: https://example.com/runbook#${AlarmName.replace('nightfeed-prod-catalog-', '')}`,
      );
  });

  test('reach people, and chat when there is one, when they begin and when they end', () => {
    for (const { AlarmActions } of alarmsOf(appOf())) expect(AlarmActions).toHaveLength(1);
    for (const { AlarmActions, OKActions } of alarmsOf(appOf({ config: { slack } }))) {
      expect(AlarmActions).toHaveLength(2);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  test('a dead man is missed, and only where a schedule lets expect him', () => {
    const dead = alarmsOf(appOf()).find(({ AlarmName }) => AlarmName.endsWith('not-published'));
    expect(dead).toMatchObject({
      EvaluationPeriods: 32,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    const { schedule: _, ...unscheduled } = cloudFeed;
    const names = alarmsOf(appOf({ feeds: [unscheduled] })).map(({ AlarmName }) => AlarmName);
    expect(names.filter((name) => name.endsWith('not-published'))).toEqual([]);
  });

  test.each([
    [{ at: '02:00', deadline: '06:00' }, 32],
    [{ at: '22:00', deadline: '04:30' }, 35],
    [{ at: '02:00' }, 28],
    [{ at: '02:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const }, 76],
  ])('%o leaves %d hours between the ends of two nights', (times, hours) => {
    expect(hoursBetweenNights({ timezone: 'UTC', business_date: 'today', ...times })).toBe(hours);
  });
});

test('the dashboard shows metrics of AWS, and the one that is counted in a log', () => {
  const [dashboard] = resourcesOf(templatesOf(appOf())['nightfeed-prod-Watch-catalog'], 'AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(dashboard!.Properties.DashboardBody);
  const spaces = [...text.matchAll(/\[\\*"((?:AWS|ECS)\/\w+|nightfeed)\\*"/g)].map(([, space]) => space);
  expect([...new Set(spaces)].sort()).toEqual([
    'AWS/Lambda',
    'AWS/SNS',
    'AWS/SQS',
    'AWS/States',
    'ECS/ContainerInsights',
    'nightfeed',
  ]);
});

test('the dashboard shows each metric that the steps tell, by the dimensions that they tell it with', () => {
  const [dashboard] = resourcesOf(templatesOf(appOf())['nightfeed-prod-Watch-catalog'], 'AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(dashboard!.Properties.DashboardBody).replaceAll('\\', '');
  const shown = [...text.matchAll(/\["nightfeed","(\w+)",((?:"[^"]*",?)+)/g)].map(([, name, rest]) => {
    const [...parts] = JSON.parse(`[${rest!.replace(/,$/, '')}]`) as string[];
    const pairs = parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]]] : []));
    return JSON.stringify([name, pairs.sort()]);
  });
  const steps = laterSteps.map((step) => ({ name: 'StepSeconds', value: 1, step }) as const);
  const others = Object.keys(cloudMetrics).filter((name) => name !== 'StepSeconds');
  const metrics = [...steps, ...others.map((name) => ({ name: name as 'RowsIn', value: 1 }))];
  for (const line of embeddedMetrics({ at: new Date(), stage: 'prod', feed: 'catalog', metrics })) {
    const { _aws, ...told } = JSON.parse(line);
    const [{ Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    for (const { Name } of Metrics)
      expect(shown).toContain(JSON.stringify([Name, Dimensions[0].map((name: string) => [name, told[name]]).sort()]));
  }
});

test('the night begins by the clocks of the feed, and what cannot begin is kept', () => {
  const template = templatesOf(appOf())['nightfeed-prod-Pipeline-catalog'];
  const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule');
  // In spring the clocks of New York skip 02:00 to 03:00.
  expect(schedules.map(({ Properties }) => Properties.ScheduleExpression).sort()).toEqual([
    'cron(0 2 * * ? *)',
    'cron(0 3 * * ? *)',
  ]);
  for (const { Properties, DependsOn } of schedules) {
    expect(Properties).toMatchObject({
      ScheduleExpressionTimezone: 'America/New_York',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('DeadLetters'), 'Arn'] } } },
    });
    expect(DependsOn).toContainEqual(expect.stringContaining('DeploymentFeed'));
  }
  const [rule] = resourcesOf(template, 'AWS::Events::Rule');
  expect(rule!.Properties.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
  expect(rule!.Properties.Targets[0]).toMatchObject({
    Arn: { 'Fn::GetAtt': [expect.stringContaining('Functionsstop'), 'Arn'] },
    DeadLetterConfig: expect.anything(),
  });
  expect(rule!.Properties.Targets[0].InputTransformer).toBeUndefined();
});

test.each([
  ['23:30', 'America/Nuuk', ['cron(30 0 * * ? *)', 'cron(30 23 * * ? *)']],
  ['01:30', 'Antarctica/Troll', ['cron(30 1 * * ? *)', 'cron(30 3 * * ? *)']],
  ['02:00', 'Asia/Kolkata', ['cron(0 2 * * ? *)']],
  // The later one is for days on which the clocks skip the time; claim knows which of them have a night.
  ['02:00', 'Europe/Berlin', ['cron(0 2 ? * MON,FRI *)', 'cron(0 3 * * ? *)'], ['mon', 'fri'] as const],
])('a night at %s in %s begins by %j', (at, timezone, expressions, days = undefined) => {
  const schedule = { at, timezone, business_date: 'today' as const, ...(days && { days }) };
  const feed = { ...cloudFeed, schedule };
  const schedules = resourcesOf(
    templatesOf(appOf({ feeds: [feed] }))['nightfeed-prod-Pipeline-catalog'],
    'AWS::Scheduler::Schedule',
  );
  expect(schedules.map(({ Properties }) => Properties.ScheduleExpression).sort()).toEqual(expressions);
});
