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
const ada: Approval = { guards: ['MASS_DELETE', 'MASS_UPDATE'], by: 'ada' };

test.each<[string, Approval[], string[]]>([
  ['nobody', [], ['MASS_DELETE', 'MASS_UPDATE', 'MASS_UPDATE']],
  ['one person, everything', [ada], ['MASS_DELETE']],
  ['the same person twice', [ada, { ...ada, by: ' ADA' }], ['MASS_DELETE']],
  ['two people', [ada, { guards: ['MASS_DELETE'], by: 'bob' }], []],
  [
    'two people, one for all guards',
    [
      { guards: null, by: 'ada' },
      { guards: null, by: 'bob' },
    ],
    [],
  ],
  ['one guard', [{ guards: ['MASS_UPDATE'], by: 'ada' }], ['MASS_DELETE']],
])('after %s still open are', (_who, approvals, open) => {
  expect(openHolds(holds, approvals).map(({ guard }) => guard)).toEqual(open);
});

const approved = (...bys: string[]): Approval[] => bys.map((by) => ({ guards: ['MASS_DELETE'], by }));
const sts = 'arn:aws:sts::123456789012:';

test.each([
  [
    'sessions of a role, named by who assumes it',
    `${sts}assumed-role/Operators/ada`,
    `${sts}assumed-role/Operators/bob`,
    1,
  ],
  ['roles', `${sts}assumed-role/Operators/ada`, `${sts}assumed-role/Approvers/ada`, 2],
  ['a role in two accounts', `${sts}assumed-role/Operators/x`, 'arn:aws:sts::1:assumed-role/Operators/x', 2],
  ['users of IAM', 'arn:aws:iam::123456789012:user/ada', 'arn:aws:iam::123456789012:user/bob', 2],
  [
    'users of Identity Center',
    `${sts}assumed-role/AWSReservedSSO_Ops_01/ada@x.org`,
    `${sts}assumed-role/AWSReservedSSO_Ops_01/bob@x.org`,
    2,
  ],
  [
    'permission sets of a user of Identity Center',
    `${sts}assumed-role/AWSReservedSSO_Ops_01/ada@x.org`,
    `${sts}assumed-role/AWSReservedSSO_Dev_02/Ada@x.org`,
    1,
  ],
  ['federated users, named by who makes them', `${sts}federated-user/ada`, `${sts}federated-user/bob`, 1],
  ['names that look alike', 'ada', 'a\u200bd\u00ada\u202e', 1],
])('two %s are so many people', (_what, one, other, people) => {
  expect(openHolds([hold('MASS_DELETE', 2)], approved(one, other))).toHaveLength(people === 2 ? 0 : 1);
  expect(hasApproved('MASS_DELETE', other, approved(one))).toBe(people === 1);
});

test('who has approved is told by name, however it is written', () => {
  expect(hasApproved('MASS_DELETE', 'Ada ', [ada])).toBe(true);
  expect(hasApproved('MASS_DELETE', 'bob', [ada])).toBe(false);
  expect(hasApproved('SCHEMA_ADD', 'ada', [ada])).toBe(false);
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
