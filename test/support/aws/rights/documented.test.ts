import { describe, expect, test } from 'vitest';
import type { Conditions, Context } from './conditions.ts';
import { decide, type Policies, type Statement } from './policy.ts';

/**
 * What AWS's user guide of IAM says, sentence by sentence, in other words; read in November 2026. A second opinion about the evaluator: each
 * case is made from the page, and not from what the evaluator does.
 */
const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const pages = {
  logic: `${GUIDE}/reference_policies_evaluation-logic.html`,
  action: `${GUIDE}/reference_policies_elements_notaction.html`,
  resource: `${GUIDE}/reference_policies_elements_resource.html`,
  notResource: `${GUIDE}/reference_policies_elements_notresource.html`,
  operators: `${GUIDE}/reference_policies_elements_condition_operators.html`,
  several: `${GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html`,
  sets: `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
} as const;

const USER = 'arn:aws:iam::123456789012:role/ada';
type Asked = readonly [action: string, resource: string, context?: Context];

function answer([action, resource, context = {}]: Asked, identity: readonly Statement[], more: Partial<Policies> = {}) {
  const policies = { identity: identity.map((statement) => ({ Statement: [statement] })), ...more };
  return decide({ principal: { role: USER }, action, resource, context }, policies).isAllowed;
}

const allowAll: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const get: Asked = ['s3:GetObject', 'arn:aws:s3:::bucket/a'];

describe(pages.logic, () => {
  test.each<[sentence: string, Asked, Statement[], boolean]>([
    ['by default all requests are denied', get, [], false],
    ['an explicit allow overrides this default', get, [allowAll], true],
    ['an explicit deny overrides every allow', get, [allowAll, { ...allowAll, Effect: 'Deny' }], false],
    ['in whatever order they stand', get, [{ ...allowAll, Effect: 'Deny' }, allowAll], false],
    [
      'a deny of something else denies nothing',
      get,
      [allowAll, { Effect: 'Deny', Action: 'sns:*', Resource: '*' }],
      true,
    ],
  ])('%s', (_sentence, asked, statements, expected) => {
    expect(answer(asked, statements)).toBe(expected);
  });

  test('policies of identity and resource are taken together within an account, and either may allow', () => {
    const resource = { Statement: [{ ...allowAll, Principal: { AWS: USER } }] };
    expect(answer(get, [], { resource })).toBe(true);
    expect(answer(get, [{ ...allowAll, Effect: 'Deny' }], { resource })).toBe(false);
  });
});

describe(pages.action, () => {
  const notIam: Statement = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' };
  test.each<[sentence: string, Asked, Statement[], boolean]>([
    ['with Allow it allows all actions but those', get, [notIam], true],
    ['and those not', ['iam:CreateUser', '*'], [notIam], false],
    ['which another statement may allow all the same', ['iam:CreateUser', '*'], [notIam, allowAll], true],
    ['with Deny it denies all actions but those', get, [allowAll, { ...notIam, Effect: 'Deny' }], false],
    ['and does not allow those itself', ['iam:CreateUser', '*'], [{ ...notIam, Effect: 'Deny' }], false],
    ['nor deny them', ['iam:CreateUser', '*'], [allowAll, { ...notIam, Effect: 'Deny' }], true],
    ['it fits only resources of the statement', get, [{ ...notIam, Resource: 'arn:aws:s3:::other/*' }], false],
  ])('%s', (_sentence, asked, statements, expected) => {
    expect(answer(asked, statements)).toBe(expected);
  });
});

describe(pages.resource, () => {
  const queue = 'arn:aws:sqs:us-east-2:123456789012:queue1';
  const function_ = 'arn:aws:lambda:us-east-2:123456789012:function:name:live';
  test.each<[sentence: string, resource: string, pattern: string, boolean]>([
    ['names are compared in their letters', queue, queue.replace('queue1', 'Queue1'), false],
    ['* is any text within a part', queue, 'arn:aws:sqs:*:123456789012:queue1', true],
    ['? is one character', queue, 'arn:aws:sqs:us-east-?:123456789012:queue?', true],
    ['and not none', queue, `${queue}?`, false],
    ['* may be no text', queue, `${queue}*`, true],
    ['* stands for slashes, too', 'arn:aws:s3:::bucket/1/2/test/3/o.jpg', 'arn:aws:s3:::bucket/*/test/*', true],
    ['but for nothing that is not there', 'arn:aws:s3:::bucket/1/test.jpg', 'arn:aws:s3:::bucket/*/test/*', false],
    ['in the middle of a part it stays within it', queue, 'arn:aws:s*2:123456789012:queue1', false],
    ['at the end of a part it may go beyond the colon', queue, 'arn:aws:sqs:*', true],
    ['also in the middle of the ARN', queue, 'arn:aws:sqs:us-*:queue1', true],
    ['and then what follows has to fit', queue, 'arn:aws:sqs:us-*:queue2', false],
    ['of another service it never is', queue, 'arn:aws:sns:*', false],
    ['the last part may have colons', function_, 'arn:aws:lambda:us-east-2:123456789012:function:name:*', true],
    ['of which an unqualified name is another one', function_, function_.replace(':live', ''), false],
    ['* alone is every resource', queue, '*', true],
  ])('%s', (_sentence, resource, Resource, expected) => {
    expect(answer(['any:Action', resource], [{ Effect: 'Allow', Action: '*', Resource }])).toBe(expected);
  });
});

describe(pages.notResource, () => {
  const others: Statement = {
    Effect: 'Deny',
    Action: 's3:*',
    NotResource: ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*'],
  };
  test.each<[sentence: string, Asked, Statement[], boolean]>([
    ['with Deny it denies what is not listed', get, [allowAll, others], false],
    ['and leaves what is listed to others', ['s3:GetObject', 'arn:aws:s3:::mine/a'], [allowAll, others], true],
    ['of which it allows none itself', ['s3:GetObject', 'arn:aws:s3:::mine/a'], [others], false],
    ['other actions are not meant', ['sns:Publish', 'arn:aws:sns:eu-west-1:1:t'], [allowAll, others], true],
    ['with Allow it allows all that is not listed', get, [{ ...others, Effect: 'Allow' }], true],
  ])('%s', (_sentence, asked, statements, expected) => {
    expect(answer(asked, statements)).toBe(expected);
  });
});

const conditionCases = (cases: readonly [sentence: string, Conditions, Context, boolean][]) =>
  test.each(cases)('%s', (_sentence, Condition, context, expected) => {
    expect(answer(['a:B', '*', context], [{ ...allowAll, Condition }])).toBe(expected);
  });

describe(pages.operators, () => {
  const arn = (region: string) => `arn:aws:events:${region}:123456789012:rule/night`;
  conditionCases([
    ['StringEquals is exact', { StringEquals: { k: 'Ada' } }, { k: 'ada' }, false],
    ['and takes a wildcard for text', { StringEquals: { k: 'a*' } }, { k: 'ada' }, false],
    ['StringEqualsIgnoreCase ignores case', { StringEqualsIgnoreCase: { k: 'Ada' } }, { k: 'aDA' }, true],
    ['its negation, too', { StringNotEqualsIgnoreCase: { k: 'Ada' } }, { k: 'aDA' }, false],
    ['StringLike has wildcards', { StringLike: { k: 'a?a*' } }, { k: 'ada lovelace' }, true],
    ['and minds the case', { StringLike: { k: 'A*' } }, { k: 'ada' }, false],
    ['StringNotLike is its negation', { StringNotLike: { k: 'a*' } }, { k: 'bob' }, true],
    ['ArnLike compares each part, with wildcards', { ArnLike: { k: arn('*') } }, { k: arn('eu-west-1') }, true],
    ['ArnEquals does the same', { ArnEquals: { k: arn('*') } }, { k: arn('eu-west-1') }, true],
    ['a wildcard stays within its part', { ArnLike: { k: 'arn:aws:events:*:rule/night' } }, { k: arn('eu') }, false],
    ['ArnNotLike is the negation', { ArnNotLike: { k: arn('us-*') } }, { k: arn('eu-west-1') }, true],
    ['Bool', { Bool: { k: 'true' } }, { k: 'false' }, false],
    ['NumericLessThanEquals', { NumericLessThanEquals: { k: '10' } }, { k: '10' }, true],
    ['a key that is absent does not match', { StringLike: { k: '*' } }, {}, false],
    ['unless it must not match', { StringNotLike: { k: 'a*' } }, {}, true],
    ['of ARNs as well', { ArnNotEquals: { k: arn('eu') } }, {}, true],
    ['IfExists: absent is true', { ArnLikeIfExists: { k: arn('eu') } }, {}, true],
    ['IfExists: what is there is compared', { ArnLikeIfExists: { k: arn('eu') } }, { k: arn('us') }, false],
    ['Null true: the key is absent', { Null: { k: 'true' } }, {}, true],
    ['Null false: the key is there', { Null: { k: 'false' } }, {}, false],
  ]);
});

describe(pages.several, () => {
  const both = { StringEquals: { a: ['1', '2'], b: '3' }, StringNotEquals: { c: ['4', '5'] } };
  conditionCases([
    ['values are alternatives, keys and operators are all needed', both, { a: '2', b: '3', c: '6' }, true],
    ['one key that does not match is enough', both, { a: '2', b: '9', c: '6' }, false],
    ['and one operator', both, { a: '2', b: '3', c: '5' }, false],
    ['values of a negation: none may match', { StringNotLike: { a: ['x*', 'y*'] } }, { a: 'yes' }, false],
  ]);

  test('a deny whose conditions do not all hold denies nothing', () => {
    const deny = { ...allowAll, Effect: 'Deny', Condition: both } as const;
    expect(answer(['a:B', '*', { a: '2', b: '3', c: '6' }], [allowAll, deny])).toBe(false);
    expect(answer(['a:B', '*', { a: '2', b: '3', c: '5' }], [allowAll, deny])).toBe(true);
  });
});

describe(pages.sets, () => {
  const any = (k: string[]) => ({ 'ForAnyValue:StringEquals': { k } });
  const all = (k: string[]) => ({ 'ForAllValues:StringLike': { k } });
  conditionCases([
    ['ForAnyValue: one value of the request is enough', any(['x', 'y']), { k: ['a', 'y'] }, true],
    ['none is not', any(['x', 'y']), { k: ['a', 'b'] }, false],
    ['nor a key that is absent', any(['x']), {}, false],
    ['nor one without values', any(['x']), { k: [] }, false],
    ['ForAllValues: each value of the request has to match one', all(['x*', 'y']), { k: ['x1', 'y'] }, true],
    ['one that matches none is enough to fail', all(['x*', 'y']), { k: ['x1', 'z'] }, false],
    ['it is true for a key that is absent', all(['x']), {}, true],
    ['or has no values', all(['x']), { k: [] }, true],
    ['which Null false rules out', { ...all(['x']), Null: { k: 'false' } }, {}, false],
    [
      'ForAnyValue of a negation: one value that matches none',
      { 'ForAnyValue:StringNotEquals': { k: ['x'] } },
      { k: ['x', 'z'] },
      true,
    ],
    ['and none such', { 'ForAnyValue:StringNotEquals': { k: ['x', 'z'] } }, { k: ['x', 'z'] }, false],
    ['which an absent key has not', { 'ForAnyValue:StringNotEquals': { k: ['x'] } }, {}, false],
    [
      'ForAllValues of a negation: no value may match',
      { 'ForAllValues:StringNotLike': { k: ['x*'] } },
      { k: ['a', 'x1'] },
      false,
    ],
  ]);
});

test('an element that is not evaluated is refused', () => {
  const others = { Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal: { AWS: USER } } as unknown as Statement;
  expect(() => answer(get, [allowAll], { resource: { Statement: [others] } })).toThrow(/NotPrincipal/);
});
