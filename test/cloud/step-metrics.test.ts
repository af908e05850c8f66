import { expect, test } from 'vitest';
import { stepMetrics } from '../../lib/cloud/step-metrics.ts';
import type { Products } from '../../lib/workflows/step-work.ts';

const ended = (outcome: string) => ({
  step: 'publish',
  outcome,
  host: 'here',
  beganAt: '2026-11-20T02:00:00.000Z',
  endedAt: '2026-11-20T02:01:00.000Z',
  seconds: 60,
});
const deadline = new Date('2026-11-20T01:51:00.000Z');
const seconds = { name: 'StepSeconds', value: 60, step: 'publish' };

test('a night that is done tells how long before its deadline; one that goes on, or has none, does not', () => {
  expect(stepMetrics(ended('published'), {}, deadline)).toEqual([
    seconds,
    { name: 'MinutesBeforeDeadline', value: -10 },
  ]);
  expect(stepMetrics(ended('unchanged'), {}, deadline)).toHaveLength(2);
  expect(stepMetrics(ended('compared'), {}, deadline)).toEqual([seconds]);
  expect(stepMetrics(ended('published'), {}, undefined)).toEqual([seconds]);
});

test('what landed and what was compared are added up over the tables', () => {
  const table = { rows: 5, inserted: 1, updated: 2, gone: 3, rejected: { CAST: 1, FORMAT: 2 } };
  const left = {
    pulled: { tables: { a: { bytes: 7 }, b: { bytes: 3 } } },
    changes: { id: 'c', receipt: { tables: { a: table, b: table } } },
  } as unknown as Products;
  expect(stepMetrics(ended('compared'), left, undefined)).toEqual([
    seconds,
    { name: 'DeliveredBytes', value: 10 },
    { name: 'RowsIn', value: 10 },
    { name: 'RowsRejected', value: 6 },
    { name: 'RowsChanged', value: 12 },
  ]);
});
