import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  type CfnTaskDefinition,
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { environmentNames } from '../../core/cloud/environment-names.ts';
import { type ContainerName, containerNames } from '../../core/workflow/processes.ts';
import { keepsFiles } from '../cloud-needs.ts';
import { codeRoot, taskImage } from '../code.ts';
import type { TaskSize } from '../task-size.ts';
import { statementsFor } from './access.ts';
import { ANY_RESOURCE, acknowledge } from './acknowledge.ts';
import { environmentOf } from './environment.ts';
import { grantKeys } from './key-grants.ts';
import { ownLogGroup } from './own-log-group.ts';
import type { PipelineCluster, PipelineContext } from './pipeline-context.ts';

/** Name of the only container in each task. */
export const CONTAINER = 'task';

/** The only folder that can be written to; bin/task.Dockerfile makes it. */
const SCRATCH = '/scratch';

export type Processor = 'arm64' | 'x64';
const platforms = { arm64: Platform.LINUX_ARM64, x64: Platform.LINUX_AMD64 };
const architectures = { arm64: CpuArchitecture.ARM64, x64: CpuArchitecture.X86_64 };

interface TasksProps {
  readonly context: PipelineContext;
  readonly size: TaskSize;
  readonly processor: Processor;
  /** Instead of a cluster of ours. */
  readonly cluster: PipelineCluster | undefined;
  readonly image?: ContainerImage;
  readonly baseImageDigest?: string;
  readonly rdsBundleSha256?: string;
}

/** The steps that may take hours. Each has its own task definition, with no more rights than it needs. */
export class Tasks extends Construct {
  readonly cluster: PipelineCluster;
  readonly executionRole: Role;
  readonly #definitions: ReadonlyMap<ContainerName, FargateTaskDefinition>;

  constructor(scope: Construct, id: string, props: TasksProps) {
    super(scope, id);
    const { context, size, processor } = props;
    this.cluster =
      props.cluster ??
      new Cluster(this, 'Cluster', {
        vpc: context.network.vpc,
        // Nothing else measures memory and disk of tasks that belong to no service.
        containerInsightsV2: ContainerInsights.ENABLED,
      });
    const logGroup = context.logGroup ?? ownLogGroup(this);
    const image = props.image ?? builtImage(props);
    // This role only fetches the image and writes logs. The rights of a step are in the role of its task.
    this.executionRole = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    acknowledge(this.executionRole, ANY_RESOURCE, 'Logging in at the registry takes no resource.');
    const define = (name: ContainerName): FargateTaskDefinition => {
      const definition = new FargateTaskDefinition(this, name, {
        family: context.names.function(name),
        executionRole: this.executionRole,
        // A new id. Tasks that were started under the old role keep it, and the secret of their environment.
        taskRole: new Role(this, `${name}ProcessRole`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
        cpu: size.cpu,
        memoryLimitMiB: size.memory,
        // Pull streams and needs no disk, unless the end of a file comes first; all other steps work on files.
        ...(name === 'pull' && !keepsFiles(context.feed) ? {} : { ephemeralStorageGiB: size.storage }),
        runtimePlatform: {
          cpuArchitecture: architectures[processor],
          operatingSystemFamily: OperatingSystemFamily.LINUX,
        },
        volumes: [{ name: 'scratch' }],
      });
      const container = definition.addContainer(CONTAINER, {
        image,
        command: taskImage.command(name),
        environment: {
          ...environmentOf(name, context),
          [environmentNames.scratch]: SCRATCH,
          TMPDIR: SCRATCH,
          HOME: SCRATCH,
        },
        logging: LogDrivers.awsLogs({ streamPrefix: name, logGroup }),
        readonlyRootFilesystem: true,
        // An init process reaps the engine's child processes and passes the stop signal on.
        linuxParameters: new LinuxParameters(definition, 'Linux', { initProcessEnabled: true }),
      });
      container.addMountPoints({ sourceVolume: 'scratch', containerPath: SCRATCH, readOnly: false });
      for (const statement of statementsFor(name, context)) definition.taskRole.addToPrincipalPolicy(statement);
      grantKeys(definition.taskRole, name, context);
      keepReplaced(definition);
      acknowledge(
        definition,
        'ECS2',
        'Names and addresses only; the values of secrets are read by the process itself.',
      );
      return definition;
    };
    const spareable = context.glueJob === null ? 'diff-glue' : 'intake';
    const wanted = containerNames.filter((name) => name !== spareable);
    this.#definitions = new Map(wanted.map((name) => [name, define(name)]));
  }

  definition(name: ContainerName): FargateTaskDefinition {
    return this.#definitions.get(name)!;
  }

  get definitions(): FargateTaskDefinition[] {
    return [...this.#definitions.values()];
  }
}

/**
 * A deployment leaves the revision that it replaces registered, because an execution that began before names that revision until its end.
 * A revision costs nothing. The current one is deregistered when the stack is destroyed, since its roles go as well.
 */
function keepReplaced(definition: FargateTaskDefinition): void {
  const { cfnOptions } = definition.node.defaultChild as CfnTaskDefinition;
  cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
}

/** The image that a deployment builds with Docker, or with the program in CDK_DOCKER. */
function builtImage({ processor, baseImageDigest, rdsBundleSha256 }: TasksProps): ContainerImage {
  return ContainerImage.fromAsset(codeRoot, {
    file: taskImage.dockerfile,
    exclude: ['**', ...[...taskImage.files, taskImage.dockerfile].flatMap((file) => [`!${file}`, `!${file}/**`])],
    platform: platforms[processor],
    buildArgs: {
      ...(baseImageDigest ? { BASE_DIGEST: baseImageDigest } : {}),
      ...(rdsBundleSha256 ? { RDS_BUNDLE_SHA256: rdsBundleSha256 } : {}),
    },
  });
}
