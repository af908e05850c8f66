import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a rule of cdk-nag's AwsSolutions does not apply to a construct and its children. Wildcards in resources get names that are
 * only known in the template: test/infra/security/nag.long.test.ts lists these, with reasons.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** Actions that AWS cannot limit to a resource. */
export const ANY_RESOURCE = 'IAM5[Resource::*]';
