import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../lib/infra/config.ts';
import { appOf, cloudFeed, resourcesOf, slack, sparkFeed, type Template, templatesOf } from './synthesised.ts';

/** Wildcards within resources: what cdk-nag calls them, and why they are there. */
const acknowledged: readonly (readonly [RegExp, string])[] = [
  [
    /IAM5\[Resource::.*Bucket[^/]*\/(landing|snapshots|changes|receipts|current|feeds|errands|answers)\/catalog\/\*\]$/,
    'The objects of one feed: their keys are made while the night runs, below this prefix',
  ],
  [
    /IAM5\[Resource::.*:s3:::vendor-deliveries\/out\/\?{4}-\?\?-\?\?\/\*\]$/,
    "The vendor's objects: their names are the vendor's, below one folder, for each date",
  ],
  [/IAM5\[Resource::<Pipeline\w+Function\w+\.Arn>:\*\]$/, 'One function, in any of its versions'],
  [
    /IAM5\[Resource::.*:task\/<PipelineTasksCluster\w+>\/\*\]$/,
    'The tasks of one cluster: a task is named when it starts',
  ],
  [/IAM5\[Resource::.*:log-group:\/aws-glue\/jobs\/\*\]$/, "Glue's own groups, which it makes for all jobs"],
  [
    /IAM5\[Resource::.*:execution:nightfeed-prod-catalog-night:\*\]$/,
    'Executions of one state machine: named at their start',
  ],
];

const variants: Record<string, Partial<Config>> = {
  'deliveries for Spark': {},
  'deliveries into a bucket': {},
  'our own network and database': { slack },
  'rotated secrets': { database: { min_acu: 0, max_acu: 4, rotate_secrets_after_days: 30 } },
  'an existing network and database': {
    network: { existing: { vpc_id: 'vpc-0a1b2c3d', subnet_ids: ['subnet-0a1b2c3d', 'subnet-0e1f2a3b'] } },
    database: {
      existing: {
        host: 'db.example.com',
        port: 5432,
        dbname: 'shop',
        owner_secret: 'shop/owner',
        security_group: 'sg-0a1b2c3d',
      },
    },
  },
};

const bucketFeed = {
  ...cloudFeed,
  source: { s3: { bucket: 'vendor-deliveries', path: '/out/{date}', requester_pays: false } },
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

const templates = templatesOf(appOf({ config: { slack } }));
const pipeline = templates['nightfeed-prod-Pipeline-catalog']!;

describe('rights', () => {
  const statements = Object.values(templates).flatMap((template) =>
    ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      resourcesOf(template, type).flatMap(({ id, Properties }) => {
        const list: Statement[] = Properties.PolicyDocument.Statement;
        return list.map((statement) => ({ id: id.replace(/[0-9A-F]{8}$/, ''), ...normal(statement) }));
      }),
    ),
  );

  test('no action is a wildcard, and no managed policy of AWS is used', () => {
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const managed = Object.values(templates).flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Role').flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? []),
    );
    expect(managed).toEqual([]);
  });

  test('any resource is only for calls that know none', () => {
    const reasons: Record<string, RegExp> = {
      'interfaces of functions in a VPC': /^ec2:(\w*NetworkInterfaces?|DescribeSubnets|\w*PrivateIpAddresses)$/,
      'login at the registry': /^ecr:GetAuthorizationToken$/,
      'log delivery of the state machine':
        /^logs:(\w*LogDelivery|\w*LogDeliveries|\w*ResourcePolic\w+|DescribeLogGroups)$/,
      'tracing of the state machine': /^xray:(PutTraceSegments|PutTelemetryRecords|GetSampling(Rules|Targets))$/,
    };
    const open = statements
      .filter(({ resources }) => resources.some((resource) => resource === '*'))
      .flatMap(({ id, actions }) => actions.map((action) => `${id} ${action}`))
      .filter((entry) => !Object.values(reasons).some((allowed) => allowed.test(entry.split(' ')[1]!)));
    expect(open).toEqual([]);
  });

  test('each process reaches its own zones of its own feed, its secrets, and nothing else', () => {
    const processes = [
      'claim',
      'look',
      'arrive',
      'pull',
      'diff',
      'guard',
      'publish',
      'notify',
      'tidy',
      'plan',
      'show',
      'release',
    ];
    const others = ['outcome', 'stop', 'operator', 'migrate', 'deploy'];
    const rights = [...processes, ...others].map((name) => `${name}: ${rightsOf(name).join(', ')}`).join('\n');
    // The name of an asset is a hash of the feed document, which changes with every new option's default.
    expect(rights.replace(/[0-9a-f]{64}/g, 'HASH')).toMatchSnapshot();
  });

  /** Without what every function has: logs, and interfaces in the VPC. */
  function rightsOf(name: string): string[] {
    const own = statements.filter(({ id }) =>
      new RegExp(`(Functions|Deployment|Tasks)${name}ProcessRoleDefaultPolicy$`).test(id),
    );
    expect(own.length, name).toBeGreaterThan(0);
    return own
      .filter(({ actions }) => !/^(logs|ec2):/.test(actions[0]!))
      .map(
        ({ actions, resources }) =>
          `${actions.map((action) => action.split(':')[1]).join('+')}(${resources.map(short).join(' ')})`,
      );
  }
});

