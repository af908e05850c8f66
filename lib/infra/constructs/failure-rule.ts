import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

interface FailureRuleProps {
  readonly stateMachine: IStateMachine;
  readonly stop: IFunction;
  readonly deadLetters: IQueue;
}

/** An execution that died cannot end its run. This rule ends the run, releases the feed's lock, and sends a message. */
export function failureRule(scope: Construct, { stateMachine, stop, deadLetters }: FailureRuleProps): Rule {
  return new Rule(scope, 'FailureRule', {
    description: 'Releases the run of an execution that failed, timed out or was aborted',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachine.stateMachineArn] },
    },
    targets: [
      new LambdaFunction(stop, {
        deadLetterQueue: deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(6),
      }),
    ],
  });
}
