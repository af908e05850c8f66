import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { PipelineContext } from './pipeline-context.ts';

interface OperatorsPolicyProps {
  readonly context: PipelineContext;
  readonly stateMachine: IStateMachine;
  readonly operator: IFunction;
}

/** The rights that people need for `nightfeed --stack`, and no others. Attach it to their roles. */
export function operatorsPolicy(
  scope: Construct,
  { context, stateMachine, operator }: OperatorsPolicyProps,
): ManagedPolicy {
  const execution = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${context.names.stateMachine}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new ManagedPolicy(scope, 'Operators', {
    managedPolicyName: context.names.function('operators'),
    description: `nightfeed --stack ${context.stage}-${context.feed.feed}`,
    statements: [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [operator.functionArn] }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
        resources: [execution],
      }),
    ],
  });
}
