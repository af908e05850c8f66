import { CustomState } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { environmentNames } from '../../../core/cloud/environment-names.ts';
import type { ProcessName } from '../../code.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { CONTAINER, type Tasks } from '../tasks.ts';
import { taskRetry } from './retries.ts';

interface TaskStateProps {
  readonly context: PipelineContext;
  readonly tasks: Tasks;
  readonly process: ProcessName;
  readonly comment: string;
  /** Seconds. */
  readonly timeout: number;
}

/** A container that is started and waited for. It can only exit; what came of it, the state after it asks the ledger. */
export function taskState(scope: Construct, name: string, props: TaskStateProps): CustomState {
  const { context, tasks, process, comment, timeout } = props;
  const { vpc, subnets } = context.network;
  return new CustomState(scope, name, {
    stateJson: {
      Type: 'Task',
      Comment: comment,
      Resource: 'arn:aws:states:::ecs:runTask.sync',
      Parameters: {
        Cluster: tasks.cluster.clusterArn,
        TaskDefinition: tasks.definition(process).taskDefinitionArn,
        LaunchType: 'FARGATE',
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
      TimeoutSeconds: timeout,
    },
  }).addRetry(taskRetry);
}
