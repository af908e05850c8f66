import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { containerOf, definitionOf } from './asl.ts';
import { appOf, resourcesOf, sparkFeed, templatesOf } from './synthesised.ts';

const pipeline = templatesOf(appOf({ feeds: [sparkFeed] }))['nightfeed-prod-Pipeline-catalog']!;
const { States, ...definition } = definitionOf(pipeline);
const JOB = 'nightfeed-prod-catalog-diff-glue';

describe('a feed with deliveries that no task holds', () => {
  test('has a state machine that sends them to Spark', () => {
    const { isValid, errorsText } = validate({ ...definition, States });
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
    expect(States.Pulled!.Next).toBe('Large?');
    expect(States['Large?']!.Choices).toMatchObject([
      { Variable: '$.pulled.engine', StringEquals: 'local', Next: 'Diff' },
      { Variable: '$.pulled.engine', StringEquals: 'spark', Next: 'Diff on Glue' },
    ]);
    expect([States.Diff!.Next, States['Diff on Glue']!.Next]).toEqual(['Compared', 'Compared']);
  });

  test('pulls and compares in containers of their own, since only pull knows how large the delivery is', () => {
    expect([containerOf(States.Pull!), containerOf(States.Diff!)]).toEqual(['pull', 'diff']);
  });

  test('compares again with the same engine when another delivery was published', () => {
    const moved = States.Committed!.Catch!.find(({ ErrorEquals }) => ErrorEquals.includes('BASE_MOVED'));
    expect(moved?.Next).toBe('Large?');
  });

  test('leads every error of that state to its stop', () => {
    const { Catch, Retry, TimeoutSeconds } = States['Diff on Glue']!;
    expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Stop', ResultPath: '$.error' }]);
    expect(Retry).toEqual(States.Diff!.Retry);
    expect(TimeoutSeconds).toBe(States.Diff!.TimeoutSeconds);
  });

  test('has a Glue job with Spark 4.1, which only its own processes may start', () => {
    const [job] = resourcesOf(pipeline, 'AWS::Glue::Job');
    expect(job!.Properties).toMatchObject({ Name: JOB, GlueVersion: '6.0', MaxRetries: 0, Timeout: 240 });
    const starters = resourcesOf(pipeline, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('glue:StartJobRun'),
    );
    expect(starters.map(({ id }) => id.replace(/ProcessRoleDefaultPolicy\w+$/, '')).sort()).toEqual([
      'PipelineTasksdiffglue',
      'PipelineTasksplan',
      'PipelineTasksrelease',
      'PipelineTaskstidy',
    ]);
    const environments = resourcesOf(pipeline, 'AWS::ECS::TaskDefinition').filter(({ Properties }) =>
      JSON.stringify(Properties.ContainerDefinitions).includes('NIGHTFEED_GLUE_JOB'),
    );
    expect(environments.map(({ Properties }) => Properties.Family).sort()).toEqual([
      JOB,
      ...['plan', 'release', 'tidy'].map((name) => JOB.replace('diff-glue', name)),
    ]);
  });

  test('the job reaches its zones, its program and its log', () => {
    const policies = resourcesOf(pipeline, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('PipelineSparkRole'));
    const actions = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
    );
    expect([...new Set<string>(actions)].sort()).toEqual([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ]);
  });
});
