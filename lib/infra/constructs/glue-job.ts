import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { processes } from '../../core/workflow/processes.ts';
import { sparkProgram } from '../code.ts';
import { statementsFor } from './access.ts';
import { acknowledge } from './acknowledge.ts';
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
    for (const statement of [readProgram, ...statementsFor('glue-job', context), logStatement(this)])
      role.addToPrincipalPolicy(statement);
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
      defaultArguments: { '--enable-continuous-cloudwatch-log': 'true', '--job-language': 'python' },
    });
    job.node.addDependency(role);
    acknowledge(job, 'GL1', 'The log holds what Spark says of itself; rows stay in the lake, which is encrypted.');
    acknowledge(job, 'GL3', 'The job has no bookmarks: each run is told its files.');
  }
}

/** Log groups that Glue makes for all jobs of the account. */
function logStatement(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [
      Stack.of(scope).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: '/aws-glue/jobs/*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  });
}
