import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { cloudNames } from '../../../../lib/core/cloud/cloud-names.ts';
import { environmentNames } from '../../../../lib/core/cloud/environment-names.ts';
import type { Aws } from '../aws.ts';
import { askAws, restAws } from '../aws-request.ts';
import type { Call } from './call.ts';
import { actionsOn, arnOf, assumes, type Implied } from './implied.ts';
import type { Things } from './needs.ts';

/**
 * Its log, its traces, the rule through which it learns that a container has ended, and the container that it stops with itself.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, …/concepts-xray-tracing.html, …/ecs-iam.html
 */
export async function rightsOfStateMachine(
  aws: Aws,
  stage: string,
  feed: string,
  calls: readonly Call[],
): Promise<Implied[]> {
  const stateMachineArn = arnOf(aws, 'states', `stateMachine:${cloudNames(stage, feed).stateMachine}`);
  const { roleArn: role } = await new SFNClient(aws.client).send(new DescribeStateMachineCommand({ stateMachineArn }));
  const rule = arnOf(aws, 'events', 'rule/StepFunctionsGetEventsForECSTaskRule');
  const tasks = calls.flatMap(({ principal, operation, request }) =>
    'role' in principal && principal.role === role && operation === 'DescribeTasks'
      ? (request.tasks as readonly string[])
      : [],
  );
  const needs = [
    ...actionsOn('*', ...DELIVERY.map((action) => `logs:${action}`)),
    // It is always traced; LocalStack does not keep this setting.
    ...actionsOn('*', ...TRACES.map((action) => `xray:${action}`)),
    ...actionsOn(rule, 'events:PutTargets', 'events:PutRule', 'events:DescribeRule'),
    ...tasks.slice(0, 1).flatMap((task) => actionsOn(task, 'ecs:StopTask')),
  ];
  return [assumes('states', role!, stateMachineArn), { principal: { role: role! }, needs }];
}

const DELIVERY = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
];
const TRACES = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html, …/configuring-schedule-dlq.html */
export async function rightsOfSchedule(aws: Aws, stage: string, feed: string): Promise<Implied[]> {
  const schedule = await restAws<Schedule>(aws, 'scheduler', `/schedules/${cloudNames(stage, feed).function('night')}`);
  if (schedule === null) return [];
  const { Arn, RoleArn: role, DeadLetterConfig } = schedule.Target;
  const needs = [...actionsOn(Arn, 'states:StartExecution'), ...actionsOn(DeadLetterConfig.Arn, 'sqs:SendMessage')];
  return [
    assumes('scheduler', role, arnOf(aws, 'scheduler', 'schedule-group/default')),
    { principal: { role }, needs },
  ];
}

interface Schedule {
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly DeadLetterConfig: { readonly Arn: string };
  };
}

/** The rule calls its function, which the record has, and its queue. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
export async function rightsOfFailureRule(aws: Aws, calls: readonly Call[]): Promise<Implied[]> {
  const rules = new Set(calls.flatMap(({ source = '' }) => (source.startsWith('arn:aws:events:') ? [source] : [])));
  const found = [...rules].map(async (source) => {
    const Rule = source.replace(/^.*\//, '');
    const { Targets } = await askAws<{ Targets: readonly { DeadLetterConfig?: { Arn: string } }[] }>(
      aws,
      'events',
      'AWSEvents.ListTargetsByRule',
      { Rule },
    );
    const queues = Targets.flatMap(({ DeadLetterConfig: queue }) => (queue ? [queue.Arn] : []));
    return queues.map(
      (queue): Implied => ({
        principal: { service: 'events.amazonaws.com' },
        source,
        needs: actionsOn(queue, 'sqs:SendMessage'),
      }),
    );
  });
  return (await Promise.all(found)).flat();
}

/** Alarms publish to an encrypted topic. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export async function rightsOfAlarms(
  aws: Aws,
  { keyOfTopic }: Things,
  stage: string,
  feed: string,
): Promise<Implied[]> {
  const FunctionName = cloudNames(stage, feed).function('notify');
  const { Environment } = await new LambdaClient(aws.client).send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const topic = Environment!.Variables![environmentNames.topic]!;
  const key = (await keyOfTopic(topic))!;
  const needs = [...actionsOn(topic, 'sns:Publish'), ...actionsOn(key, 'kms:Decrypt', 'kms:GenerateDataKey')];
  return [{ principal: { service: 'cloudwatch.amazonaws.com' }, source: arnOf(aws, 'cloudwatch', 'alarm:any'), needs }];
}
