import { App, CfnResource, TagManager } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { deployment } from '../../lib/infra/deployment.ts';
import { definitionOf } from './asl.ts';
import { configWith, type Resource, resourcesOf, slack, sparkFeed, type Template, templatesOf } from './synthesised.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const config = configWith({ slack, database: { rotate_secrets_after_days: 30 } });
const options = { ...config.feeds[0]!, catalog: true };
deployment(app, config, [{ feed: sparkFeed, options }]);
const templates = templatesOf(app);
const pipeline = templates['nightfeed-prod-Pipeline-catalog']!;

describe('tags', () => {
  const ofFeed = /^nightfeed-prod-(Pipeline|Watch)-catalog$/;
  const taggable = app.node
    .findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct) && isTaggable(construct))
    .map(({ node, stack, logicalId }) => {
      const { stackName } = stack;
      return { path: node.path, stackName, resource: templates[stackName]!.Resources[stack.resolve(logicalId)]! };
    });

  test('of the stage are on everything that can have some, and those of the feed on everything of a feed', () => {
    expect(taggable.length).toBeGreaterThan(100);
    const open = taggable.filter(({ stackName, resource }) => {
      const { 'nightfeed:stage': stage, 'nightfeed:feed': feed } = tagsOf(resource);
      return stage !== 'prod' || feed !== (ofFeed.test(stackName) ? 'catalog' : undefined);
    });
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test('reach the tasks, which the state machine may tag when it starts them', () => {
    const { States } = definitionOf(pipeline);
    const starts = Object.entries(States).filter(([, { Resource = '' }]) => Resource.includes(':ecs:runTask'));
    expect(starts.length).toBeGreaterThan(7);
    for (const [name, { Parameters }] of starts) expect(Parameters.PropagateTags, name).toBe('TASK_DEFINITION');
    const statements = resourcesOf(pipeline, 'AWS::IAM::Policy')
      .filter(({ id }) => id.includes('NightMachineRole'))
      .flatMap(({ Properties }): { Action: unknown }[] => Properties.PolicyDocument.Statement);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: 'ecs:TagResource',
        Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      }),
    );
  });
});

describe('logs', () => {
  const groups = Object.values(templates).flatMap((template) => resourcesOf(template, 'AWS::Logs::LogGroup'));

  test('are kept for a time, not for ever', () => {
    expect(groups.length).toBeGreaterThan(14);
    for (const { id, Properties } of groups) expect(Properties.RetentionInDays, id).toBeGreaterThan(0);
  });

  test('go to groups of the templates: AWS keeps for ever what it writes to a group that it makes itself', () => {
    for (const template of Object.values(templates)) {
      // CDK's function for the retention of other groups gives its own group a retention of one day.
      for (const { id, Properties } of resourcesOf(template, 'AWS::Lambda::Function').filter(
        ({ id }) => !id.startsWith('LogRetention'),
      ))
        expect(groupOf(Properties.LoggingConfig?.LogGroup, template), id).toBe('AWS::Logs::LogGroup');
      for (const { id, Properties } of resourcesOf(template, 'AWS::ECS::TaskDefinition'))
        for (const { LogConfiguration } of Properties.ContainerDefinitions)
          expect(groupOf(LogConfiguration.Options['awslogs-group'], template), id).toBe('AWS::Logs::LogGroup');
    }
    const [job] = resourcesOf(pipeline, 'AWS::Glue::Job');
    const { '--custom-logGroup-prefix': prefix, ...others } = job!.Properties.DefaultArguments;
    const names = groups.map(({ Properties }) => Properties.LogGroupName);
    expect(names).toEqual(expect.arrayContaining([`${prefix}/error`, `${prefix}/output`]));
    // It would write to a third group, of all jobs of the account.
    expect(others).not.toHaveProperty('--enable-continuous-cloudwatch-log');
  });
});

function isTaggable(construct: CfnResource): boolean {
  return TagManager.of(construct) !== undefined;
}

/** Most types have a list, some an object. */
function tagsOf({ Properties }: Resource): Record<string, string> {
  const { Tags = {} } = Properties;
  if (!Array.isArray(Tags)) return Tags;
  return Object.fromEntries(Tags.map(({ Key, Value }: Record<string, string>) => [Key, Value]));
}

function groupOf(reference: { readonly Ref: string } | undefined, { Resources }: Template): string | undefined {
  return Resources[reference?.Ref ?? '']?.Type;
}
