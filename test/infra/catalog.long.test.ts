import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { appOf, cloudFeed, configWith, resourcesOf, templatesOf } from './synthesised.ts';

const [feed] = configWith().feeds;
const shown = () => appOf({ config: { feeds: [{ ...feed!, catalog: true }] } });
const pipeline = templatesOf(shown())['nightfeed-prod-Pipeline-catalog']!;
const DATABASE = 'nightfeed_prod_catalog';

describe('a feed whose tables are shown', () => {
  test('has a database in the Glue Data Catalog, and nothing that crawls', () => {
    expect(resourcesOf(pipeline, 'AWS::Glue::Database')[0]!.Properties.DatabaseInput.Name).toBe(DATABASE);
    expect(resourcesOf(pipeline, 'AWS::Glue::Crawler')).toEqual([]);
  });

  test('lets those who write the files change its tables, and tells them where', () => {
    const policies = resourcesOf(pipeline, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('glue:UpdateTable'),
    );
    expect(policies.map(({ id }) => id.replace(/ProcessRoleDefaultPolicy\w+$/, '')).sort()).toEqual([
      'PipelineTasksrelease',
      'PipelineTaskstidy',
    ]);
    const statement = policies[0]!.Properties.PolicyDocument.Statement.find(({ Action }: { Action: string[] }) =>
      Action.includes('glue:UpdateTable'),
    );
    const resources = JSON.stringify(statement.Resource);
    for (const table of Object.keys(cloudFeed.tables)) expect(resources).toContain(`:table/${DATABASE}/${table}"`);
    expect(resources).not.toContain('*');
    const told = resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').filter(({ Properties }) =>
      JSON.stringify(Properties).includes(`"NIGHTFEED_CATALOG","Value":"${DATABASE}"`),
    );
    expect(told.map(({ Properties }) => Properties.Family).sort()).toEqual([
      'nightfeed-prod-catalog-release',
      'nightfeed-prod-catalog-tidy',
    ]);
  });

  test('opens nothing that cdk-nag would not have seen before', () => {
    const of = (app: ReturnType<typeof appOf>) =>
      new Set(new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName));
    expect(of(shown())).toEqual(of(appOf()));
  });
});
