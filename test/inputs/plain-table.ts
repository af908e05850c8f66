import { test } from 'vitest';
import { check, type Outcome, type Subject, tableOf } from '../support/nights/input-case.ts';
import type { IntakeLab } from '../support/nights/intake-lab.ts';

/** A table of twenty rows, and a delivery in which row 3 changed. */
export const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},name ${index + 1},${index + 1}.50`);
export const header = 'id,name,price';
export const columns = {
  id: { type: 'bigint', key: true },
  name: 'text',
  price: { type: 'decimal(7,2)', required: true },
};
export const text = (body: readonly string[] = lines, head = header) => [head, ...body, ''].join('\n');
export const changed = lines.with(2, '3,new,3.50');
export const row3 = { 3: ['3', 'new', '3.50'] };

export const subject = (
  format: Record<string, unknown> = {},
  base: string | Buffer = text(),
  name = 't.csv',
): Subject => ({
  table: tableOf(columns, { format }),
  base: { [name]: base },
});

export type FileCase = readonly [about: string, bytes: string | Buffer, outcome: Outcome];

/** A test for each file, delivered under this name. */
export function testFiles(lab: () => IntakeLab, of: Subject, cases: readonly FileCase[], name = 't.csv'): void {
  test.each(cases)('%s', (_about, bytes, outcome) => check(lab(), of, { [name]: bytes }, outcome));
}
