import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { NightfeedError } from '../lib/core/errors.ts';
import { feedSchema } from '../lib/feed-file/feed.ts';
import { parseChecked, readFeedFile } from '../lib/feed-file/yaml.ts';
import { checkAccount } from '../lib/infra/account-check.ts';
import { configSchema } from '../lib/infra/config.ts';
import { deployment } from '../lib/infra/deployment.ts';

/** What `cdk` starts: reads nightfeed.config.yaml, or the file that NIGHTFEED_CONFIG names, and the feed files in it. */
async function main(): Promise<void> {
  const path = process.env.NIGHTFEED_CONFIG ?? 'nightfeed.config.yaml';
  const config = parseChecked(await readConfig(path), path, configSchema);
  const feeds = [];
  for (const options of config.feeds) {
    const { feed } = await readFeedFile(resolve(dirname(path), options.file), feedSchema);
    feeds.push({ feed, options });
  }
  const app = new App();
  checkAccount(config.account, process.env.CDK_DEFAULT_ACCOUNT, app.node.tryGetContext('deploys-from'));
  deployment(app, config, feeds);
  app.synth();
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new NightfeedError('USAGE', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'Start from nightfeed.config.yaml of the repository, or name yours in NIGHTFEED_CONFIG.',
      cause: error,
    });
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof NightfeedError)) throw error;
  process.stderr.write(`${error.name}: ${error.message}\n${error.hint}\n`);
  process.exitCode = 2;
});
