import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';

const ROLE = /^(?:arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]+\/)?)?([\w+=,.@-]{1,64})$/;

const roles = z.array(matching(ROLE, "expected a role's name, or its ARN")).default([]);

/** Who may use `nightfeed --stack`, and how people are counted. */
export const peopleSchema = {
  readers: roles.describe('Roles of IAM whose people may look with `nightfeed --stack`.'),
  operators: roles.describe('Roles of IAM whose people may also start nights and decide.'),
  people_roles: roles.describe(
    'Roles whose trust policy lets each person use only their own name for a session: where two people must approve, these sessions count as people. docs/guards.md has the policy.',
  ),
};

/** The name of a role, of which the configuration has name or ARN. */
export function roleName(role: string): string {
  return ROLE.exec(role)![2]!;
}

/**
 * What is wrong with roles that get a policy, or that count as people, or null. CloudFormation attaches a policy by a role's name alone: an
 * ARN of another account would give the rights to whatever role has this name here.
 */
export function faultOfRole(role: string, account: string | undefined, gets: 'a policy' | 'no policy'): string | null {
  const [, of, name = ''] = ROLE.exec(role) ?? [];
  if (of !== undefined && account === undefined)
    return `${role} names an account; expected the name alone (${name}), or \`account\` in this file, to compare it with`;
  if (of !== undefined && of !== account) return `${role} is of account ${of}; expected a role of account ${account}`;
  if (gets === 'a policy' && /^AWSReservedSSO_/i.test(name))
    return `${name} belongs to Identity Center, which attaches policies itself; name nightfeed's policy in its permission set`;
  return null;
}
