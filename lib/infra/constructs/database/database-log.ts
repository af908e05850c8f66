import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** The log of PostgreSQL that RDS exports. */
export const EXPORTED_LOG = 'postgresql';

/**
 * What the log says. Values of rows stay out where PostgreSQL lets us choose: statements, details and contexts are not logged. A message
 * itself may still quote a value.
 */
export const logParameters = { log_error_verbosity: 'terse', log_min_error_statement: 'panic' };

/** Keeps the exported log for three months. RDS makes its log group, so that CloudFormation cannot. */
export function keepDatabaseLog(scope: Construct, cluster: IDatabaseCluster): void {
  const logGroupName = `/aws/rds/cluster/${cluster.clusterIdentifier}/${EXPORTED_LOG}`;
  const role = new Role(scope, 'LogRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
      resources: [logGroupArn(scope, logGroupName)],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn(scope, `/aws/lambda/${Stack.of(scope).stackName}-LogRetention*`)],
    }),
  );
  const retention = new LogRetention(scope, 'LogRetention', {
    logGroupName,
    retention: RetentionDays.THREE_MONTHS,
    // CDK would add the right to change the retention of every log group of the account.
    role: role.withoutPolicyUpdates(),
  });
  retention.node.addDependency(role);
}

function logGroupArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${name}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
