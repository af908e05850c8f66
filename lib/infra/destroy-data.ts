import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The context value that is the second key: `-c destroy-data=STAGE`. */
const DESTROY_CONTEXT = 'destroy-data';

/**
 * Data is destroyed only with two keys: one in the configuration, which is reviewed, and one on the command line, which is typed. With
 * only one of them the data is kept, and a warning says why.
 */
export function dataRemoval(scope: Construct, stage: string, isConfigured: boolean): RemovalPolicy {
  const typed = scope.node.tryGetContext(DESTROY_CONTEXT);
  const isTyped = typed === stage;
  if (isConfigured && isTyped) return RemovalPolicy.DESTROY;
  if (isConfigured || typed !== undefined)
    Annotations.of(scope).addWarningV2(
      'nightfeed:destroy-data',
      `data is kept: destroy_data is ${isConfigured}, and -c ${DESTROY_CONTEXT} is ${typed ?? 'absent'} for stage ${stage}`,
    );
  return RemovalPolicy.RETAIN;
}
