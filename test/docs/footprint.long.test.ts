import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Count, footprintPage, type QuotaName } from '../../docs/footprint.ts';
import { appOf, cloudFeed, type Resource, slack, type Template, templatesOf } from '../infra/synthesised.ts';

const templates = (...feeds: string[]) =>
  Object.values(templatesOf(appOf({ config: { slack }, feeds: feeds.map((feed) => ({ ...cloudFeed, feed })) })));
const one = templates('catalog');
const two = templates('catalog', 'shop');

/** A second feed shows what each adds. */
function count(of: (all: readonly Template[]) => number): Count {
  const each = of(two) - of(one);
  return { once: of(one) - each, each };
}

const resources = (all: readonly Template[]): Resource[] => all.flatMap(({ Resources }) => Object.values(Resources));
const ofType = (type: string) => (all: readonly Template[]) =>
  resources(all).filter(({ Type }) => Type === `AWS::${type}`).length;

const counts: Record<QuotaName, Count> = {
  'IAM roles': count(ofType('IAM::Role')),
  'managed policies': count(ofType('IAM::ManagedPolicy')),
  'rules on the default bus': count(ofType('Events::Rule')),
  dashboards: count(ofType('CloudWatch::Dashboard')),
  alarms: count(ofType('CloudWatch::Alarm')),
  stacks: count((all) => all.length),
  'ECS clusters': count(ofType('ECS::Cluster')),
  'KMS keys': count(ofType('KMS::Key')),
  'SNS topics': count(ofType('SNS::Topic')),
  secrets: count(ofType('SecretsManager::Secret')),
  'log groups': count(ofType('Logs::LogGroup')),
  schedules: count(ofType('Scheduler::Schedule')),
};
const largestStack = Math.max(...two.map(({ Resources }) => Object.keys(Resources).length));

test('docs/footprint.md says what the templates have; -u writes it', async () => {
  const page = footprintPage({
    counts,
    functions: count(ofType('Lambda::Function')).each,
    largestStack,
    metricFilters: count(ofType('Logs::MetricFilter')).each,
    metricsOfAlarms: count(metricsOfAlarms).each,
  });
  await expect(page).toMatchFileSnapshot(fileURLToPath(new URL('../../docs/footprint.md', import.meta.url)));
});

test('200 feeds fit into one account whose quotas were raised as the page says, and no stack is too large', () => {
  expect(counts['IAM roles'].once + 200 * counts['IAM roles'].each).toBeLessThan(5_000);
  expect(largestStack).toBeLessThan(400);
});

/** CloudWatch charges an alarm for each metric that it looks at. */
function metricsOfAlarms(all: readonly Template[]): number {
  const alarms = resources(all).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const metrics = alarms.map(({ Properties }): { MetricStat?: object }[] => Properties.Metrics ?? [{ MetricStat: {} }]);
  return metrics.flat().filter(({ MetricStat }) => MetricStat).length;
}
