import { expect, test } from 'vitest';
import { type Approval, hasApproved, openHolds } from '../../../lib/core/guards/approval.ts';
import { decisionCommands } from '../../../lib/core/guards/decision-commands.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';

const hold = (guard: Finding['guard'], people?: number): Finding => ({
  table: 'items',
  guard,
  value: 1,
  limit: 0,
  unit: 'share',
  ...(people ? { people } : {}),
});
const holds = [hold('MASS_DELETE', 2), hold('MASS_UPDATE'), { ...hold('MASS_UPDATE'), table: 'stock' }];
/** As the ledger says it. */
const by = (name: string, guards: Approval['guards']): Approval => ({ guards, by: name });
const ada = by('ada', ['MASS_DELETE', 'MASS_UPDATE']);

test.each<[string, Approval[], string[]]>([
  ['nobody', [], ['MASS_DELETE', 'MASS_UPDATE', 'MASS_UPDATE']],
  ['one person, everything', [ada], ['MASS_DELETE']],
  ['the same person twice', [ada, by(' ADA', ada.guards)], ['MASS_DELETE']],
  ['two people', [ada, by('bob', ['MASS_DELETE'])], []],
  ['two people, one for all guards', [by('ada', null), by('bob', null)], []],
  ['one guard', [by('ada', ['MASS_UPDATE'])], ['MASS_DELETE']],
])('after %s still open are', (_who, approvals, open) => {
  expect(openHolds(holds, approvals, undefined).map(({ guard }) => guard)).toEqual(open);
});

const sts = 'arn:aws:sts::123456789012:';
const iam = 'arn:aws:iam::123456789012:';
const people = ['Operators', 'AWSReservedSSO_Ops_01'];

test.each<[string, string, string, number, (readonly string[])?]>([
  [
    'sessions of a role, named by who assumes it',
    `${sts}assumed-role/Operators/ada`,
    `${sts}assumed-role/Operators/bob`,
    1,
  ],
  [
    'sessions of a role that names them after people',
    `${sts}assumed-role/Operators/ada`,
    `${sts}assumed-role/Operators/bob`,
    2,
    people,
  ],
  [
    'sessions of such roles, of the same name',
    `${sts}assumed-role/Operators/ada`,
    `${sts}assumed-role/AWSReservedSSO_Ops_01/Ada`,
    1,
    people,
  ],
  [
    'a user, and the session that only this user may have',
    `${iam}user/staff/ada`,
    `${sts}assumed-role/Operators/ada`,
    1,
    people,
  ],
  ['a user, and the session of another user', `${iam}user/staff/ada`, `${sts}assumed-role/Operators/bob`, 2, people],
  [
    'sessions of a role whose name begins like such a role',
    `${sts}assumed-role/OperatorsOfShop/ada`,
    `${sts}assumed-role/OperatorsOfShop/bob`,
    1,
    people,
  ],
  ['roles', `${sts}assumed-role/Operators/ada`, `${sts}assumed-role/Approvers/ada`, 2],
  ['a role in two accounts', `${sts}assumed-role/Operators/x`, 'arn:aws:sts::1:assumed-role/Operators/x', 2],
  ['users of IAM', `${iam}user/ada`, `${iam}user/bob`, 2],
  [
    'users of Identity Center, whose role nobody named',
    `${sts}assumed-role/AWSReservedSSO_Ops_01/ada@x.org`,
    `${sts}assumed-role/AWSReservedSSO_Ops_01/bob@x.org`,
    1,
  ],
  [
    'users of Identity Center',
    `${sts}assumed-role/AWSReservedSSO_Ops_01/ada@x.org`,
    `${sts}assumed-role/AWSReservedSSO_Ops_01/bob@x.org`,
    2,
    people,
  ],
  ['federated users, named by who makes them', `${sts}federated-user/ada`, `${sts}federated-user/bob`, 1, people],
  ['names that look alike', 'ada', 'a\u200bd\u00ada\u202e', 1],
])('two %s are so many people', (_what, one, other, count, roles = []) => {
  const approvals = [one, other].map((name) => by(name, ['MASS_DELETE']));
  expect(openHolds([hold('MASS_DELETE', 2)], approvals, roles)).toHaveLength(count === 2 ? 0 : 1);
  expect(hasApproved('MASS_DELETE', other, approvals.slice(0, 1), roles)).toBe(count === 1);
});

test('who has approved is told by name, however it is written', () => {
  expect(hasApproved('MASS_DELETE', 'Ada ', [ada], undefined)).toBe(true);
  expect(hasApproved('MASS_DELETE', 'bob', [ada], undefined)).toBe(false);
  expect(hasApproved('SCHEMA_ADD', 'ada', [ada], undefined)).toBe(false);
});

test('the commands to decide are whole', () => {
  expect(decisionCommands({ run: 'shop/2026-11-20', holds, stack: 'prod-shop' }).map(([, command]) => command)).toEqual(
    [
      'nightfeed --stack prod-shop status shop/2026-11-20',
      'nightfeed --stack prod-shop approve shop/2026-11-20 --reason WHY',
      'nightfeed --stack prod-shop approve shop/2026-11-20 --guard MASS_DELETE --reason WHY',
      'nightfeed --stack prod-shop approve shop/2026-11-20 --guard MASS_UPDATE --reason WHY',
      'nightfeed --stack prod-shop reject shop/2026-11-20 --reason WHY',
    ],
  );
  expect(
    decisionCommands({ run: 'shop/2026-11-20', holds: [hold('MASS_UPDATE')] }).map(([, command]) => command),
  ).toEqual([
    'nightfeed status shop/2026-11-20',
    'nightfeed approve shop/2026-11-20 --by YOU --reason WHY',
    'nightfeed reject shop/2026-11-20 --by YOU --reason WHY',
  ]);
});
