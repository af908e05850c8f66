import { type CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/**
 * Every VPC has a default security group, which lets its members reach each other and everything outside. CloudFormation cannot change it,
 * so CDK closes it with a function of its own (`restrictDefaultSecurityGroup`). Here this function gets only the rights that it needs, and a
 * log that ends.
 */
export function closeDefaultGroup(stack: Stack, vpc: Vpc): void {
  const provider = stack.node.findChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
  const [role, handler] = ['Role', 'Handler'].map((id) => provider.node.findChild(id) as CfnResource);
  const log = new LogGroup(stack, 'DefaultGroupLog', {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  role!.addPropertyDeletionOverride('ManagedPolicyArns');
  role!.addPropertyOverride('Policies.1', {
    PolicyName: 'Log',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: log.logGroupArn },
      ],
    },
  });
  handler!.addPropertyOverride('LoggingConfig', { LogGroup: log.logGroupName });
  acknowledge(handler as Construct, 'L1', 'The function is CDK’s own, and CDK chooses its runtime.');
  // A group that stays closed needs no function to open it again: it goes with its VPC, or stays with it.
  const closed = vpc.node.findChild('RestrictDefaultSecurityGroupCustomResource').node.defaultChild as CfnResource;
  closed.applyRemovalPolicy(RemovalPolicy.RETAIN);
}
