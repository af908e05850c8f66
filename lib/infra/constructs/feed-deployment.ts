import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { canonicalJson } from '../../core/feed/reading-spec.ts';
import type { DeployProperties } from '../../core/run/contract.ts';
import { pipelineFunction } from './pipeline-function.ts';
import type { Site } from './site.ts';

/** Lambda's longest. Migrations are short, but may wait for locks. */
const MIGRATION_SECONDS = 15 * 60;

/**
 * At every deployment: the feed document into the lake, then ledger, roles and tables into the database. Removing a pipeline
 * removes neither.
 */
export class FeedDeployment extends Construct {
  constructor(scope: Construct, id: string, site: Site) {
    super(scope, id);
    const document = documentAsset(this, site);
    const migrate = pipelineFunction(new Construct(this, 'migrate'), 'migrate', site, {
      description: 'makes ledger, roles and tables',
      timeout: MIGRATION_SECONDS,
    });
    const deploy = pipelineFunction(new Construct(this, 'deploy'), 'deploy', site, {
      description: 'puts the feed document into the lake and migrates',
      timeout: MIGRATION_SECONDS,
      // It must answer CloudFormation even where a VPC lets nothing out.
      outside: true,
    });
    deploy.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [document.bucket.arnForObjects(document.s3ObjectKey)],
      }),
    );
    migrate.grantInvoke(deploy);
    const resource = new CustomResource(this, 'Feed', {
      resourceType: 'Custom::NightfeedFeed',
      serviceToken: deploy.functionArn,
      serviceTimeout: Duration.seconds(MIGRATION_SECONDS + 60),
      properties: {
        feed: site.feedKey,
        assets: document.s3BucketName,
        document: document.s3ObjectKey,
        migrate: migrate.functionName,
        // Another bundle may hold other migrations.
        code: (migrate.node.findChild('Code') as Asset).assetHash,
      } satisfies DeployProperties & { code: string },
    });
    for (const needed of [deploy, migrate]) resource.node.addDependency(needed);
  }
}

/** The document as a file, which CDK uploads under a hash of its content. */
function documentAsset(scope: Construct, { feed }: Site): Asset {
  const folder = mkdtempSync(join(tmpdir(), 'nightfeed-feed-'));
  try {
    const path = join(folder, 'feed.json');
    writeFileSync(path, canonicalJson(feed));
    return new Asset(scope, 'Document', { path });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
