import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Functions } from './functions.ts';
import type { PipelineContext } from './pipeline-context.ts';

interface PeoplePoliciesProps {
  readonly context: PipelineContext;
  readonly stateMachine: IStateMachine;
  readonly functions: Functions;
  /** Roles that get the policy. CloudFormation takes it from them before it deletes the policy. */
  readonly readers: readonly IRole[];
  readonly operators: readonly IRole[];
}

/** The rights that people need for `nightfeed --stack`, and no others: to look, or to look, start and decide. */
export function peoplePolicies(scope: Construct, props: PeoplePoliciesProps): void {
  const { context, stateMachine, functions, readers, operators } = props;
  const execution = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${context.names.stateMachine}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const looks = () => new PolicyStatement({ actions: INVOKE, resources: [functions.reader.functionArn] });
  const stack = `${context.stage}-${context.feed.feed}`;
  new ManagedPolicy(scope, 'Readers', {
    managedPolicyName: context.names.function('readers'),
    description: `nightfeed --stack ${stack}: looks`,
    roles: [...readers],
    statements: [looks()],
  });
  new ManagedPolicy(scope, 'Operators', {
    managedPolicyName: context.names.function('operators'),
    // A new description would replace the policy, and with it what people attached.
    description: `nightfeed --stack ${stack}`,
    roles: [...operators],
    statements: [
      new PolicyStatement({ actions: INVOKE, resources: [functions.operator.functionArn] }),
      looks(),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
      new PolicyStatement({
        actions: ['states:GetExecutionHistory'],
        resources: [execution],
      }),
    ],
  });
}

const INVOKE = ['lambda:InvokeFunction'];
