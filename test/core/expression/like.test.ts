import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLike, steadyLikePattern } from '../../../lib/core/expression/like.ts';
import { duckdb } from '../../../lib/core/sql/dialects/dialect.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { hostileLikes, likeCases } from '../../support/engines/like-cases.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
afterAll(() => connection.closeSync());

async function byDuckdb(pairs: readonly (readonly [text: string, pattern: string, ...unknown[]])[]) {
  const columns = pairs.map(([text, pattern]) => duckdb.like(duckdb.literal(text), pattern));
  return (await connection.runAndReadAll(`SELECT ${columns.join(', ')}`)).getRows()[0];
}

test.each(likeCases)('%j like %j: %s', (text, pattern, fits) => {
  expect(isLike(text, pattern)).toBe(fits);
});

test('DuckDB says the same', async () => {
  expect(await byDuckdb(likeCases)).toEqual(likeCases.map(([, , fits]) => fits));
});

test('an engine that tries again is given no group to repeat, for which Java would need a stack as long as the text', () => {
  expect(steadyLikePattern('a%b_%_c')).not.toMatch(/\)[*+?{]/);
});

describe('a value that a vendor made for the pattern takes no time', () => {
  test.each(hostileLikes.map(([text, pattern]) => ({ pattern: pattern.slice(0, 40), pair: [text, pattern] as const })))(
    '$pattern',
    async ({ pair }) => {
      expect(await cpuTime(() => expect(isLike(...pair)).toBe(false))).toBeLessThan(1000);
      expect(await cpuTime(async () => expect(await byDuckdb([pair])).toEqual([false]))).toBeLessThan(1000);
    },
  );
});
