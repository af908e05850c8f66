import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws } from '../aws.ts';
import { askAws } from '../aws-request.ts';
import { remembering } from './deployed-policies.ts';
import type { Things } from './needs.ts';

export const ACCOUNT = '000000000000';

/** What rights depend on and calls do not say, as the emulator has it. */
export function deployedThings(aws: Aws): Things {
  const vault = new SecretsManagerClient(aws.client);
  const sns = new SNSClient(aws.client);
  const { region } = aws.client;
  // AWS's own keys have aliases, and need no right.
  const keyArn = (key: string | undefined) => {
    if (!key || key.includes('alias/aws/')) return undefined;
    return key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${ACCOUNT}:key/${key}`;
  };
  return {
    region,
    account: ACCOUNT,
    secret: remembering(async (SecretId) => {
      const { ARN, Tags = [], KmsKeyId } = await vault.send(new DescribeSecretCommand({ SecretId }));
      const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!]));
      return { arn: ARN!, tags, key: keyArn(KmsKeyId) };
    }),
    taskDefinition: remembering(async (taskDefinition) => {
      const { taskDefinition: found } = await askAws<{ taskDefinition: TaskDefinition }>(
        aws,
        'ecs',
        'AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition',
        { taskDefinition },
      );
      const { taskDefinitionArn: arn, taskRoleArn, executionRoleArn } = found;
      return { arn, roles: [taskRoleArn, executionRoleArn].filter((role) => role !== undefined) };
    }),
    keyOfTopic: remembering(async (TopicArn) => {
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return keyArn(Attributes.KmsMasterKeyId);
    }),
  };
}

interface TaskDefinition {
  readonly taskDefinitionArn: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
}
