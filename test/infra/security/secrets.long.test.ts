import { describe, expect, test } from 'vitest';
import { appOf, cloudFeed, ftpOf, resourcesOf, resourcesWith, slack, templatesOf } from '../synthesised.ts';

const pipeline = templatesOf(appOf({ config: { slack } }))['nightfeed-prod-Pipeline-catalog']!;

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
    ).toEqual(['arrive', 'intake', 'look', 'plan', 'pull']);
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
    const inputs = resourcesOf(pipeline, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties.Target.Input);
    const scheduledTime = '<aws.scheduler.scheduled-time>';
    expect(inputs.map((input) => JSON.parse(input))).toEqual([{ scheduledTime }, { scheduledTime, hoursLater: 1 }]);
  });
});
