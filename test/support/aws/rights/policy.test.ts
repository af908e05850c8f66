import { describe, expect, test } from 'vitest';
import type { Conditions, Context } from './conditions.ts';
import { type Access, decide, type Policies, type Policy, type Statement } from './policy.ts';

/** Cases of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and of the pages on elements of policies. */

const ROLE = 'arn:aws:iam::111122223333:role/step';
const ROOT = 'arn:aws:iam::111122223333:root';
const OBJECT = 'arn:aws:s3:::lake/landing/shop/2026-11-20/a';

const read: Access = { principal: { role: ROLE }, action: 's3:GetObject', resource: OBJECT, context: {} };
const byService: Access = { ...read, principal: { service: 'events.amazonaws.com' } };

const allow = (more: Partial<Statement> = {}): Policy => policy({ Effect: 'Allow', ...more });
const deny = (more: Partial<Statement> = {}): Policy => policy({ Effect: 'Deny', ...more });
function policy(more: Partial<Statement> & Pick<Statement, 'Effect'>): Policy {
  const [action, resource] = [
    more.NotAction ? {} : { Action: 's3:GetObject' },
    more.NotResource ? {} : { Resource: '*' },
  ];
  return { Statement: [{ ...action, ...resource, ...more }] };
}

const isAllowed = (policies: Partial<Policies>, access = read) =>
  decide(access, { identity: [], ...policies }).isAllowed;

describe('which policy decides', () => {
  const byRole = { Principal: { AWS: ROLE } };
  const events = { Principal: { Service: 'events.amazonaws.com' } };
  test.each<[string, Partial<Policies>, boolean, Access?]>([
    ['nothing that allows is a no', {}, false],
    ['a policy of the role allows', { identity: [allow()] }, true],
    ['one of several is enough', { identity: [allow({ Action: 's3:PutObject' }), allow()] }, true],
    ['a denial of the role wins', { identity: [allow(), deny()] }, false],
    ['a denial of the resource wins', { identity: [allow()], resource: deny({ Principal: '*' }) }, false],
    [
      'a denial for somebody else is none',
      { identity: [allow()], resource: deny({ Principal: { AWS: `${ROLE}2` } }) },
      true,
    ],
    ['the resource alone allows within an account', { resource: allow(byRole) }, true],
    ['the account as a principal leaves it to the role', { resource: allow({ Principal: { AWS: ROOT } }) }, false],
    ['a boundary allows nothing itself', { boundary: allow() }, false],
    ['a boundary limits', { identity: [allow()], boundary: allow({ Action: 's3:PutObject' }) }, false],
    ['a boundary lets pass what it allows', { identity: [allow()], boundary: allow() }, true],
    [
      'a boundary that denies wins',
      { identity: [allow()], boundary: { Statement: [...allow().Statement, ...deny().Statement] } },
      false,
    ],
    [
      'a boundary limits what a resource allows a role',
      { resource: allow(byRole), boundary: allow({ Action: 's3:PutObject' }) },
      false,
    ],
    ['a key needs its own policy', { identity: [allow()], needsResource: true }, false],
    [
      'a key that trusts the account leaves it to the role',
      { identity: [allow()], resource: allow({ Principal: { AWS: ROOT } }), needsResource: true },
      true,
    ],
    [
      'a key that trusts the account allows nothing itself',
      { resource: allow({ Principal: { AWS: ROOT } }), needsResource: true },
      false,
    ],
    ['a key that names the role allows', { resource: allow(byRole), needsResource: true }, true],
    ['a service needs the policy of the resource', { identity: [allow()] }, false, byService],
    ['a service that is named', { resource: allow(events) }, true, byService],
    [
      'another service than the one that is named',
      { resource: allow({ Principal: { Service: 'sns.amazonaws.com' } }) },
      false,
      byService,
    ],
    [
      'a service that is denied',
      { resource: { Statement: [...allow(events).Statement, ...deny({ Principal: '*' }).Statement] } },
      false,
      byService,
    ],
  ])('%s', (_title, policies, expected, access = read) => {
    expect(isAllowed(policies, access)).toBe(expected);
  });
});

