import { type Conditions, type Context, holds, listOf } from './conditions.ts';
import { fits, fitsResource } from './patterns.ts';

/** A policy as IAM takes it, with the elements that ours have. */
export interface Policy {
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  /** Only in policies of resources. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Conditions;
}

/** Who asks: a role, or a service of AWS. */
export type Principal = { readonly role: string } | { readonly service: string };

export interface Access {
  readonly principal: Principal;
  /** `s3:GetObject`, for example. */
  readonly action: string;
  /** `*` for an action that knows no resource. */
  readonly resource: string;
  /** Condition keys with their values. */
  readonly context: Context;
}

export interface Policies {
  /** Those of the role. */
  readonly identity: readonly Policy[];
  /** What the role's policies can allow at most, where it has a permissions boundary. */
  readonly boundary?: Policy | undefined;
  /** That of the resource, where it has one. */
  readonly resource?: Policy | undefined;
  /** Of keys and roles: their own policy has to allow, itself or by trusting the account. */
  readonly needsResource?: boolean | undefined;
}

export type Decision =
  | { readonly isAllowed: true; readonly by: readonly Statement[] }
  | { readonly isAllowed: false; readonly why: string };

/**
 * Decides as IAM does within one account, without policies of an organisation or of a session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(access: Access, policies: Policies): Decision {
  const { identity, boundary, resource, needsResource = false } = policies;
  const found = (policy: Policy | undefined, effect: Statement['Effect']) =>
    (policy?.Statement ?? []).filter((statement) => statement.Effect === effect && applies(statement, access));
  const ofResource = (effect: Statement['Effect'], as: (statement: Statement) => boolean) =>
    found(resource, effect).filter(as);
  const names = (statement: Statement) => isNamed(statement, access.principal);

  if (
    [...identity, boundary].some((policy) => found(policy, 'Deny').length > 0) ||
    ofResource('Deny', names).length > 0
  )
    return { isAllowed: false, why: 'a statement denies it' };
  const byResource = ofResource('Allow', names);
  if ('service' in access.principal)
    return byResource.length > 0
      ? { isAllowed: true, by: byResource }
      : { isAllowed: false, why: 'the policy of the resource does not allow it to this service' };
  if (boundary && found(boundary, 'Allow').length === 0)
    return { isAllowed: false, why: "the role's boundary does not allow it" };
  if (byResource.length > 0) return { isAllowed: true, by: byResource };
  if (needsResource && ofResource('Allow', trustsAccount).length === 0)
    return { isAllowed: false, why: 'the policy of the resource does not trust the account' };
  const by = identity.flatMap((policy) => found(policy, 'Allow'));
  return by.length > 0 ? { isAllowed: true, by } : { isAllowed: false, why: 'no statement allows it' };
}

const elements = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition'];

/** Whether action, resource and conditions of a statement fit. A trust policy has no resource. */
function applies(statement: Statement, { action, resource, context }: Access): boolean {
  const unknown = Object.keys(statement).find((name) => !elements.includes(name));
  // A NotPrincipal that is passed over would make a denial of everybody one of nobody.
  if (unknown !== undefined) throw new Error(`an element of a statement that is not evaluated here: ${unknown}`);
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const isAction = (pattern: string) => fits(action.toLowerCase(), pattern.toLowerCase());
  const isResource = (pattern: string) => fitsResource(resource, pattern);
  const actions = Action === undefined ? !listOf(NotAction).some(isAction) : listOf(Action).some(isAction);
  const resources =
    NotResource === undefined ? listOf(Resource ?? '*').some(isResource) : !listOf(NotResource).some(isResource);
  return actions && resources && holds(Condition, context);
}

function isNamed({ Principal }: Statement, principal: Principal): boolean {
  if (Principal === undefined || Principal === '*') return Principal === '*';
  if ('service' in principal) return listOf(Principal.Service).includes(principal.service) || isAnybody(Principal);
  return listOf(Principal.AWS).includes(principal.role) || isAnybody(Principal);
}

const isAnybody = (principal: Readonly<Record<string, string | readonly string[]>>) =>
  listOf(principal.AWS).includes('*');

function trustsAccount({ Principal }: Statement): boolean {
  if (Principal === undefined || Principal === '*') return false;
  return listOf(Principal.AWS).some((arn) => arn.endsWith(':root'));
}
