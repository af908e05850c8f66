import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct, type IDependable } from 'constructs';
import type { DeployProperties } from '../../../core/cloud/deployment-events.ts';
import { canonicalJson } from '../../../core/feed/reading-spec.ts';
import { processes } from '../../../core/workflow/processes.ts';
import { grantKey } from '../key-grants.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { pipelineFunction } from '../pipeline-function.ts';
import { seesItsStack } from './sees-its-stack.ts';

/**
 * At every deployment this puts the feed document into the lake, and then makes the feed's tables and logins in the database. Removing a
 * pipeline removes none of these.
 */
export class FeedDeployment extends Construct {
  /** The resource that is complete when all of it is there. */
  readonly feed: CustomResource;
  readonly #context: PipelineContext;
  readonly #deploy: NodejsFunction;
  readonly #migrate: NodejsFunction;

  constructor(scope: Construct, id: string, context: PipelineContext) {
    super(scope, id);
    this.#context = context;
    const document = documentAsset(this, context);
    this.#migrate = pipelineFunction(new Construct(this, 'migrate'), 'migrate', context);
    this.#deploy = pipelineFunction(new Construct(this, 'deploy'), 'deploy', context, {
      // Outside the VPC, because it must be able to answer CloudFormation even when the VPC has no way out.
      outside: true,
    });
    this.#deploy.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [document.bucket.arnForObjects(document.s3ObjectKey)],
      }),
    );
    if (context.keys.bootstrap) grantKey(this.#deploy.role!, context.keys.bootstrap, 's3', 'read');
    this.#migrate.grantInvoke(this.#deploy);
    this.#deploy.addToRolePolicy(seesItsStack(this));
    this.feed = this.#resource('Feed', { assets: document.s3BucketName, document: document.s3ObjectKey });
    if (context.database.renewLoginsAfterDays !== undefined) this.#renew(context.database.renewLoginsAfterDays);
  }

  /** Retires the old login. It comes last: once these are deployed, no process of this feed uses that login any more. */
  retireLoader(after: readonly IDependable[]): void {
    if (this.#context.database.loaderSecret) this.#resource('Loader', {}).node.addDependency(...after);
  }

  #resource(id: string, properties: Pick<DeployProperties, 'assets' | 'document'>): CustomResource {
    const resource = new CustomResource(this, id, {
      resourceType: `Custom::Nightfeed${id}`,
      serviceToken: this.#deploy.functionArn,
      serviceTimeout: Duration.seconds(processes.deploy.seconds + 60),
      properties: {
        ...properties,
        feed: this.#context.feedKey,
        migrate: this.#migrate.functionName,
        // A new bundle may have new migrations, so it has to run again.
        code: (this.#migrate.node.findChild('Code') as Asset).assetHash,
      } satisfies DeployProperties & { code: string },
    });
    for (const needed of [this.#deploy, this.#migrate]) resource.node.addDependency(needed);
    return resource;
  }

  #renew(days: number): void {
    new Schedule(this, 'Passwords', {
      description: `Gives the logins of feed ${this.#context.feed.feed} new passwords`,
      schedule: ScheduleExpression.rate(Duration.days(days)),
      target: new LambdaInvoke(this.#migrate, {
        input: ScheduleTargetInput.fromObject({ feed: this.#context.feedKey, renew: true }),
      }),
    }).node.addDependency(this.feed);
  }
}

/** The document as a file, which CDK uploads under a hash of its content. */
function documentAsset(scope: Construct, { feed }: PipelineContext): Asset {
  const folder = mkdtempSync(join(tmpdir(), 'nightfeed-feed-'));
  try {
    const path = join(folder, 'feed.json');
    writeFileSync(path, canonicalJson(feed));
    return new Asset(scope, 'Document', { path });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
