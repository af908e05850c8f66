import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aws } from '../aws.ts';
import { queryAws } from '../aws-request.ts';
import { adapt, bootstrap, cdkOf, networkOf, type Stage } from '../deployed-stacks.ts';
import { type Change, changedAssembly } from './changed-assembly.ts';

/** One stage of an emulator's account, deployed again and again from a folder, as somebody does from a clone. */
export class Deployments {
  readonly #aws: Aws;
  readonly #folder: string;
  readonly #stage: Omit<Stage, 'feed'>;
  #isBootstrapped = false;

  constructor(aws: Aws, folder: string, stage: Omit<Stage, 'feed'>) {
    this.#aws = aws;
    this.#folder = folder;
    this.#stage = stage;
  }

  /** `cdk deploy` of these stacks, and of those that they need. Resolves to what it wrote; `failed` when it did not succeed. */
  async deploy(
    feeds: Readonly<Record<string, string>>,
    stacks: readonly string[],
    change: Change = {},
  ): Promise<{ failed: boolean; output: string }> {
    const { name, database } = this.#stage;
    for (const [feed, text] of Object.entries(feeds)) await writeFile(join(this.#folder, `${feed}.yaml`), text);
    const config = {
      stage: name,
      region: this.#aws.client.region,
      feeds: Object.keys(feeds).map((feed) => ({ file: `${feed}.yaml` })),
      network: { existing: await networkOf(this.#aws) },
      database: { existing: database },
      recipients: ['night@example.com'],
    };
    await writeFile(join(this.#folder, 'nightfeed.config.yaml'), JSON.stringify(config));
    if (!this.#isBootstrapped) await bootstrap(this.#aws, this.#folder);
    this.#isBootstrapped = true;
    const output = join(this.#folder, 'cdk.out');
    await rm(output, { recursive: true, force: true });
    await this.#cdk('synth', '--quiet', '--output', output);
    await adapt(output, 'as deployed');
    await changedAssembly(output, change);
    const options = ['--require-approval', 'never', '--progress', 'events', '--concurrency', '2'];
    return ended(this.#cdk('deploy', ...stacks, '--app', output, ...options));
  }

  /** With the assembly that was deployed last. */
  async destroy(...stacks: readonly string[]): Promise<{ failed: boolean; output: string }> {
    return ended(this.#cdk('destroy', ...stacks, '--app', join(this.#folder, 'cdk.out'), '--force'));
  }

  /** Status of a stack, or '' where there is none. */
  async statusOf(stack: string): Promise<string> {
    const request = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack };
    const answer = await queryAws(this.#aws, 'cloudformation', request).catch(() => '');
    return /<StackStatus>(\w+)/.exec(answer)?.[1] ?? '';
  }

  #cdk(...args: string[]) {
    return cdkOf(this.#aws, this.#folder)(...args);
  }
}

async function ended(command: Promise<{ stdout: string; stderr: string }>) {
  return command.then(
    ({ stdout, stderr }) => ({ failed: false, output: stdout + stderr }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ failed: true, output: stdout + stderr }),
  );
}
