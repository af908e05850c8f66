// A CDK app of your own with a nightfeed pipeline in it: your VPC, your bucket, your database.
// node app.ts, or `"app": "node app.ts"` in cdk.json.
import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { feedSchema } from 'nightfeed/feed';
import { NightfeedPipeline } from 'nightfeed/infra';
import { parse } from 'yaml';

const app = new App();
const stack = new Stack(app, 'Shop', { env: { region: 'eu-west-1' } });
const feedFile = new URL('feed.yaml', import.meta.url);

new NightfeedPipeline(stack, 'Catalog', {
  stage: 'shop',
  feed: feedSchema.parse(parse(readFileSync(feedFile, 'utf8'))),
  network: { vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }) },
  lake: { bucket: new Bucket(stack, 'Lake', { enforceSSL: true }) },
  database: {
    ownerSecret: Secret.fromSecretNameV2(stack, 'Owner', 'shop/postgres-owner'),
    // Whoever is in this group reaches your PostgreSQL.
    clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-0a1b2c3d'),
  },
  recipients: ['data@example.com'],
});

app.synth();
