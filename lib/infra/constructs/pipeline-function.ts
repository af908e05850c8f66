import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { Process } from '../../core/workflow/process.ts';
import { type FunctionName, processes } from '../../core/workflow/processes.ts';
import { bundleOptions, codeRoot, functionsBundle, functionsEntries } from '../code.ts';
import { statementsFor } from './access.ts';
import { ANY_RESOURCE, acknowledge } from './acknowledge.ts';
import { environmentOf } from './environment.ts';
import { grantKeys } from './key-grants.ts';
import { ownLogGroup } from './own-log-group.ts';
import type { PipelineContext } from './pipeline-context.ts';

interface PipelineFunctionOptions {
  /** Outside the VPC, for functions that only talk to AWS. */
  readonly outside?: boolean;
  readonly environment?: Record<string, string>;
}

/** A function of lambdas/, bundled, with its own role and log. */
export function pipelineFunction(
  scope: Construct,
  name: FunctionName,
  context: PipelineContext,
  { outside = false, environment = {} }: PipelineFunctionOptions = {},
): NodejsFunction {
  const { does, seconds, vendor }: Process = processes[name];
  const logGroup = context.logGroup ?? ownLogGroup(scope);
  // A new id. The old `Role` keeps working, with its secret, until the function is updated.
  const role = new Role(scope, 'ProcessRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const statements = [
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
    ...(outside ? [] : [networkInterfaces()]),
    ...statementsFor(name, context),
  ];
  for (const statement of statements) role.addToPolicy(statement);
  grantKeys(role, name, context);
  if (!outside) acknowledge(role, ANY_RESOURCE, 'The calls for network interfaces take no resource.');
  const { vpc, subnets } = context.network;
  return new NodejsFunction(scope, 'Function', {
    functionName: context.names.function(name),
    description: `nightfeed ${context.stage} ${context.feed.feed}: ${does}`,
    handler: `index.${name}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(seconds),
    role,
    logGroup,
    environment: {
      // The runtime has the certificate authorities of RDS in this file. Node reads it only when it is named.
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      ...environmentOf(name, context),
      ...environment,
    },
    ...codeOf(vendor ? 'vendor' : 'index'),
    ...(outside ? {} : { vpc, vpcSubnets: subnets ?? {}, securityGroups: [context.database.clients] }),
  });
}

/** The same code for all functions of an entry, so that CDK bundles and uploads it once. */
function codeOf(name: keyof typeof functionsEntries): Partial<NodejsFunctionProps> {
  const bundle = functionsBundle(name);
  if (bundle !== undefined) return { code: Code.fromAsset(bundle) };
  return {
    entry: functionsEntries[name],
    projectRoot: codeRoot,
    depsLockFilePath: `${codeRoot}package-lock.json`,
    bundling,
  };
}

const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  ...bundleOptions,
  logLevel: LogLevel.ERROR,
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (input, output) => [`mkdir ${output}/sql`, `cp -R ${input}/sql/migrations ${output}/sql`],
  },
};

/** Lambda uses the function's role to make its network interfaces. These actions cannot be limited to a resource. */
function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
