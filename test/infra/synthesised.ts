import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { parseChecked } from '../../lib/feed-file/yaml.ts';
import { type Config, configSchema } from '../../lib/infra/config.ts';
import { deployment } from '../../lib/infra/deployment.ts';
import { parseFeed } from '../support/parse-feed.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The feed of examples/own-stack, which the repository's own configuration deploys. */
export const cloudFeed = parseFeed(read('examples/own-stack/feed.yaml'), 'feed.yaml');

/** The same with deliveries that no task holds. */
export const sparkFeed = { ...cloudFeed, spark: { above: 20e9 } };

/** The same from a vendor's bucket. */
export const bucketFeed = {
  ...cloudFeed,
  source: { s3: { bucket: 'vendor-deliveries', path: '/out/{date}', requester_pays: false } },
};

export const slack = { workspace: 'T07EA123LEP', channel: 'C07EZ1ABC23' };

/** A network and a database that somebody else made. */
export const existingPlaces: Partial<Config> = {
  network: { existing: { vpc_id: 'vpc-0a1b2c3d', subnet_ids: ['subnet-0a1b2c3d', 'subnet-0e1f2a3b'] } },
  database: {
    existing: {
      host: 'db.example.com',
      port: 5432,
      dbname: 'shop',
      owner_secret: 'shop/owner',
      security_group: 'sg-0a1b2c3d',
    },
  },
};

/** A copy of the lake, and of the backups of each day. */
export const copies: Partial<Config> = {
  lake: { keep_removed_days: 90, copy_to: 'lake-copy' },
  database: { backup: { keep_days: 35, copy_to: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:copy' } },
};

/** nightfeed.config.yaml with other options. */
export function configWith(options: Partial<Config> = {}): Config {
  return { ...parseChecked(read('nightfeed.config.yaml'), 'nightfeed.config.yaml', configSchema), ...options };
}

interface Options {
  readonly config?: Partial<Config>;
  readonly feeds?: readonly Feed[];
  readonly context?: Record<string, unknown>;
}

/** A stage without its bundles, which take seconds; test/infra/synth.test.ts makes them. */
export function appOf({ config = {}, feeds = [cloudFeed], context = {} }: Options = {}): App {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
  const whole = configWith(config);
  deployment(
    app,
    whole,
    feeds.map((feed) => ({ feed, options: whole.feeds[0]! })),
  );
  return app;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template has the form that CloudFormation documents for each type
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Templates by stack. */
export function templatesOf(app: App): Record<string, Template> {
  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template as Template]));
}

export function resourcesOf(template: Template | undefined, type: string): (Resource & { readonly id: string })[] {
  return Object.entries(template?.Resources ?? {})
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }));
}

/** Those in whose definition a text stands. */
export function resourcesWith(all: Record<string, Template>, text: string) {
  return Object.values(all).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, resource]) => JSON.stringify(resource).includes(text))
      .map(([id, { Type }]) => ({ id, Type })),
  );
}

export function ftpOf({ source }: typeof cloudFeed) {
  if (!('ftp' in source)) throw new Error('the example has another source');
  return source.ftp;
}

/** A resource of a policy without what only CloudFormation needs. */
export function short(resource: unknown): string {
  const text = JSON.stringify(resource);
  const object = /\/(landing|raw|snapshots|changes|receipts|current|feeds|errands|answers)\/catalog\/\*/.exec(text);
  if (object) return object[1]!;
  const named = /secret:([\w-]+)-\?{6}/.exec(text)?.[1] ?? /Aurora(Loader|Cluster)Secret/.exec(text)?.[0];
  if (named) return named;
  if (/ExportsOutput\w+Bucket\w+Arn/.test(text)) return 'bucket';
  const [, id, attribute] =
    /"Fn::GetAtt":\["([A-Za-z]+?)[0-9A-F]{8}","(\w+)"/.exec(text) ?? /"Ref":"([A-Za-z]+?)[0-9A-F]{8}"/.exec(text) ?? [];
  return id ? (attribute && attribute !== 'Arn' ? `${id}.${attribute}` : id) : text;
}
