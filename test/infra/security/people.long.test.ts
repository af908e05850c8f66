import { describe, expect, test } from 'vitest';
import type { Process } from '../../../lib/core/workflow/process.ts';
import { processes } from '../../../lib/core/workflow/processes.ts';
import { appOf, cloudFeed, resourcesOf, short, templatesOf } from '../synthesised.ts';

const shop = { ...cloudFeed, feed: 'shop' };
const config = {
  account: '123456789012',
  readers: ['Analysts'],
  operators: ['arn:aws:iam::123456789012:role/staff/Operators', 'OnCall'],
  people_roles: ['Operators', 'AWSReservedSSO_Ops_01'],
};
const templates = templatesOf(appOf({ config, feeds: [cloudFeed, shop] }));

interface Statement {
  readonly Action: string;
  readonly Resource: unknown;
}

describe('the policies for people', () => {
  test.each(['catalog', 'shop'])(
    'of %s are attached by CloudFormation, which takes them away before it deletes them',
    (feed) => {
      const policies = resourcesOf(templates[`nightfeed-prod-Pipeline-${feed}`], 'AWS::IAM::ManagedPolicy');
      expect(policies.map(({ Properties }) => [Properties.ManagedPolicyName, Properties.Roles]).sort()).toEqual([
        [`nightfeed-prod-${feed}-operators`, ['Operators', 'OnCall']],
        [`nightfeed-prod-${feed}-readers`, ['Analysts']],
      ]);
    },
  );

  test('let readers look and nothing else, and operators look, start and decide', () => {
    const rights = Object.fromEntries(
      resourcesOf(templates['nightfeed-prod-Pipeline-catalog'], 'AWS::IAM::ManagedPolicy').map(({ Properties }) => {
        const statements: Statement[] = Properties.PolicyDocument.Statement;
        return [
          Properties.ManagedPolicyName.replace('nightfeed-prod-catalog-', ''),
          statements.flatMap(({ Action, Resource }) =>
            [Action]
              .flat()
              .flatMap((action) => [Resource].flat().map((each) => `${action} ${short(each).slice(0, 60)}`)),
          ),
        ];
      }),
    );
    expect(rights.readers).toEqual(['lambda:InvokeFunction PipelineFunctionsreaderFunction']);
    expect(rights.operators).toEqual([
      'lambda:InvokeFunction PipelineFunctionsoperatorFunction',
      'lambda:InvokeFunction PipelineFunctionsreaderFunction',
      'states:StartExecution PipelineNightMachine',
      expect.stringMatching(/^states:GetExecutionHistory /),
    ]);
  });
});

test('roles whose sessions count as people are known to those who count, and to nobody else', () => {
  const pipeline = templates['nightfeed-prod-Pipeline-catalog'];
  const given = [
    ...resourcesOf(pipeline, 'AWS::Lambda::Function').map(({ Properties }) => ({
      name: Properties.FunctionName.replace('nightfeed-prod-catalog-', ''),
      roles: Properties.Environment.Variables.NIGHTFEED_PEOPLE_ROLES,
    })),
    ...resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').map(({ Properties }) => ({
      name: Properties.Family.replace('nightfeed-prod-catalog-', ''),
      roles: Properties.ContainerDefinitions[0].Environment.find(
        ({ Name }: { Name: string }) => Name === 'NIGHTFEED_PEOPLE_ROLES',
      )?.Value,
    })),
  ];
  const counting = Object.entries<Process>(processes).filter(([, { counts }]) => counts);
  expect(counting.map(([name]) => name).sort()).toEqual(['claim', 'guard', 'operator', 'reader', 'release']);
  for (const { name, roles } of given)
    expect(roles, name).toBe(counting.some(([each]) => each === name) ? 'Operators,AWSReservedSSO_Ops_01' : undefined);
});
