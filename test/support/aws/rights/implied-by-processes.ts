import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws.ts';
import { askAws } from '../aws-request.ts';
import type { Call } from './call.ts';
import { actionsOn, arnOf, assumes, type Implied } from './implied.ts';
import type { Need } from './needs.ts';

/**
 * Logs, and network interfaces in a VPC.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export async function rightsOfFunctions(aws: Aws, stage: string): Promise<Implied[]> {
  const found: Implied[] = [];
  const client = new LambdaClient(aws.client);
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    for (const { Role = '', LoggingConfig, VpcConfig } of Functions) {
      if (!Role.includes(`role/nightfeed-${stage}-`)) continue;
      const inVpc = (VpcConfig?.SubnetIds ?? []).length > 0;
      const needs = [
        ...logs(aws, LoggingConfig!.LogGroup!),
        ...(inVpc ? actionsOn('*', ...INTERFACES.map((action) => `ec2:${action}`)) : []),
      ];
      found.push({ principal: { role: Role }, needs });
    }
  return found;
}

const INTERFACES = [
  ...['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'],
  ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
];

function logs(aws: Aws, group: string): Need[] {
  const stream = arnOf(aws, 'logs', `log-group:${group}:log-stream:any`);
  return actionsOn(stream, 'logs:CreateLogStream', 'logs:PutLogEvents');
}

/** What the agent of a container does under the execution role. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
export async function rightsOfTasks(aws: Aws, calls: readonly Call[]): Promise<Implied[]> {
  const references = new Set(
    calls.filter(({ operation }) => operation === 'RunTask').map(({ request }) => request.taskDefinition as string),
  );
  const found = [...references].map(async (taskDefinition): Promise<Implied[]> => {
    const { taskDefinition: definition } = await askAws<{ taskDefinition: Definition }>(
      aws,
      'ecs',
      'AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition',
      { taskDefinition },
    );
    const { executionRoleArn: role, containerDefinitions } = definition;
    const needs = containerDefinitions.flatMap(({ image, logConfiguration }) => [
      ...actionsOn(
        repositoryOf(image),
        ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'].map((action) => `ecr:${action}`),
      ),
      ...logs(aws, logConfiguration.options['awslogs-group']!),
    ]);
    return [
      assumes('ecs-tasks', role),
      { principal: { role }, needs: [...actionsOn('*', 'ecr:GetAuthorizationToken'), ...needs] },
    ];
  });
  return (await Promise.all(found)).flat();
}

interface Definition {
  readonly executionRoleArn: string;
  readonly containerDefinitions: readonly {
    readonly image: string;
    readonly logConfiguration: { readonly options: Readonly<Record<string, string>> };
  }[];
}

/** 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name:tag */
function repositoryOf(image: string): string {
  const [, account, region, name] = /^(\d+)\.dkr\.ecr\.([\w-]+)\.[^/]+\/([^:]+):/.exec(image) ?? [];
  if (name === undefined) throw new Error(`an image from another registry: ${image}`);
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}

/**
 * Groups that Glue writes a job's log to, under the prefix that the job gives it; the tests have one job.
 * https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
 */
export function rightsOfJobs(aws: Aws, calls: readonly Call[]): Implied[] {
  const roles = new Set(
    calls.flatMap(({ principal, operation, request }) =>
      'service' in principal && principal.service === 'glue.amazonaws.com' && operation === 'AssumeRole'
        ? [request.RoleArn as string]
        : [],
    ),
  );
  const [job] = calls.flatMap(({ operation, request }) =>
    operation === 'StartJobRun' ? [request.JobName as string] : [],
  );
  const group = (name: string) => arnOf(aws, 'logs', `log-group:/aws-glue/${job}/${name}`);
  return [...roles].map((role) => ({
    principal: { role },
    needs: ['output', 'error'].flatMap((name) => [
      ...actionsOn(group(name), 'logs:CreateLogGroup'),
      ...actionsOn(`${group(name)}:log-stream:any`, 'logs:CreateLogStream', 'logs:PutLogEvents'),
    ]),
  }));
}
