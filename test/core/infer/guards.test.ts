import { describe, expect, test } from 'vitest';
import { guessGuards } from '../../../lib/core/infer/guards.ts';

type Rows = (string | null)[][];

const hundred: Rows = Array.from({ length: 100 }, (_, index) => [`${index}`, `name ${index}`, `${index}.50`]);

function limits(before: Rows, rows: Rows, nulls: string[][] = []) {
  const guards = guessGuards({ rows, before, key: [0], nulls, names: ['id', 'name', 'price'] });
  return Object.fromEntries(guards.map(({ name, limit, reason }) => [name, [String(limit), reason]]));
}

describe('limits of guards from two deliveries', () => {
  test('are the least where nothing changed', () => {
    expect(limits(hundred, hundred)).toEqual({
      rows: ['-10%,+10%', '100 rows before, 100 now'],
      gone: ['1%', '0.0 % of the earlier rows are gone'],
      updated: ['5%', '0.0 % of the earlier rows are changed'],
      nulls: ['5%', 'no share of nulls changed'],
    });
  });

  test('are five times what changed, up to what holds without them', () => {
    const rows: Rows = [
      ...hundred.slice(2).map((row, index) => (index < 4 ? [row[0]!, 'new', row[2]!] : row)),
      ...Array.from({ length: 7 }, (_, index): (string | null)[] => [`${200 + index}`, 'x', index < 3 ? null : '1']),
    ];
    expect(limits(hundred, rows)).toEqual({
      rows: ['-10%,+25%', '100 rows before, 105 now'],
      gone: ['5%', '2.0 % of the earlier rows are gone'],
      updated: ['20%', '4.0 % of the earlier rows are changed'],
      nulls: ['15%', 'the share of nulls in price changed by 2.9 %'],
    });
    expect(limits(hundred, hundred.slice(0, 91)).rows?.[0]).toBe('-20%,+10%');
  });

  test('go beyond that only where such a night would be held, and then by half', () => {
    const half = limits(
      hundred,
      hundred.slice(0, 60).map(([id, , price]) => [id!, 'new', price!]),
    );
    expect([half.rows?.[0], half.gone?.[0], half.updated?.[0]]).toEqual(['-60%,+10%', '60%', '90%']);
  });

  test('count a word for null as null', () => {
    const before = hundred.map(([id, name], index) => [id!, name!, index < 10 ? 'NA' : '1']);
    expect(
      limits(
        before,
        before.map(([id, name]) => [id!, name!, '1']),
        [[], [], ['NA']],
      ).nulls,
    ).toEqual(['25%', 'the share of nulls in price changed by 10.0 %']);
  });

  test('there are none without rows on both sides', () => {
    expect(limits([], hundred)).toEqual({});
    expect(limits(hundred, [])).toEqual({});
  });
});
