import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { processes } from '../../core/workflow/processes.ts';
import { sparkProgram } from '../code.ts';
import { statementsFor } from './access.ts';
import { acknowledge } from './acknowledge.ts';
import { grantKey, grantKeys } from './key-grants.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** Room for the run of a night, and for a plan or the run of a lost attempt beside it. */
const CONCURRENT_RUNS = 2;

/** Spark, for deliveries that one task cannot hold. The number of workers is given with each run. */
export class GlueJob extends Construct {
  constructor(scope: Construct, id: string, context: PipelineContext & { readonly glueJob: string }) {
    super(scope, id);
    const program = new Asset(this, 'Program', { path: sparkProgram });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });
    const readProgram = new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [program.bucket.arnForObjects(program.s3ObjectKey)],
    });
    const prefix = `/aws-glue/${context.glueJob}`;
    const logs = logGroups(this, prefix);
    const logGroupArns = logs.map(({ logGroupArn }) => logGroupArn);
    const writeLogs = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: logGroupArns,
    });
    // Glue asks for a group before it writes, also when the group is there. Its own ARN ends without what a group's streams have.
    const plainArns = logs.map(({ logGroupName }) =>
      Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const askForLogs = new PolicyStatement({
      actions: ['logs:CreateLogGroup'],
      resources: [...logGroupArns, ...plainArns],
    });
    for (const statement of [readProgram, ...statementsFor('glue-job', context), writeLogs, askForLogs])
      role.addToPrincipalPolicy(statement);
    grantKeys(role, 'glue-job', context);
    if (context.keys.bootstrap) grantKey(role, context.keys.bootstrap, 's3', 'read');
    const job = new CfnJob(this, 'Job', {
      name: context.glueJob,
      description: `Compares large deliveries of feed ${context.feed.feed}`,
      role: role.roleArn,
      glueVersion: '6.0',
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: program.s3ObjectUrl },
      workerType: 'G.1X',
      numberOfWorkers: 3,
      executionProperty: { maxConcurrentRuns: CONCURRENT_RUNS },
      // No retries by Glue: the step tries again itself, under a new prefix.
      maxRetries: 0,
      timeout: Duration.seconds(processes['glue-job'].seconds).toMinutes(),
      defaultArguments: { '--custom-logGroup-prefix': prefix, '--job-language': 'python' },
    });
    job.node.addDependency(role, ...logs);
    acknowledge(job, 'GL1', 'The log holds what Spark says of itself; rows stay in the lake, which is encrypted.');
    acknowledge(job, 'GL3', 'The job has no bookmarks: each run is told its files.');
  }
}

/** The groups that Glue writes to under a prefix. Made here, because groups that Glue makes itself keep their lines for ever. */
function logGroups(scope: Construct, prefix: string): LogGroup[] {
  return ['error', 'output'].map(
    (name) =>
      new LogGroup(scope, `Log-${name}`, {
        logGroupName: `${prefix}/${name}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
  );
}
