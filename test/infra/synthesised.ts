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

export const slack = { workspace: 'T07EA123LEP', channel: 'C07EZ1ABC23' };

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
