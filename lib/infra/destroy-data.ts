import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The context value that is the second key: `-c destroy-data=STAGE`. */
const DESTROY_CONTEXT = 'destroy-data';

/** Whether both keys are there. Without them CloudFormation refuses to delete the stacks that have data, or the address that vendors know. */
export function mayDestroy(scope: Construct, stage: string, isConfigured: boolean): boolean {
  return isConfigured && scope.node.tryGetContext(DESTROY_CONTEXT) === stage;
}

/**
 * Data is destroyed only with two keys: one in the configuration, which is reviewed, and one on the command line, which is typed. With
 * only one of them the data is kept, and a warning says why.
 */
export function dataRemoval(scope: Construct, stage: string, isConfigured: boolean): RemovalPolicy {
  if (mayDestroy(scope, stage, isConfigured)) return RemovalPolicy.DESTROY;
  const typed = scope.node.tryGetContext(DESTROY_CONTEXT);
  if (isConfigured || typed !== undefined)
    Annotations.of(scope).addWarningV2(
      'nightfeed:destroy-data',
      `data is kept: destroy_data is ${isConfigured}, and -c ${DESTROY_CONTEXT} is ${typed ?? 'absent'} for stage ${stage}`,
    );
  return RemovalPolicy.RETAIN;
}
