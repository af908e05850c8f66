import { describe, expect, test } from 'vitest';
import { appOf, cloudFeed, ftpOf, resourcesOf, short, slack, type Template, templatesOf } from '../synthesised.ts';

const templates = templatesOf(appOf({ config: { slack } }));
const pipeline = templates['nightfeed-prod-Pipeline-catalog']!;

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
          // What was removed can be had back for a time.
          { NoncurrentVersionExpiration: { NoncurrentDays: 30 }, ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
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
    expect(resourcesOf(database, 'AWS::RDS::DBClusterParameterGroup')[0]!.Properties.Parameters).toMatchObject({
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
