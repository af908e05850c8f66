import { describe, expect, test } from 'vitest';
import { type LoginKind, loginKinds } from '../../lib/core/cloud/logins.ts';
import type { Process } from '../../lib/core/workflow/process.ts';
import { loginsOf, type ProcessName, processes } from '../../lib/core/workflow/processes.ts';
import { loginRights } from '../../lib/target/postgres/ledger/login-rights.ts';
import { appOf, cloudFeed, type Resource, resourcesOf, templatesOf } from './synthesised.ts';

const PIPELINE = 'nightfeed-prod-Pipeline-catalog';
const templates = templatesOf(appOf({ config: { database: { rotate_secrets_after_days: 30 } } }));
const pipeline = templates[PIPELINE]!;
const secretOf = Object.fromEntries(
  resourcesOf(pipeline, 'AWS::SecretsManager::Secret').map(({ id }) => [
    id.replace(/^PipelineLogins|[0-9A-F]{8}$/g, ''),
    id,
  ]),
);

describe('the logins of a pipeline', () => {
  test('have a secret each, which CloudFormation fills with nothing that logs in', () => {
    expect(Object.keys(secretOf).sort()).toEqual([...loginKinds].sort());
    for (const { Properties } of resourcesOf(pipeline, 'AWS::SecretsManager::Secret'))
      expect(Properties).toMatchObject({ GenerateSecretString: {}, Tags: expect.arrayContaining([tag]) });
  });

  test.each(deployed())(
    '%s is given the secret of its kind, or those of its steps, and may read no other',
    (name, environment, statements) => {
      const own = loginsOf(name as ProcessName).map((kind) => ({ Ref: secretOf[kind]! }));
      expect(secretsIn(environment)).toEqual(own);
      const [reads, ...vendors] = statements.filter(({ Action }) =>
        [Action].flat().includes('secretsmanager:GetSecretValue'),
      );
      expect([reads!.Resource].flat()).toEqual(own);
      for (const { Condition } of vendors)
        expect(Condition).toEqual({ Null: { 'aws:ResourceTag/nightfeed:login': 'true' } });
    },
  );

  test('of those who meet the vendor decide nothing, and write no table of the ledger', () => {
    const meeting = Object.entries<Process>(processes).filter(([, { vendor }]) => vendor);
    expect(meeting.map(([name]) => name).sort()).toEqual(['arrive', 'intake', 'look', 'plan', 'pull']);
    for (const [name, { write = [] }] of meeting) {
      for (const login of loginsOf(name as ProcessName))
        expect(loginRights[login as LoginKind], name).toMatchObject({ writes: {} });
      expect(write, name).not.toContain('feeds');
    }
  });

  test('are there before a process is given one, and the login of before goes after all have theirs', () => {
    const [feed] = resourcesOf(pipeline, 'Custom::NightfeedFeed');
    const [loader] = resourcesOf(pipeline, 'Custom::NightfeedLoader');
    const given = [
      ...resourcesOf(pipeline, 'AWS::Lambda::Function'),
      ...resourcesOf(pipeline, 'AWS::ECS::TaskDefinition'),
    ];
    const ofNights = given.filter(({ id }) => !id.startsWith('PipelineDeployment'));
    expect(ofNights).toHaveLength(17);
    for (const { id, DependsOn } of ofNights) expect(DependsOn, id).toContain(feed!.id);
    for (const { id } of [...ofNights, ...resourcesOf(pipeline, 'AWS::StepFunctions::StateMachine')])
      expect(loader!.DependsOn).toContain(id);
    expect(loader!.Properties).toMatchObject({ feed: feed!.Properties.feed, code: feed!.Properties.code });
    expect(loader!.Properties.assets).toBeUndefined();
  });

  test('get new passwords as often as the owner', () => {
    const schedules = resourcesOf(pipeline, 'AWS::Scheduler::Schedule').filter(({ id }) => id.includes('Passwords'));
    expect(schedules).toHaveLength(1);
    expect(schedules[0]!.Properties.ScheduleExpression).toBe('rate(30 days)');
    expect(JSON.parse(schedules[0]!.Properties.Target.Input)).toEqual({
      feed: expect.stringMatching(/^feeds\/catalog\//),
      renew: true,
    });
    const rotations = resourcesOf(templates['nightfeed-prod-Database'], 'AWS::SecretsManager::RotationSchedule');
    expect(rotations.map(({ id }) => id)).toEqual([expect.stringContaining('Cluster')]);
    const without = templatesOf(appOf({ feeds: [cloudFeed] }))[PIPELINE];
    expect(resourcesOf(without, 'AWS::Scheduler::Schedule').filter(({ id }) => id.includes('Passwords'))).toEqual([]);
  });
});

/** Secrets of logins that a process is told of, whichever way. */
function secretsIn({
  NIGHTFEED_DATABASE_SECRET: one,
  NIGHTFEED_LOGIN_SECRETS: several,
}: Record<string, unknown>): unknown[] {
  const parts = (several as { 'Fn::Join': [string, unknown[]] } | undefined)?.['Fn::Join'][1] ?? [];
  return [...(one === undefined ? [] : [one]), ...parts.filter((part) => typeof part !== 'string')];
}

const tag = { Key: 'nightfeed:login', Value: expect.any(String) };

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Functions and tasks of the night: name, environment, statements of the role. */
function deployed(): [string, Record<string, unknown>, Statement[]][] {
  const roles = resourcesOf(pipeline, 'AWS::IAM::Policy');
  const statementsOf = (name: string) =>
    roles.find(({ id }) => new RegExp(`(Functions|Tasks)${name}ProcessRole`).test(id))!.Properties.PolicyDocument
      .Statement;
  const functions = resourcesOf(pipeline, 'AWS::Lambda::Function').filter(({ id }) =>
    id.startsWith('PipelineFunctions'),
  );
  const nameIn = (id: string) => /^Pipeline(?:Functions|Tasks)([a-z]+)/.exec(id)![1]!;
  return [
    ...functions.map(({ id, Properties }): [string, Record<string, unknown>, Statement[]] => [
      nameIn(id),
      Properties.Environment.Variables,
      statementsOf(nameIn(id)),
    ]),
    ...resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').map(
      ({ id, Properties }: Resource & { id: string }): [string, Record<string, unknown>, Statement[]] => [
        nameIn(id),
        Object.fromEntries(
          Properties.ContainerDefinitions[0].Environment.map(({ Name, Value }: Record<string, unknown>) => [
            Name,
            Value,
          ]),
        ),
        statementsOf(nameIn(id)),
      ],
    ),
  ];
}
