import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { codeRoot, taskImage } from '../../../lib/infra/code.ts';
import { deployment } from '../../../lib/infra/deployment.ts';
import { appOf, cloudFeed, configWith, type Resource, resourcesOf, sparkFeed, templatesOf } from '../synthesised.ts';

const shop = { ...cloudFeed, feed: 'shop' };

describe('two stages in one account', () => {
  test('have no stack and no given name in common', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    for (const stage of ['prod', 'dev']) {
      const config = configWith({ stage });
      deployment(
        app,
        config,
        [cloudFeed, shop].map((feed) => ({ feed, options: config.feeds[0]! })),
      );
    }
    const templates = templatesOf(app);
    expect(Object.keys(templates).filter((name) => name.startsWith('nightfeed-dev-'))).toHaveLength(8);
    const given = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources).flatMap(givenNames));
    expect(given.length).toBeGreaterThan(60);
    expect(given.filter((name, index) => given.indexOf(name) !== index)).toEqual([]);
    expect(given.filter((name) => !/nightfeed-(prod|dev)-(catalog|shop|database)/.test(name))).toEqual([]);
  });

  test('names that AWS would not take are refused', () => {
    const feed = { ...cloudFeed, feed: 'a-feed-whose-name-is-as-long-as-it-may-be' };
    expect(() => appOf({ config: { stage: 'development' }, feeds: [feed] })).toThrow(
      /stage development and feed a-feed-whose.* with 7\d characters; AWS allows 64/,
    );
    expect(() => appOf({ feeds: [cloudFeed, cloudFeed] })).toThrow('two feed files are named catalog');
  });
});

test('a newer base, and newer authorities of RDS, reach the build of the image under the names that it knows', () => {
  const pins = { base_image_digest: `sha256:${'a'.repeat(64)}`, rds_bundle_sha256: 'b'.repeat(64) };
  const assembly = appOf({ config: pins }).synth();
  const images = readdirSync(assembly.directory)
    .filter((file) => file.endsWith('.assets.json'))
    .flatMap((file) => Object.values(JSON.parse(readFileSync(join(assembly.directory, file), 'utf8')).dockerImages));
  const given = { BASE_DIGEST: pins.base_image_digest, RDS_BUNDLE_SHA256: pins.rds_bundle_sha256 };
  expect(images).toMatchObject([{ source: { dockerFile: taskImage.dockerfile, dockerBuildArgs: given } }]);
  const known = [...readFileSync(join(codeRoot, taskImage.dockerfile), 'utf8').matchAll(/^ARG (\w+)=/gm)];
  expect(known.map(([, name]) => name)).toEqual(Object.keys(given));
});

describe('data', () => {
  const keeps = ['AWS::S3::Bucket', 'AWS::RDS::DBCluster', 'AWS::SecretsManager::Secret'];

  test('is in no stack that goes with its feed', () => {
    const templates = templatesOf(appOf());
    for (const stack of ['Pipeline-catalog', 'Watch-catalog']) {
      const kept = Object.entries(templates[`nightfeed-prod-${stack}`]!.Resources).filter(([, { Type }]) =>
        keeps.includes(Type),
      );
      // The passwords of its logins: a deployment makes new ones.
      expect(kept.filter(([id]) => !id.startsWith('PipelineLogins'))).toEqual([]);
    }
    // Nor does its removal change lake or database.
    const others = templatesOf(appOf({ feeds: [shop] }));
    for (const stack of ['Lake', 'Database'])
      expect(others[`nightfeed-prod-${stack}`]!.Resources).toEqual(templates[`nightfeed-prod-${stack}`]!.Resources);
  });

  test.each([
    { configured: false, typed: undefined, policy: 'Retain' },
    { configured: true, typed: undefined, policy: 'Retain' },
    { configured: false, typed: 'prod', policy: 'Retain' },
    { configured: true, typed: 'dev', policy: 'Retain' },
    { configured: true, typed: 'prod', policy: 'Delete' },
  ])('destroy_data: $configured, -c destroy-data=$typed: $policy', ({ configured, typed, policy }) => {
    const context = typed === undefined ? {} : { 'destroy-data': typed };
    const app = appOf({ config: { destroy_data: configured }, context });
    const assembly = app.synth();
    const templates = templatesOf(app);
    const found = keeps.flatMap((type) =>
      ['Lake', 'Database'].flatMap((stack) => resourcesOf(templates[`nightfeed-prod-${stack}`], type)),
    );
    expect(found).toHaveLength(4);
    expect(found.map(({ DeletionPolicy = 'Delete' }) => DeletionPolicy)).toEqual(found.map(() => policy));
    const cluster = found.find(({ Type }) => Type === 'AWS::RDS::DBCluster')!;
    expect(cluster.Properties.DeletionProtection).toBe(policy === 'Retain');
    const all = assembly.stacks.map(({ stackName, terminationProtection }) => [stackName, terminationProtection]);
    const guarded = all.filter(([, isProtected]) => isProtected).map(([name]) => name);
    const withData = ['Database', 'Lake', 'Network'].map((stack) => `nightfeed-prod-${stack}`);
    expect(guarded.sort()).toEqual(policy === 'Retain' ? withData : []);
  });
});

