import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../core/workflow/processes.ts';
import { statementsFor } from './access.ts';
import { bundledFunction } from './bundled-function.ts';
import { environmentOf } from './environment.ts';
import { grantKeys } from './key-grants.ts';
import { ownLogGroup } from './own-log-group.ts';
import type { PipelineContext } from './pipeline-context.ts';

interface PipelineFunctionOptions {
  /** Outside the VPC, for functions that only talk to AWS. */
  readonly outside?: boolean;
}

/** A function of one feed, with the rights and the environment that its process needs. */
export function pipelineFunction(
  scope: Construct,
  name: FunctionName,
  context: PipelineContext,
  { outside = false }: PipelineFunctionOptions = {},
): NodejsFunction {
  const { stage, feed, names, network, database, logGroup = ownLogGroup(scope) } = context;
  const made = bundledFunction(scope, name, {
    functionName: names.function(name),
    owner: `nightfeed ${stage} ${feed.feed}`,
    statements: statementsFor(name, context),
    environment: environmentOf(name, context),
    logGroup,
    ...(outside ? {} : { inside: { network, database } }),
  });
  grantKeys(made.role!, name, context);
  return made;
}
