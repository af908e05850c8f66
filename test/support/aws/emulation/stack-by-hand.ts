import { setTimeout as sleep } from 'node:timers/promises';
import type { Aws } from '../aws.ts';
import { queryAws } from '../aws-request.ts';

export type Resources = Readonly<Record<string, { readonly Type: string; readonly [attribute: string]: unknown }>>;

/** A stack without the CDK, for what CloudFormation's emulation does. */
export class StackByHand {
  readonly name: string;
  readonly #aws: Aws;
  #changes = 0;
  /** By which it is known after its end, too. */
  #id = '';

  constructor(aws: Aws, name: string) {
    this.#aws = aws;
    this.name = name;
  }

  /** Makes or updates it through a change set, as `cdk deploy` does. Resolves to the status in which it ends. */
  async deploy(resources: Resources): Promise<string> {
    this.#changes += 1;
    const ChangeSetName = `change-${this.#changes}`;
    const ChangeSetType = this.#changes === 1 ? 'CREATE' : 'UPDATE';
    const TemplateBody = JSON.stringify({ Resources: resources });
    const made = await this.#ask('CreateChangeSet', { ChangeSetName, ChangeSetType, TemplateBody });
    this.#id = /<StackId>([^<]+)/.exec(made)![1]!;
    await this.#ask('ExecuteChangeSet', { ChangeSetName });
    return this.#end();
  }

  async delete(): Promise<string> {
    await this.#ask('DeleteStack');
    return this.#end();
  }

  async #end(): Promise<string> {
    for (;;) {
      const [, status = ''] =
        /<StackStatus>(\w+)/.exec(await this.#ask('DescribeStacks', { StackName: this.#id })) ?? [];
      if (/_(COMPLETE|FAILED)$/.test(status)) return status;
      await sleep(100);
    }
  }

  #ask(Action: string, more: Record<string, string> = {}): Promise<string> {
    const request = { Action, Version: '2010-05-15', StackName: this.name, ...more };
    return queryAws(this.#aws, 'cloudformation', request);
  }
}
