import { Aws } from 'aws-cdk-lib';
import { CustomState } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { environmentNames } from '../../../core/cloud/environment-names.ts';
import { type ContainerName, processes } from '../../../core/workflow/processes.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { CONTAINER, type Tasks } from '../tasks.ts';
import { retriesOf } from './retries.ts';
import { sentence } from './shown.ts';

interface TaskStateProps {
  readonly context: PipelineContext;
  readonly tasks: Tasks;
  readonly process: ContainerName;
}

/** Starts a container and waits for it. A container can only exit, so the next state asks the ledger how it ended. */
export function taskState(scope: Construct, name: string, props: TaskStateProps): CustomState {
  const { context, tasks, process } = props;
  const { does, seconds } = processes[process];
  const { vpc, subnets } = context.network;
  const state = new CustomState(scope, name, {
    stateJson: {
      Type: 'Task',
      Comment: sentence(does),
      Resource: `arn:${Aws.PARTITION}:states:::ecs:runTask.sync`,
      Parameters: {
        Cluster: tasks.cluster.clusterArn,
        TaskDefinition: tasks.definition(process).taskDefinitionArn,
        LaunchType: 'FARGATE',
        // Tags of the task definition are not on its tasks otherwise, and bills are split by tags of tasks.
        PropagateTags: 'TASK_DEFINITION',
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: vpc.selectSubnets(subnets).subnetIds,
            SecurityGroups: [context.database.clients.securityGroupId],
            AssignPublicIp: 'DISABLED',
          },
        },
        Overrides: {
          ContainerOverrides: [
            {
              Name: CONTAINER,
              Environment: [
                { Name: environmentNames.run, 'Value.$': '$.run' },
                { Name: environmentNames.execution, 'Value.$': '$$.Execution.Id' },
              ],
            },
          ],
        },
      },
      ResultPath: null,
      TimeoutSeconds: seconds,
    },
  });
  for (const retry of retriesOf('container', processes[process])) state.addRetry(retry);
  return state;
}
