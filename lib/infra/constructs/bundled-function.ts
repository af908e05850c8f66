import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  Charset,
  LogLevel,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Process } from '../../core/workflow/process.ts';
import { type FunctionName, processes, type StageFunctionName } from '../../core/workflow/processes.ts';
import { bundleOptions, codeRoot, functionsBundle, functionsEntries } from '../code.ts';
import { ANY_RESOURCE, acknowledge } from './acknowledge.ts';
import type { PipelineDatabase, PipelineNetwork } from './pipeline-context.ts';

interface BundledFunctionProps {
  /** Default: one that CloudFormation makes. */
  readonly functionName?: string;
  /** Whose it is, such as `nightfeed prod catalog`. */
  readonly owner: string;
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: ILogGroup;
  /** Where it runs; outside every VPC, if it only talks to AWS. */
  readonly inside?: { readonly network: PipelineNetwork; readonly database: PipelineDatabase };
}

/** A function of lambdas/, bundled, with its own role. */
export function bundledFunction(
  scope: Construct,
  name: FunctionName | StageFunctionName,
  { functionName, owner, statements, environment, logGroup, inside }: BundledFunctionProps,
): NodejsFunction {
  const { does, seconds, vendor }: Process = processes[name];
  // A new id. The old `Role` keeps working, with its secret, until the function is updated.
  const role = new Role(scope, 'ProcessRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logs = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  for (const statement of [logs, ...(inside ? [networkInterfaces()] : []), ...statements]) role.addToPolicy(statement);
  if (inside) acknowledge(role, ANY_RESOURCE, 'The calls for network interfaces take no resource.');
  return new NodejsFunction(scope, 'Function', {
    ...(functionName === undefined ? {} : { functionName }),
    description: `${owner}: ${does}`,
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
      ...environment,
    },
    ...codeOf(vendor ? 'vendor' : 'index'),
    ...(inside
      ? {
          vpc: inside.network.vpc,
          vpcSubnets: inside.network.subnets ?? {},
          securityGroups: [inside.database.clients],
        }
      : {}),
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
  // Tables of encodings take twice the room with escapes.
  charset: Charset.UTF8,
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