test('the ledger is migrated once for all feeds of a stage, before any of their pipelines is deployed', () => {
  const app = appOf({ feeds: [cloudFeed, shop] });
  const migrating = Object.entries(templatesOf(app)).flatMap(([stack, template]) =>
    resourcesOf(template, 'Custom::NightfeedLedger').map(() => stack),
  );
  expect(migrating).toEqual(['nightfeed-prod-Ledger']);
  for (const feed of ['catalog', 'shop']) {
    const { dependencies } = app.synth().getStackByName(`nightfeed-prod-Pipeline-${feed}`);
    expect(dependencies.map(({ id }) => id)).toContain('nightfeed-prod-Ledger');
  }
});

describe('an execution that began before a deployment', () => {
  const pipeline = templatesOf(appOf({ feeds: [sparkFeed] }))['nightfeed-prod-Pipeline-catalog'];
  const definitions = resourcesOf(pipeline, 'AWS::ECS::TaskDefinition');

  test('finds the revisions that it names; the last ones go with the stack', () => {
    expect(definitions.length).toBeGreaterThan(7);
    for (const { id, UpdateReplacePolicy, DeletionPolicy } of definitions)
      expect({ UpdateReplacePolicy, DeletionPolicy }, id).toEqual({
        UpdateReplacePolicy: 'Retain',
        DeletionPolicy: 'Delete',
      });
  });

  test('may run any revision of these families, and nothing else', () => {
    const run = resourcesOf(pipeline, 'AWS::IAM::Policy')
      .flatMap(({ Properties }): { Action: unknown; Resource: unknown[] }[] => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'ecs:RunTask');
    const families = run.flatMap(({ Resource }) => JSON.stringify(Resource).match(/task-definition\/[^"]+/g));
    const expected = definitions.map(({ Properties }) => `task-definition/${Properties.Family}:*`);
    expect(families.sort()).toEqual(expected.sort());
    expect(run.flatMap(({ Resource }) => Resource)).toHaveLength(expected.length);
  });
});

/** Names that the account must not have twice; all others are made by CloudFormation. */
function givenNames({ Type, Properties = {} }: Resource): string[] {
  // A family is a name of RDS there.
  if (Type === 'AWS::RDS::DBClusterParameterGroup') return [];
  const properties = ['FunctionName', 'StateMachineName', 'Family', 'AlarmName', 'DashboardName', 'ManagedPolicyName'];
  const names = [...properties, 'LogGroupName', 'TopicName', 'BucketName', 'QueueName', 'RoleName', 'ClusterName'];
  const found = names.flatMap((name) => (typeof Properties[name] === 'string' ? [`${Type} ${Properties[name]}`] : []));
  return Type === 'AWS::Scheduler::Schedule' ? [...found, `${Type} ${Properties.Name}`] : found;
}
