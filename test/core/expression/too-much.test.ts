import { expect, test } from 'vitest';
import { affordable, checkCondition } from '../../../lib/core/expression/check.ts';
import { failureOf } from '../../../lib/core/expression/failure.ts';
import { Derivation } from '../../../lib/core/feed/shaping.ts';
import { cpuTime } from '../../support/cpu-time.ts';

/** An expression within itself so many times. */
const nested = (innermost: string, levels: number, around: (inner: string) => string) =>
  Array.from({ length: levels }).reduce<string>((inner) => around(inner), innermost);

const scope = new Map([
  ['x', 'text'],
  ['y', 'boolean'],
] as const);
const fault = 'too much within one another: split it';

async function refusedAtOnce(work: () => unknown): Promise<void> {
  expect(await cpuTime(() => expect(work).toThrow(fault))).toBeLessThan(1000);
}

test('copies of copies are refused before they are made', async () => {
  const text = nested('y', 24, (inner) => `case when ${inner} then 1 else 0 end between 0 and 1`);
  await refusedAtOnce(() => checkCondition(text, scope, 2));
});

test('so is what would tell when an expression fails', async () => {
  const text = nested('cast(x as integer) = 1', 27, (inner) => `(${inner} and y) = true`);
  const condition = checkCondition(text, scope, 2);
  await refusedAtOnce(() => affordable(failureOf(condition)!));
});

test('and what columns made of one another come to', async () => {
  const many = (of: string) => Array(1000).fill(of).join(' || ');
  const columns = [
    { name: 'x', type: 'text' },
    { name: 'one', type: 'text', as: many('x') },
    { name: 'two', type: 'text', as: many('one') },
  ] as const;
  await refusedAtOnce(() =>
    new Derivation({ columns: columns.map((column) => ({ key: false, required: false, ...column })) }).of('two'),
  );
});
