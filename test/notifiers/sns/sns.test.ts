import { expect, onTestFinished, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { snsNotifier } from '../../../lib/notifiers/sns/sns.ts';
import { fakeSns } from '../../support/vendors/fake-sns.ts';

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const message = runMessage({ run, state: 'held', changeSet: 'abc', tables: {} });
const [topic, chatTopic] = ['arn:aws:sns:eu-west-1:000000000000:mail', 'arn:aws:sns:eu-west-1:000000000000:chat'];

async function sns() {
  const server = await fakeSns();
  onTestFinished(server.close);
  return server;
}

test('publishes text for people, JSON for machines, attributes for filters, and a form for chat', async () => {
  const { asked, config } = await sns();

  await snsNotifier({ topic, chatTopic, stage: 'prod' }, config).send(message);

  const [mail, chat] = asked;
  expect(Object.fromEntries(mail!)).toMatchObject({
    TopicArn: topic,
    Subject: message.subject,
    MessageStructure: 'json',
  });
  const forms = JSON.parse(mail!.get('Message')!);
  expect(JSON.parse(forms.default)).toEqual(message);
  expect(forms.email).toContain('nightfeed --stack prod-shop approve shop/2026-11-20');
  const attributes = [1, 2, 3].map(
    (n) =>
      `${mail!.get(`MessageAttributes.entry.${n}.Name`)}=${mail!.get(`MessageAttributes.entry.${n}.Value.StringValue`)}`,
  );
  expect(attributes).toEqual(['run=shop/2026-11-20', 'feed=shop', 'state=held']);
  expect(chat!.get('TopicArn')).toBe(chatTopic);
  expect(JSON.parse(chat!.get('Message')!)).toMatchObject({ source: 'custom', id: message.id });
});

test('a message of thousands of tables still fits', async () => {
  const { asked, config } = await sns();
  const tables = Object.fromEntries(
    Array.from({ length: 4000 }, (_, index) => [`table_${index}`, { inserted: 1, updated: 2 }]),
  );
  const error = new NightfeedError('MIGRATION_NEEDED', 'ALTER TABLE "ü";\n'.repeat(20_000));

  const hold = { table: 't', guard: 'SCHEMA_ADD', value: 1, limit: 0, unit: 'count' } as const;
  const holds = Array.from({ length: 500 }, () => ({ ...hold, column: '"\\u{10ffff}"'.repeat(60) }));

  await snsNotifier({ topic, chatTopic, stage: 'prod' }, config).send(
    runMessage({ run, state: 'failed', changeSet: null, tables, error, holds, warnings: holds }),
  );

  for (const body of asked) expect(Buffer.byteLength(body.get('Message')!)).toBeLessThan(256 * 1024);
});

test('what SNS refuses is told with its topic', async () => {
  const { answers, config } = await sns();
  answers.status = 403;
  const refusal = { name: 'NOTIFIER_UNAVAILABLE', message: expect.stringContaining(topic) };
  await expect(snsNotifier({ topic, stage: 'prod' }, config).send(message)).rejects.toMatchObject(refusal);
});