describe("the vendor's bucket", () => {
  const readersOf = (source: typeof cloudFeed.source) =>
    resourcesWith(templatesOf(appOf({ feeds: [{ ...cloudFeed, source }] })), ':s3:::vendor-deliveries')
      .map(({ id }) => id.replace(/^Pipeline(Functions|Tasks)|ProcessRoleDefaultPolicy\w+$/g, ''))
      .sort();

  test('is read by those who meet the vendor, in its folder only', () => {
    expect(readersOf(bucketFeed.source)).toEqual(['arrive', 'look', 'plan', 'pull']);
    const pipeline = templatesOf(appOf({ feeds: [bucketFeed] }))['nightfeed-prod-Pipeline-catalog']!;
    const own = resourcesOf(pipeline, 'AWS::IAM::Policy')
      .filter(({ id }) => id.includes('arrive'))
      .flatMap(({ Properties }): object[] => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify(statement).includes('vendor-deliveries'));
    const bucket = ':s3:::vendor-deliveries';
    const arn = (path: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `${bucket}${path}`]] });
    expect(own).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: arn('/out/????-??-??/*') },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn(''),
        Condition: { StringLikeIfExists: { 's3:prefix': ['out/????-??-??/*'] } },
      },
    ]);
  });

  test('is no matter of roles where the vendor gave a key', () => {
    const s3 = { ...bucketFeed.source.s3, access_key: 'secret:v#id', secret_key: 'secret:v#key' };
    expect(readersOf({ s3 })).toEqual([]);
  });
});

