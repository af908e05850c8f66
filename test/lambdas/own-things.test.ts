import { afterEach, expect, test, vi } from 'vitest';
import { withMorePorts } from '../../lambdas/compose.ts';
import { vendorSource } from '../../lambdas/vendor-source.ts';
import { parseFeed } from '../support/parse-feed.ts';

afterEach(() => vi.unstubAllEnvs());

/** A run that was opened before the deployment refused its feed still has it. */
test.each([
  [
    '{ftp: {host: 127.0.0.1, port: 9, password: "secret:nightfeed/loader"}}',
    "secret:nightfeed/loader is the deployment's own",
  ],
  ['{ftp: {host: 127.0.0.1, port: 9, password: "secret:nightfeed/loader#password"}}', "is the deployment's own"],
  ['{s3: {bucket: the-lake}}', 'the-lake is the lake'],
])('a process of the cloud opens no source that reads what is its own: %s', async (source, message) => {
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    NIGHTFEED_BUCKET: 'the-lake',
    NIGHTFEED_DATABASE_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:nightfeed/loader-AbC123',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const feed = parseFeed(
    `feed: shop\nsource: ${source}\ntables: {items: {files: "*", columns: {id: {type: bigint, key: true}}}}`,
    'feed.yaml',
  );
  await expect(withMorePorts(vendorSource, (ports) => ports.openSource(feed, '2026-11-20'))).rejects.toMatchObject({
    name: 'SECRET_REFUSED',
    message: expect.stringContaining(message),
  });
});
