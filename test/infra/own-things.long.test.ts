import { expect, test } from 'vitest';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { appOf, cloudFeed, configWith, resourcesOf, templatesOf } from './synthesised.ts';

const existing = { host: 'db.example.com', port: 5432, dbname: 'shop' };
const ownerArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/owner-AbC123';

const sends = (password: string): Feed => ({
  ...cloudFeed,
  source: {
    ftp: { host: 'evil.example', port: 21, user: 'u', password: `secret:${password}`, tls: 'none', path: '/' },
  },
});
const reads = (bucket: string): Feed => ({
  ...cloudFeed,
  source: { s3: { bucket, path: '', requester_pays: false } },
});

const templates = templatesOf(appOf());

/** Logical ids, with which the names begin that CloudFormation makes. */
function ids(kind: 'Database' | 'Lake', type: string): string[] {
  const stack = Object.keys(templates).find((name) => name.endsWith(kind))!;
  return resourcesOf(templates[stack], type).map(({ id }) => id);
}

test.each([
  ['shop/owner', 'shop/owner'],
  ['shop/owner#password', 'shop/owner'],
  [ownerArn, 'shop/owner'],
  ['shop/owner', ownerArn],
])('a feed cannot send secret:%s where the owner is %s', (named, owner_secret) => {
  expect(() =>
    appOf({ feeds: [sends(named)], config: { database: { existing: { ...existing, owner_secret } } } }),
  ).toThrow(/source: secret:.*shop\/owner.* is the deployment's own/);
});

test('nor the logins that a stage makes, under the names that CloudFormation gives them', () => {
  const made = ids('Database', 'AWS::SecretsManager::Secret');
  expect(made).toHaveLength(2);
  for (const id of made) {
    const name = `${id}-a1B2c3D4e5F6`;
    for (const form of [name, `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-x1Y2z3`])
      expect(() => appOf({ feeds: [sends(form)] })).toThrow(/is the deployment's own/);
  }
  expect(() => appOf({ feeds: [sends('vendor/ftp')] })).not.toThrow();
});

test('nor the logins of its own pipeline, or of another one', () => {
  const made = resourcesOf(templates['nightfeed-prod-Pipeline-catalog'], 'AWS::SecretsManager::Secret');
  expect(made).toHaveLength(7);
  for (const { id } of made)
    expect(() => appOf({ feeds: [sends(`${id}-a1B2c3D4e5F6`)] })).toThrow(/is the deployment's own/);
});

test('nor have the lake for a source, or its name for a secret', () => {
  const [id] = ids('Lake', 'AWS::S3::Bucket');
  const { stage } = configWith();
  const bucket = `nightfeed-${stage}-lake-${id}-1a2b3c4d5e6f`.toLowerCase();
  expect(() => appOf({ feeds: [reads(bucket)] })).toThrow(`source.s3.bucket: ${bucket} is the lake`);
  expect(() => appOf({ feeds: [sends(bucket)] })).toThrow(/is the deployment's own/);
  expect(() => appOf({ feeds: [reads('vendor-deliveries')] })).not.toThrow();
});
