import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { PipelineKeys } from './constructs/pipeline-context.ts';
import type { KeysConfig } from './keys-config.ts';

/** A key that the configuration names. Naming it adds nothing to the stack. */
export function importedKey(scope: Construct, id: string, arn: string | undefined): IKey | undefined {
  return arn === undefined ? undefined : Key.fromKeyArn(scope, id, arn);
}

/** The keys of each pipeline, beside the key of the lake. */
export function pipelineKeys(
  scope: Construct,
  { secrets, messages, bootstrap, vendor = [] }: KeysConfig,
): PipelineKeys {
  return {
    secrets: importedKey(scope, 'SecretsKey', secrets),
    messages: importedKey(scope, 'MessagesKey', messages),
    bootstrap: importedKey(scope, 'BootstrapKey', bootstrap),
    vendor: vendor.map((arn, index) => Key.fromKeyArn(scope, `VendorKey${index}`, arn)),
  };
}
