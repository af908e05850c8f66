import { expect } from 'vitest';
import type { Lab } from '../../../support/postgres/target-lab.ts';

/** What two nights bring to a catalog. */
export const first = [
  ['1', 'one', '1.00'],
  ['2', null, '2.50'],
  ['3', 'three', '-3.00'],
];
/** 1 changes, 2 goes, 3 stays, 4 is new. */
export const second = [
  ['1', 'uno', '1.00'],
  ['3', 'three', '-3.00'],
  ['4', 'four', null],
];

export async function expectProved(lab: Lab): Promise<void> {
  for (const { expected, found } of await lab.target.audit('shop')) expect(found).toEqual(expected);
}
