import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a rule of cdk-nag's AwsSolutions does not hold for a construct and what is below it. Wildcards within resources have
 * names that only the template knows: test/infra/security.long.test.ts lists them, with their reasons.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** Calls for which AWS knows no resource. */
export const ANY_RESOURCE = 'IAM5[Resource::*]';
