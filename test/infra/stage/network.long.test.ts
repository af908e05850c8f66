import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/infra/config.ts';
import { appOf, existingPlaces, type Resource, resourcesOf, type Template, templatesOf } from '../synthesised.ts';

const NETWORK = 'nightfeed-prod-Network';
const account = '123456789012';
/** Without feeds, whose pipelines take most of the time. */
const stage = (config: Partial<Config> = {}, context = {}) => templatesOf(appOf({ config, context, feeds: [] }));
const networkOf = (config: Partial<Config> = {}) => stage(config)[NETWORK];
const selected = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });

describe('availability zones', () => {
  test.each([
    [{}, [0, 1].map(selected)],
    [{ network: { zones: 2 } }, [0, 1].map(selected)],
    [{ account }, [0, 1].map(selected)],
    [{ account, network: { zones: 3 } }, [0, 1, 2].map(selected)],
    [{ network: { zones: ['eu-west-1c', 'eu-west-1a'] } }, ['eu-west-1c', 'eu-west-1a']],
    [
      { account, network: { zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] } },
      ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    ],
  ] satisfies [Partial<Config>, unknown[]][])('%j: a public and a private subnet in each', (config, zones) => {
    const subnets = resourcesOf(networkOf(config), 'AWS::EC2::Subnet');
    for (const kind of ['public', 'private'])
      expect(
        subnets.filter(({ id }) => id.includes(kind)).map(({ Properties }) => Properties.AvailabilityZone),
      ).toEqual(zones);
    expect(subnets).toHaveLength(2 * zones.length);
  });

  test('are never looked up in the account', () => {
    const assembly = appOf({ config: { account, network: { zones: 3 } }, feeds: [] }).synth();
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test('a third one leaves the addresses of the others as they are', () => {
    const ranges = (config: Partial<Config>) =>
      Object.fromEntries(
        resourcesOf(networkOf(config), 'AWS::EC2::Subnet').map(({ id, Properties }) => [id, Properties.CidrBlock]),
      );
    const two = ranges({ account });
    expect(ranges({ account, network: { zones: 3 } })).toMatchObject(two);
    expect(Object.keys(two)).toHaveLength(4);
  });
});

test('an account in the configuration changes nothing that is deployed', () => {
  const told = (config: Partial<Config>) =>
    JSON.stringify(templatesOf(appOf({ config })))
      .replaceAll('{"Ref":"AWS::AccountId"}', `"${account}"`)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it
      .replaceAll('${AWS::AccountId}', account);
  expect(normal(told({ account }))).toBe(normal(told({})));
});

describe('the fixed address', () => {
  const gateway = (template: Template | undefined) => resourcesOf(template, 'AWS::EC2::NatGateway')[0]!.Properties;

  test('is a new one that stays when its stack goes, or one that exists', () => {
    const ours = networkOf();
    const [address] = resourcesOf(ours, 'AWS::EC2::EIP');
    expect(address).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(gateway(ours).AllocationId).toEqual({ 'Fn::GetAtt': [address!.id, 'AllocationId'] });

    const theirs = networkOf({ network: { address: 'eipalloc-0a1b2c3d' } });
    expect(resourcesOf(theirs, 'AWS::EC2::EIP')).toEqual([]);
    expect(gateway(theirs).AllocationId).toBe('eipalloc-0a1b2c3d');
  });
});

test('the default security group is closed, by a function that may do nothing else', () => {
  const network = networkOf();
  const [vpc] = resourcesOf(network, 'AWS::EC2::VPC');
  const closed = resourcesOf(network, 'Custom::VpcRestrictDefaultSG');
  expect(closed.map(({ Properties }) => Properties.DefaultSecurityGroupId)).toEqual([
    { 'Fn::GetAtt': [vpc!.id, 'DefaultSecurityGroup'] },
  ]);
  const role = resourcesOf(network, 'AWS::IAM::Role').find(({ id }) => id.includes('RestrictDefaultSG'))!.Properties;
  expect(role.ManagedPolicyArns).toBeUndefined();
  const policies: { PolicyDocument: { Statement: { Resource: unknown }[] } }[] = role.Policies;
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  expect(statements.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
    expect.stringContaining('DefaultSecurityGroup'),
    expect.stringContaining('DefaultGroupLog'),
  ]);
  const [handler] = resourcesOf(network, 'AWS::Lambda::Function');
  const [log] = resourcesOf(network, 'AWS::Logs::LogGroup').filter(({ id }) => id.startsWith('DefaultGroupLog'));
  expect(handler!.Properties.LoggingConfig).toEqual({ LogGroup: { Ref: log!.id } });
});

