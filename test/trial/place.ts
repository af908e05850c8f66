import type { Aws } from '../support/aws/aws.ts';

/** Where a trial runs: an account, or the emulator. */
export interface Place {
  readonly aws: Aws;
  /** For the CDK and the command line: the region, and whose credentials they use. */
  readonly environment: Readonly<Record<string, string>>;
  /** `aws://ACCOUNT/REGION` */
  readonly bootstrap: string;
  /** `cdk bootstrap` while nobody else prepares the same place. */
  alone(work: () => Promise<void>): Promise<void>;
  /** What nightfeed.config.yaml has beside stage, region and feeds. */
  config(folder: string): Promise<object>;
  /** Changes what was synthesised into a folder, where the place needs that. */
  adapt(folder: string): Promise<void>;
  /** What the tasks of these feeds run. */
  startContainers(folder: string, stage: string, feeds: readonly string[]): Promise<void>;
}