describe('what a statement is about', () => {
  test.each<[string, Partial<Statement>, boolean]>([
    ['the action', { Action: ['s3:PutObject', 's3:GetObject'] }, true],
    ['the action in other letters', { Action: 'S3:getobject' }, true],
    ['actions with a wildcard', { Action: 's3:Get*' }, true],
    ['actions with a wildcard for one character', { Action: 's3:?etObject' }, true],
    ['every action', { Action: '*' }, true],
    ['a longer action', { Action: 's3:GetObjectAcl' }, false],
    ['all but others', { NotAction: ['s3:PutObject', 'sns:*'] }, true],
    ['all but this one', { NotAction: 's3:Get*' }, false],
    ['objects below a prefix', { Resource: 'arn:aws:s3:::lake/landing/shop/*' }, true],
    ['objects of another feed', { Resource: 'arn:aws:s3:::lake/landing/shoes/*' }, false],
    ['the bucket, which is not its objects', { Resource: 'arn:aws:s3:::lake' }, false],
    ['names in other letters', { Resource: 'arn:aws:s3:::LAKE/*' }, false],
    ['a wildcard that would have to cross a colon', { Resource: 'arn:aws:s*lake/*' }, false],
    ['all but other objects', { NotResource: 'arn:aws:s3:::lake/current/*' }, true],
    ['all but this object', { NotResource: 'arn:aws:s3:::lake/*' }, false],
  ])('%s', (_title, statement, expected) => {
    expect(isAllowed({ identity: [allow(statement)] })).toBe(expected);
  });

  test('the last part of an ARN holds its further colons', () => {
    const access = {
      ...read,
      action: 'states:DescribeExecution',
      resource: 'arn:aws:states:eu-west-1:111122223333:execution:night:1',
    };
    const on = (Resource: string) => isAllowed({ identity: [allow({ Action: access.action, Resource })] }, access);
    expect(on('arn:aws:states:eu-west-1:111122223333:execution:night:*')).toBe(true);
    expect(on('arn:aws:states:eu-west-1:111122223333:execution:other:*')).toBe(false);
    expect(on('arn:aws:states:*:*:execution:*')).toBe(true);
  });

  test('a policy variable is refused, rather than taken for text', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is IAM's notation
    expect(() => isAllowed({ identity: [allow({ Resource: 'arn:aws:s3:::${aws:username}' })] })).toThrow(/variable/);
  });
});

describe('conditions', () => {
  test.each<[string, Conditions, Context, boolean]>([
    ['equal', { StringEquals: { 'iam:PassedToService': 'ecs' } }, { 'iam:PassedToService': 'ecs' }, true],
    [
      'names of keys in other letters',
      { StringEquals: { 'AWS:sourceaccount': '1' } },
      { 'aws:SourceAccount': '1' },
      true,
    ],
    ['equal to one of several', { StringEquals: { a: ['x', 'y'] } }, { a: 'y' }, true],
    ['other letters', { StringEquals: { a: 'X' } }, { a: 'x' }, false],
    ['absent', { StringEquals: { a: 'x' } }, {}, false],
    ['absent, and asked only if it is there', { StringEqualsIfExists: { a: 'x' } }, {}, true],
    ['there, and asked only if it is there', { StringEqualsIfExists: { a: 'x' } }, { a: 'y' }, false],
    ['like', { StringLike: { a: 'out/????-??-??/*' } }, { a: 'out/2026-11-20/' }, true],
    ['unlike', { StringLike: { a: 'out/????-??-??/*' } }, { a: 'other/2026-11-20/' }, false],
    ['like, only if it is there', { StringLikeIfExists: { a: 'out/*' } }, {}, true],
    ['not equal', { StringNotEquals: { a: ['x', 'y'] } }, { a: 'z' }, true],
    ['equal to one of what it must not be', { StringNotEquals: { a: ['x', 'y'] } }, { a: 'y' }, false],
    ['not equal, for it is absent', { StringNotEquals: { a: 'x' } }, {}, true],
    [
      'an ARN',
      { ArnEquals: { a: 'arn:aws:events:eu-west-1:1:rule/*' } },
      { a: 'arn:aws:events:eu-west-1:1:rule/night' },
      true,
    ],
    [
      'another ARN',
      { ArnLike: { a: 'arn:aws:events:eu-west-1:1:rule/x' } },
      { a: 'arn:aws:events:eu-west-1:1:rule/y' },
      false,
    ],
    ['true', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    ['false', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'false' }, true],
    ['less', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, { 's3:TlsVersion': '1.1' }, true],
    ['not less', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, { 's3:TlsVersion': '1.2' }, false],
    ['absent, as it has to be', { Null: { a: 'true' } }, {}, true],
    ['there, and has to be absent', { Null: { a: 'true' } }, { a: 'x' }, false],
    ['there, as it has to be', { Null: { a: 'false' } }, { a: 'x' }, true],
    ['absent, and has to be there', { Null: { a: 'false' } }, {}, false],
    ['all keys of an operator', { StringEquals: { a: 'x', b: 'y' } }, { a: 'x', b: 'z' }, false],
    ['all operators', { StringEquals: { a: 'x' }, Null: { b: 'true' } }, { a: 'x', b: 'y' }, false],
  ])('%s', (_title, Condition, context, expected) => {
    expect(isAllowed({ identity: [allow({ Condition })] }, { ...read, context })).toBe(expected);
  });

  test('a denial counts only where its conditions hold', () => {
    const resource = deny({ Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    const over = (secure: string) => ({ ...read, context: { 'aws:SecureTransport': secure } });
    expect(isAllowed({ identity: [allow()], resource }, over('true'))).toBe(true);
    expect(isAllowed({ identity: [allow()], resource }, over('false'))).toBe(false);
  });

  test('an operator that is not known here is refused', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    expect(() => isAllowed({ identity: [allow({ Condition })] })).toThrow(/IpAddress/);
  });
});
