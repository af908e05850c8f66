import { expect, test } from 'vitest';
import { secretsOf } from '../../lib/infra/cloud-needs.ts';
import { checkCloudFeed } from '../../lib/infra/feed-check.ts';
import { parseFeed } from '../support/parse-feed.ts';

const hostKey = `SHA256:${'a'.repeat(43)}`;

const feedWith = (...lines: string[]) =>
  parseFeed(
    [
      'feed: shop',
      ...lines,
      ...(lines.some((line) => line.startsWith('source'))
        ? []
        : ['source: {ftp: {host: h, password: "secret:vendor#p"}}']),
      'tables: {items: {files: "*", columns: {id: {type: bigint, key: true}}}}',
    ].join('\n'),
    'feed.yaml',
  );

test.each([
  [
    'after: delete',
    "feed shop: after: the vendor's files are taken away from a machine of yours alone; leave it out in the cloud",
  ],
  ['source: {folder: inbox}', 'feed shop: source.folder: a folder of yours is out of reach in the cloud; expected ftp'],
  [
    'source: {ftp: {host: h, password: "env:VENDOR"}}',
    'feed shop: source.ftp.password: expected secret:NAME of Secrets Manager, received env:…, which the cloud has not',
  ],
  ['source: {ftp: {host: h, password: "file:/run/p"}}', /received file:…/],
  ['source: {s3: {bucket: vendor, profile: me}}', /source.s3.profile: expected none in the cloud.*received "me"/],
  ['spark: {above: 31GB}', "feed shop: spark.above: expected at most 30GB, which fit on a task's disk, received 31GB"],
  [
    'schedule: {at: "02:00", timezone: UTC, deadline: "01:00"}',
    'feed shop: schedule.deadline: expected at most 20 hours after schedule.at (02:00) in the cloud, received 01:00',
  ],
])('%s is refused', (line, message) => {
  expect(() => checkCloudFeed(feedWith(line), 8)).toThrow(message);
});

test('a delivery that fits no disk is refused', () => {
  expect(() => checkCloudFeed(feedWith(), 31)).toThrow(/expected_size: expected at most 30GB.*received 31GB/);
});

test('a delivery of any size is fine where Spark may compare it', () => {
  expect(() => checkCloudFeed(feedWith('spark: {above: 20GB}'), 1000)).not.toThrow();
});

test.each([
  ['ready: {stable: 1h}'],
  ['schedule: {at: "22:00", timezone: UTC, deadline: "08:00"}'],
  ['source: {ftp: {host: h}}'],
  ['source: {s3: {bucket: vendor}}'],
  ['source: {s3: {bucket: vendor, access_key: "secret:v#id", secret_key: "secret:v#key"}}'],
  [`source: {sftp: {host: h, user: u, key: "secret:k", passphrase: "secret:p", host_key: "${hostKey}"}}`],
  ['engine: spark'],
  ['spark: {above: 30GB}'],
])('%s is fine', (line) => {
  expect(() => checkCloudFeed(feedWith(line), 30)).not.toThrow();
});

test('several faults are told at once', () => {
  expect(() => checkCloudFeed(feedWith('source: {folder: inbox}', 'spark: {above: 2TB}'), 8)).toThrow(
    /folder.*\n.*spark/,
  );
});

test.each([
  ['sftp', `user: u, key: "file:/key", host_key: "${hostKey}"`, 'key', 'file:'],
  ['sftp', `user: u, password: "env:P", host_key: "${hostKey}"`, 'password', 'env:'],
  ['ftp', 'tls: explicit, ca: "file:/ca.pem"', 'ca', 'file:'],
])('a secret of %s that the cloud has not is named: %s', (kind, options, option, place) => {
  expect(() => checkCloudFeed(feedWith(`source: {${kind}: {host: h, ${options}}}`), 8)).toThrow(
    `source.${kind}.${option}: expected secret:NAME of Secrets Manager, received ${place}…`,
  );
});

test('secrets are known by their names', () => {
  const sftp = `user: u, password: "secret:a", key: "secret:b#key", passphrase: "secret:b#words", host_key: "${hostKey}"`;
  expect(secretsOf(feedWith(`source: {sftp: {host: h, ${sftp}}}`))).toEqual(['a', 'b']);
  expect(secretsOf(feedWith())).toEqual(['vendor']);
  expect(secretsOf(feedWith('source: {ftp: {host: h, password: "secret:vendor/ftp"}}'))).toEqual(['vendor/ftp']);
  expect(secretsOf(feedWith('source: {ftp: {host: h}}'))).toEqual([]);
  const s3 = 'access_key: "secret:keys#id", secret_key: "secret:keys#key"';
  expect(secretsOf(feedWith(`source: {s3: {bucket: vendor, ${s3}}}`))).toEqual(['keys']);
});

test.each([
  ['[mon, thu]', null],
  ['[sat, sun]', null],
  ['[mon]', 'schedule.days: expected a night every 6 days or more often in the cloud'],
])('days %s: %s', (days, fault) => {
  const check = () => checkCloudFeed(feedWith(`schedule: {at: "02:00", timezone: UTC, days: ${days}}`), 8);
  if (fault === null) expect(check).not.toThrow();
  else expect(check).toThrow(fault);
});
