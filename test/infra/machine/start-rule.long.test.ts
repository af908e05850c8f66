import { expect, test } from 'vitest';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { parseChecked } from '../../../lib/feed-file/yaml.ts';
import { configSchema } from '../../../lib/infra/config.ts';
import type { StartOn } from '../../../lib/infra/start-on.ts';
import { appOf, bucketFeed, cloudFeed, configWith, resourcesOf, templatesOf } from '../synthesised.ts';

const DEFAULT = { on: 's3', bus: 'default' } as const;

/** The rule that starts nights, and the statement by which it may. */
function ruleOf(start: StartOn | undefined, feed: Feed = bucketFeed as Feed) {
  const [options] = configWith().feeds;
  const template = templatesOf(
    appOf({ feeds: [feed], config: { feeds: [{ ...options!, ...(start ? { start } : {}) }] } }),
  )['nightfeed-prod-Pipeline-catalog'];
  const rule = resourcesOf(template, 'AWS::Events::Rule').find(({ id }) => id.includes('StartRule'));
  const policies = resourcesOf(template, 'AWS::IAM::Policy').map(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const starting = policies.flat().filter(({ Action }) => Action === 'states:StartExecution');
  return { rule: rule?.Properties, starting };
}

test('without `start` there is no rule', () => {
  expect(ruleOf(undefined).rule).toBeUndefined();
});

test('s3: objects of the folder, whatever the date; the input has time and key, and nothing else', () => {
  const { rule, starting } = ruleOf(DEFAULT);
  expect(rule.EventPattern).toEqual({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: { bucket: { name: ['vendor-deliveries'] }, object: { key: [{ prefix: 'out/' }] } },
  });
  const [target] = rule.Targets;
  expect(target).toMatchObject({
    DeadLetterConfig: expect.anything(),
    RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 10 },
    InputTransformer: { InputPathsMap: { time: '$.time', 'detail-object-key': '$.detail.object.key' } },
  });
  // Without quotes of ours, because EventBridge writes a value of JSON in its place.
  expect(target.InputTransformer.InputTemplate).toBe('{"announced":{"at":<time>,"key":<detail-object-key>}}');
  for (const { Resource } of starting) expect(Resource).toEqual({ Ref: expect.stringMatching(/Machine/) });
});

test('event: source, type, fields and the date, from the bus that was named', () => {
  const { rule } = ruleOf(
    {
      on: 'event',
      source: 'com.vendor',
      detail_type: 'Delivered',
      detail: { feed: ['catalog'] },
      date: 'detail.delivery.date',
      bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/partners',
    },
    cloudFeed,
  );
  expect(rule.EventBusName).toBe('partners');
  expect(rule.EventPattern).toEqual({
    source: ['com.vendor'],
    'detail-type': ['Delivered'],
    detail: { feed: ['catalog'], delivery: { date: [{ exists: true }] } },
  });
  expect(rule.Targets[0].InputTransformer.InputTemplate).toBe(
    '{"announced":{"at":<time>,"date":<detail-delivery-date>}}',
  );
});

test.each<[string, Feed, RegExp]>([
  ['a source that S3 knows nothing of', cloudFeed, /start.on: expected event, received s3, .* of the kind ftp/],
  [
    'a store of another provider',
    { ...bucketFeed, source: { s3: { ...bucketFeed.source.s3, endpoint: 'https://s3.vendor.example' } } } as Feed,
    /start.on: expected event/,
  ],
  [
    'files without a date',
    { ...bucketFeed, source: { s3: { ...bucketFeed.source.s3, path: 'out' } }, ready: { stable: 60 } } as Feed,
    /start: expected ready.marker, ready.manifest, or a date/,
  ],
])('%s is refused by name', (_what, feed, message) => {
  expect(() => ruleOf(DEFAULT, feed)).toThrow(message);
});

test.each([
  ['{on: s3}', undefined],
  ['{on: event, source: com.vendor, detail_type: Delivered, date: detail.date}', undefined],
  ['{on: queue}', /start.on: expected on: s3, or on: event/],
  ['{on: event, source: com.vendor, detail_type: D, date: $.detail}', /start.date: expected a field of the event/],
  ['{on: s3, bus: "a b"}', /start.bus: expected default/],
  ['{on: event, source: com.vendor}', /start.detail_type/],
])('start: %s', (start, error) => {
  const text = `stage: prod\nregion: eu-west-1\nrecipients: [a@example.com]\nfeeds:\n  - {file: feed.yaml, start: ${start}}\n`;
  const read = () => parseChecked(text, 'nightfeed.config.yaml', configSchema);
  if (error) expect(read).toThrow(error);
  else expect(read).not.toThrow();
});