describe('secrets', () => {
  const CANARY = 'canary-2f9c81d4';

  test('are named in the template, never written', () => {
    const source = { ftp: { ...ftpOf(cloudFeed), password: `secret:vendor/${CANARY}#password` } };
    const all = templatesOf(appOf({ feeds: [{ ...cloudFeed, source }] }));
    // The name is there, in the policies of those who read it and nowhere else.
    const places = resourcesWith(all, CANARY);
    expect(places.map(({ Type }) => Type)).toEqual(places.map(() => 'AWS::IAM::Policy'));
    expect(
      places.map(({ id }) => id.replace(/^Pipeline(Functions|Tasks)|ProcessRoleDefaultPolicy\w+$/g, '')).sort(),
    ).toEqual(['arrive', 'look', 'plan', 'pull']);
    // CloudFormation reads the owner's password when it makes the cluster; nobody else is given a value.
    expect(resourcesWith(all, 'resolve:secretsmanager').map(({ Type }) => Type)).toEqual(['AWS::RDS::DBCluster']);
    expect(JSON.stringify(all).match(/"(password|Password|SecretString)":\s*"/)).toBeNull();
  });

  test('have no way into the environment or into the input of an execution', () => {
    const environments = [
      ...resourcesOf(pipeline, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Environment.Variables),
      ...resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').map(({ Properties }) =>
        Object.fromEntries(
          Properties.ContainerDefinitions[0].Environment.map(({ Name, Value }: Record<string, unknown>) => [
            Name,
            Value,
          ]),
        ),
      ),
    ];
    const names = new Set(environments.flatMap((variables) => Object.keys(variables)));
    expect([...names].sort()).toEqual([
      ...['HOME', 'NIGHTFEED_BUCKET', 'NIGHTFEED_CHAT_TOPIC', 'NIGHTFEED_DATABASE_SECRET', 'NIGHTFEED_FEED'],
      ...['NIGHTFEED_LOADER_SECRET', 'NIGHTFEED_LOGIN_SECRETS', 'NIGHTFEED_SCRATCH', 'NIGHTFEED_STAGE'],
      ...['NIGHTFEED_TOPIC', 'NODE_EXTRA_CA_CERTS', 'TMPDIR'],
    ]);
    expect(
      resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').filter(
        ({ Properties }) => Properties.ContainerDefinitions[0].Secrets,
      ),
    ).toEqual([]);
    const [schedule] = resourcesOf(pipeline, 'AWS::Scheduler::Schedule');
    expect(JSON.parse(schedule!.Properties.Target.Input)).toEqual({
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
  });
});

describe('encryption and isolation', () => {
  test('lake: encrypted, private, over TLS 1.2 only', () => {
    const lake = templates['nightfeed-prod-Lake'];
    const [bucket] = resourcesOf(lake, 'AWS::S3::Bucket');
    expect(bucket!.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: {
        Rules: [
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 }, Status: 'Enabled' },
          { Prefix: 'errands/', ExpirationInDays: 7, Status: 'Enabled' },
          { Prefix: 'answers/', ExpirationInDays: 7, Status: 'Enabled' },
        ],
      },
    });
    const [policy] = resourcesOf(lake, 'AWS::S3::BucketPolicy');
    const denied = policy!.Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Deny',
    );
    expect(denied.map(({ Condition }: { Condition: unknown }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]);
  });

  test('topics and dead letters: encrypted, over TLS only; alarms of this account may use the topics', () => {
    for (const { Properties } of resourcesOf(pipeline, 'AWS::SNS::Topic'))
      expect(Properties.KmsMasterKeyId).toBeDefined();
    expect(resourcesOf(pipeline, 'AWS::SQS::Queue')[0]!.Properties.SqsManagedSseEnabled).toBe(true);
    for (const type of ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'])
      for (const { Properties } of resourcesOf(pipeline, type))
        expect(Properties.PolicyDocument.Statement).toContainEqual(
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        );
    for (const { Properties } of resourcesOf(pipeline, 'AWS::SNS::TopicPolicy'))
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      );
  });

  test('database: encrypted, TLS enforced, protected from deletion, open to our functions and tasks only', () => {
    const database = templates['nightfeed-prod-Database'];
    expect(resourcesOf(database, 'AWS::RDS::DBCluster')[0]!.Properties).toMatchObject({
      StorageEncrypted: true,
      DeletionProtection: true,
      Engine: 'aurora-postgresql',
      EngineVersion: expect.stringMatching(/^17\./),
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
    });
    expect(resourcesOf(database, 'AWS::RDS::DBInstance')[0]!.Properties.PubliclyAccessible).not.toBe(true);
    expect(resourcesOf(database, 'AWS::RDS::DBClusterParameterGroup')[0]!.Properties.Parameters).toEqual({
      'rds.force_ssl': '1',
    });
    const rules = resourcesOf(database, 'AWS::EC2::SecurityGroupIngress');
    expect(rules.map(({ Properties }) => [Properties.FromPort, short(Properties.SourceSecurityGroupId)])).toEqual([
      [5432, 'Clients.GroupId'],
    ]);
  });

  const sftp = {
    host: 'files.vendor.example',
    port: 2222,
    user: 'us',
    host_key: 'SHA256:x',
    path: '.',
    key: 'secret:k',
  };
  const s3 = { bucket: 'vendor-deliveries', path: '', requester_pays: false };
  test.each([
    ['FTP', cloudFeed.source, ['any 21', 'any 1024-65535']],
    [
      'FTP at an address',
      { ftp: { ...ftpOf(cloudFeed), host: '192.0.2.7', port: 990 } },
      ['192.0.2.7/32 990', '192.0.2.7/32 1024-65535'],
    ],
    ['SFTP', { sftp }, ['any 2222']],
    ['a bucket', { s3 }, []],
    ['a store elsewhere', { s3: { ...s3, endpoint: 'http://192.0.2.8:9000' } }, ['192.0.2.8/32 9000']],
  ] as const)('functions and tasks reach AWS, the database and %s, and nothing else', (_kind, source, vendor) => {
    const all = templatesOf(appOf({ feeds: [{ ...cloudFeed, source: source as typeof cloudFeed.source }] }));
    expect(waysOutOf(all)).toEqual(['any 443', ...vendor, 'AuroraSecurityGroup.GroupId 5432']);
  });

  test('each vendor of a stage can be reached, and a database of yours', () => {
    const existing = { host: 'db.example.com', port: 6543, dbname: 'shop', owner_secret: 'shop/owner' };
    const feeds = [cloudFeed, { ...cloudFeed, feed: 'other', source: { sftp } as typeof cloudFeed.source }];
    expect(waysOutOf(templatesOf(appOf({ feeds, config: { database: { existing } } })))).toEqual([
      'any 443',
      'any 21',
      'any 1024-65535',
      'any 2222',
      'any 6543',
    ]);
  });

  test('a network of yours decides itself what leaves it', () => {
    const network = { existing: { vpc_id: 'vpc-0a1b2c3d', subnet_ids: ['subnet-0a1b2c3d'] } };
    expect(waysOutOf(templatesOf(appOf({ config: { network } })))).toEqual(['any -1']);
  });

  /** Of the only group that functions and tasks are in. */
  function waysOutOf(all: Record<string, Template>): string[] {
    const database = all['nightfeed-prod-Database'];
    const [clients] = resourcesOf(database, 'AWS::EC2::SecurityGroup').filter(({ Properties }) =>
      String(Properties.GroupDescription).includes('functions and tasks'),
    );
    expect(clients!.Properties.SecurityGroupIngress).toBeUndefined();
    for (const { Properties } of resourcesOf(all['nightfeed-prod-Pipeline-catalog'], 'AWS::Lambda::Function'))
      expect(JSON.stringify(Properties.VpcConfig?.SecurityGroupIds ?? [{ id: 'Clients' }])).toMatch(
        /^\[\{[^{]*Clients\w*"[^{]*\}\]$/,
      );
    const others = resourcesOf(database, 'AWS::EC2::SecurityGroupEgress').filter(({ Properties }) =>
      JSON.stringify(Properties.GroupId).includes(clients!.id),
    );
    return [...clients!.Properties.SecurityGroupEgress, ...others.map(({ Properties }) => Properties)].map(
      ({ CidrIp, DestinationSecurityGroupId, IpProtocol, FromPort, ToPort }) => {
        const peer = CidrIp === '0.0.0.0/0' ? 'any' : (CidrIp ?? short(DestinationSecurityGroupId));
        return `${peer} ${FromPort === undefined ? IpProtocol : FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`;
      },
    );
  }

  test('containers: read-only but for the scratch volume, inside the VPC', () => {
    for (const { Properties } of resourcesOf(pipeline, 'AWS::ECS::TaskDefinition')) {
      expect(Properties).toMatchObject({
        RuntimePlatform: { CpuArchitecture: 'ARM64' },
        NetworkMode: 'awsvpc',
        ContainerDefinitions: [
          {
            ReadonlyRootFilesystem: true,
            MountPoints: [{ ContainerPath: '/scratch', ReadOnly: false, SourceVolume: 'scratch' }],
          },
        ],
      });
      expect(Properties.ContainerDefinitions[0].Privileged).toBeUndefined();
    }
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function normal({ Action, Resource }: Statement): { actions: string[]; resources: unknown[] } {
  return { actions: [Action].flat(), resources: [Resource].flat() };
}

/** A resource of a policy without what only CloudFormation needs. */
function short(resource: unknown): string {
  const text = JSON.stringify(resource);
  const object = /\/(landing|snapshots|changes|receipts|current|feeds|errands|answers)\/catalog\/\*/.exec(text);
  if (object) return object[1]!;
  const named = /secret:([\w-]+)-\?{6}/.exec(text)?.[1] ?? /Aurora(Loader|Cluster)Secret/.exec(text)?.[0];
  if (named) return named;
  if (/ExportsOutput\w+Bucket\w+Arn/.test(text)) return 'bucket';
  const [, id, attribute] =
    /"Fn::GetAtt":\["([A-Za-z]+?)[0-9A-F]{8}","(\w+)"/.exec(text) ?? /"Ref":"([A-Za-z]+?)[0-9A-F]{8}"/.exec(text) ?? [];
  return id ? (attribute && attribute !== 'Arn' ? `${id}.${attribute}` : id) : text;
}

function resourcesWith(all: Record<string, Template>, text: string) {
  return Object.values(all).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, resource]) => JSON.stringify(resource).includes(text))
      .map(([id, { Type }]) => ({ id, Type })),
  );
}

function ftpOf({ source }: typeof cloudFeed) {
  if (!('ftp' in source)) throw new Error('the example has another source');
  return source.ftp;
}
