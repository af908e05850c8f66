import { describe, expect, test } from 'vitest';
import { parseChecked } from '../../lib/feed-file/yaml.ts';
import { configSchema } from '../../lib/infra/config.ts';
import { MAX_GIGABYTES, taskSizeFor } from '../../lib/infra/task-size.ts';

const parse = (text: string) => parseChecked(text, 'nightfeed.config.yaml', configSchema);
const smallest = 'stage: prod\nregion: eu-west-1\nfeeds: [{file: feed.yaml}]\nrecipients: [data@example.com]\n';

describe('nightfeed.config.yaml', () => {
  test('needs little', () => {
    expect(parse(smallest)).toEqual({
      stage: 'prod',
      region: 'eu-west-1',
      feeds: [{ file: 'feed.yaml', expected_size: 8, catalog: false }],
      network: {},
      database: {},
      lake: { keep_removed_days: 30 },
      keys: {},
      recipients: ['data@example.com'],
      readers: [],
      operators: [],
      people_roles: [],
      processor: 'arm64',
      destroy_data: false,
    });
  });

  test.each([
    ['stage: Prod', '1: stage: expected lower-case letters and digits, at most 12, received "Prod"'],
    ['region: Ireland', '1: region: expected a region such as eu-west-1, received "Ireland"'],
    ['feeds: []', '1: feeds: expected at least 1 entry, received a list'],
    [
      'feeds: [{file: a, expected_size: 8}]',
      '1: feeds.0.expected_size: expected a size such as 500MB or 8GB, received 8',
    ],
    [
      'feeds: [{file: a, task: {cpu: 1024, memory: 9000, storage: 30}}]',
      /^nightfeed.config.yaml:1: feeds.0.task: expected cpu and memory that Fargate has together: 1024 with 2048, 3072/,
    ],
    ['keys: {lake: mine}', /1: keys.lake: expected the ARN of a key, such as arn:aws:kms:.*, received "mine"/],
    ['recipients: []', /1: recipients: expected at least one e-mail address, or slack/],
    ['recipients: [bob]', '1: recipients.0: expected an e-mail address, received "bob"'],
    ['network: {zones: 1}', '1: network.zones: expected at least 2, received 1'],
    ['network: {zones: both}', /1: network.zones: expected 2, 3, or a list of two or three zones .*, received "both"/],
    [
      'lake: {keep_removed_days: 0, copy_to: lake-copy}',
      /1: lake.keep_removed_days: expected at least 1 beside copy_to, .* received 0/,
    ],
    [
      'database: {backup: {keep_days: 35, copy_to: vault}}',
      /1: database.backup.copy_to: expected the ARN of a backup vault/,
    ],
    [
      'database: {backup: {keep_days: 35}, existing: {host: a, dbname: b, owner_secret: c}}',
      '1: database.backup: our own has this',
    ],
    ['network: {zones: 3}', /1: network.zones: expected `account` beside three zones: .*, received 3/],
    ['network: {zones: [eu-west-1a]}', /1: network.zones: expected .*/],
    [
      'network: {zones: [eu-west-1a, use1-az3]}',
      '1: network.zones.1: expected a zone such as eu-west-1a, received "use1-az3"',
    ],
    ['network: {zones: [eu-west-1a, eu-west-1a]}', '1: network.zones: expected each zone once'],
    ['network: {zones: [eu-west-1a, us-east-1b]}', '1: network.zones: expected zones of eu-west-1'],
    [
      'network: {address: 192.0.2.1}',
      '1: network.address: expected an id such as eipalloc-0a1b2c3d, received "192.0.2.1"',
    ],
    [
      'network: {address: eipalloc-0a1b2c3d, existing: {vpc_id: vpc-0a1b2c3d, subnet_ids: [subnet-0a1b2c3d]}}',
      '1: network.address: our own has this',
    ],
    ['account: 123456789012', '1: account: expected the twelve digits of an account, in quotes, received 123456789012'],
    [
      'network: {existing: {vpc_id: vpc-0a1b2c3d}}',
      '1: network.existing.subnet_ids: expected a list, received nothing',
    ],
    [
      'network: {existing: {vpc_id: mine, subnet_ids: [subnet-0a1b2c3d]}}',
      /vpc_id: expected an id such as vpc-0a1b2c3d, received "mine"/,
    ],
    [
      'database: {min_acu: 4, max_acu: 2}',
      '1: database.max_acu: expected at least 1, and no less than min_acu, received 2',
    ],
    ['operators: [a/b]', `1: operators.0: expected a role's name, or its ARN, received "a/b"`],
    [
      'operators: [Ops, "arn:aws:iam::123456789012:role/staff/Ops"]',
      '1: operators.1: arn:aws:iam::123456789012:role/staff/Ops names an account; expected the name alone (Ops), or `account`',
    ],
    [
      'readers: ["arn:aws:iam::123456789012:role/Ops"]\naccount: "210987654321"',
      '1: readers.0: arn:aws:iam::123456789012:role/Ops is of account 123456789012; expected a role of account 210987654321',
    ],
    ['readers: [AWSReservedSSO_Ops_01]', /1: readers.0: AWSReservedSSO_Ops_01 belongs to Identity Center/],
    ['database: {max_acu: 0}', '1: database.max_acu: expected at least 1, and no less than min_acu, received 0'],
    [
      'database: {min_acu: 2, existing: {host: a, dbname: b, owner_secret: c}}',
      '1: database.min_acu: our own has this; an existing one has not',
    ],
    [
      'network: {zones: 2, existing: {vpc_id: vpc-0a1b2c3d, subnet_ids: [subnet-0a1b2c3d]}}',
      '1: network.zones: our own has this',
    ],
    ['database: {min_acu: 0.7}', '1: database.min_acu: expected a multiple of 0.5, received 0.7'],
    [
      'database: {existing: {host: db, dbname: shop}}',
      '1: database.existing.owner_secret: expected text, received nothing',
    ],
    ['database: {password: hunter2}', /1: database/],
    ['databse: {}', /1: databse: expected one of stage, region, account, feeds, .*, received "databse"/],
    ['slack: {workspace: T07EA123LEP}', '1: slack: expected {workspace, channel}, or {topic, key} with ARNs'],
  ])('%s', (line, expected) => {
    const key = line.split(':')[0]!;
    const rest = smallest.split('\n').filter((each) => !each.startsWith(`${key}:`));
    const text = [line, ...rest].join('\n');
    const message = typeof expected === 'string' ? `nightfeed.config.yaml:${expected}` : expected;
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).not.toThrow('hunter2');
  });
});

test.each([
  { gigabytes: 0.1, size: { cpu: 1024, memory: 4096, storage: 26 } },
  { gigabytes: 1, size: { cpu: 1024, memory: 4096, storage: 26 } },
  { gigabytes: 8, size: { cpu: 2048, memory: 8192, storage: 68 } },
  { gigabytes: 11, size: { cpu: 4096, memory: 16384, storage: 86 } },
  { gigabytes: MAX_GIGABYTES, size: { cpu: 4096, memory: 16384, storage: 200 } },
])('$gigabytes GB get a task of $size.cpu units', ({ gigabytes, size }) => {
  expect(taskSizeFor(gigabytes)).toEqual(size);
});