describe('`cdk destroy --all`', () => {
  /** What stays, by stack and id. A custom resource is nothing in AWS. */
  const staying = (templates: Record<string, Template>) =>
    Object.entries(templates).flatMap(([stack, { Resources }]) =>
      Object.entries(Resources)
        .filter(([, { Type, DeletionPolicy }]) => DeletionPolicy === 'Retain' && !Type.startsWith('Custom::'))
        .map(([id, resource]) => ({ stack, id, resource })),
    );

  test.each([
    ['our own network and database', {}],
    ['an existing network and database', existingPlaces],
    ['our own network and an existing database', { database: existingPlaces.database! }],
  ] satisfies [string, Partial<Config>][])(
    '%s: what stays uses nothing that AWS then has to remove',
    (_title, config) => {
      const templates = stage(config);
      const kept = staying(templates);
      const names = new Set(kept.map(({ stack, id }) => `${stack} ${id}`));
      const used = kept.flatMap(({ stack, id, resource }) =>
        referencesOf(resource, stack, templates).map((target) => ({ from: `${stack} ${id}`, target })),
      );
      expect(used.filter(({ target }) => !names.has(target))).toEqual([]);
      if (config.database === undefined) expect(used.length).toBeGreaterThan(8);
    },
  );

  test('keeps the VPC and the private subnets only while our database lies in them', () => {
    const kept = (config: Partial<Config>, context = {}) =>
      staying({ network: stage(config, context)[NETWORK]! })
        .map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''))
        .filter((id) => id !== 'FlowLog');
    const withIt = ['Address', 'Vpc', 'VpcprivateSubnet1Subnet', 'VpcprivateSubnet2Subnet'];
    expect(kept({})).toEqual(withIt);
    expect(kept({ database: existingPlaces.database! })).toEqual(['Address']);
    expect(kept({ destroy_data: true })).toEqual(withIt);
    expect(kept({ destroy_data: true }, { 'destroy-data': 'prod' })).toEqual([]);
  });

  test('keeps what refuses unencrypted connections to the bucket', () => {
    const [policy] = resourcesOf(stage()['nightfeed-prod-Lake'], 'AWS::S3::BucketPolicy');
    expect(policy!.DeletionPolicy).toBe('Retain');
  });
});

/** Names of the resources that a resource's properties refer to, `STACK ID`, also across stacks. */
function referencesOf({ Properties }: Resource, stack: string, templates: Record<string, Template>): string[] {
  const text = JSON.stringify(Properties ?? {});
  const own = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(
    ([, ref, attribute]) => ref ?? attribute!,
  );
  const imported = [
    ...text.matchAll(/"Fn::ImportValue":"([^:"]+):ExportsOutput(?:Ref|FnGetAtt)([A-Za-z0-9]+?)[0-9A-F]{8}"/g),
  ];
  return [
    ...own.filter((id) => id in templates[stack]!.Resources).map((id) => `${stack} ${id}`),
    ...imported.flatMap(([, from, rest]) =>
      Object.keys(templates[from!]!.Resources)
        .filter((id) => rest!.startsWith(id))
        .map((id) => `${from} ${id}`),
    ),
  ];
}

/** Texts that CDK joins of parts, whole. */
function normal(text: string): string {
  const whole = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner)]));
    if (typeof parts['Fn::Sub'] === 'string' && !parts['Fn::Sub'].includes('$')) return parts['Fn::Sub'];
    const join = parts['Fn::Join'] as [string, unknown[]] | undefined;
    if (join?.[1].every((part) => typeof part === 'string')) return join[1].join(join[0]);
    if (!join) return parts;
    const merged: unknown[] = [];
    for (const part of join[1]) {
      const last = merged.at(-1);
      if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
      else merged.push(part);
    }
    return { 'Fn::Join': [join[0], merged] };
  };
  return JSON.stringify(whole(JSON.parse(text)), null, 1);
}
