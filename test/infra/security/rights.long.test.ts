import { describe, expect, test } from 'vitest';
import { appOf, bucketFeed, cloudFeed, resourcesOf, resourcesWith, short, slack, templatesOf } from '../synthesised.ts';

const templates = templatesOf(appOf({ config: { slack } }));

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
      'intake',
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
    const others = ['outcome', 'stop', 'reader', 'operator', 'migrate', 'deploy'];
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
    expect(readersOf(bucketFeed.source)).toEqual(['arrive', 'intake', 'look', 'plan', 'pull']);
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
        Condition: { StringLike: { 's3:prefix': ['out/????-??-??/*'] } },
      },
    ]);
  });

  test('is no matter of roles where the vendor gave a key', () => {
    const s3 = { ...bucketFeed.source.s3, access_key: 'secret:v#id', secret_key: 'secret:v#key' };
    expect(readersOf({ s3 })).toEqual([]);
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function normal({ Action, Resource }: Statement): { actions: string[]; resources: unknown[] } {
  return { actions: [Action].flat(), resources: [Resource].flat() };
}
