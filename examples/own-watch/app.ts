// A CDK app of your own that watches a nightfeed pipeline by its own means: your cluster, keys, log group, topic, permissions boundary,
// a ticket for each alarm, and an alarm of yours over the pipeline's metrics. node app.ts, or `"app": "node app.ts"` in cdk.json.
import { readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { OpsItemSeverity, SnsAction, SsmAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { feedSchema } from 'nightfeed/feed';
import { Alarms, NightfeedPipeline } from 'nightfeed/infra';
import { parse } from 'yaml';

const app = new App();
const stack = new Stack(app, 'Watched', { env: { region: 'eu-west-1' } });
const feedFile = new URL('../own-stack/feed.yaml', import.meta.url);

const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
const key = new Key(stack, 'Key', { enableKeyRotation: true });
const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:data-team');
const boundary = new ManagedPolicy(stack, 'Boundary', {
  statements: [
    new PolicyStatement({ notActions: ['iam:*', 'organizations:*', 'account:*'], resources: ['*'] }),
    // The state machine gives its containers their roles.
    new PolicyStatement({ actions: ['iam:PassRole'], resources: ['*'] }),
  ],
});

const pipeline = new NightfeedPipeline(stack, 'Catalog', {
  stage: 'shop',
  feed: feedSchema.parse(parse(readFileSync(feedFile, 'utf8'))),
  network: { vpc },
  lake: {
    bucket: new Bucket(stack, 'Lake', { enforceSSL: true, encryption: BucketEncryption.KMS, encryptionKey: key }),
  },
  database: {
    ownerSecret: Secret.fromSecretAttributes(stack, 'Owner', {
      secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/postgres-owner-Ab12Cd',
      encryptionKey: key,
    }),
    clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-0a1b2c3d'),
  },
  cluster: new Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED }),
  keys: { secrets: key, vendor: [key] },
  logGroup: new LogGroup(stack, 'Log', { retention: RetentionDays.ONE_YEAR }),
  permissionsBoundary: boundary,
  topic,
  alarmActions: [new SnsAction(topic), new SsmAction(OpsItemSeverity.HIGH)],
});

new Alarms(stack, 'Alarms', { pipeline });

pipeline.metricDuration().createAlarm(stack, 'LongNight', {
  alarmDescription: 'A night took more than four hours.',
  threshold: Duration.hours(4).toMilliseconds(),
  evaluationPeriods: 1,
  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});

app.synth();
