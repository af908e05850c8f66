import { describe, expect, test } from 'vitest';
import { noSchemaChange } from '../../../lib/core/feed/schema-change.ts';
import { arrival, type Case, schedule, verdictOf } from '../../support/nights/guarded-night.ts';

describe('limits of the feed file', () => {
  test.each<[string, Case, string[], string[]]>([
    ['a quiet night', {}, [], []],
    ['5 % gone', { diff: { gone: 500 } }, [], []],
    ['more than 5 % gone', { diff: { gone: 501 } }, ['MASS_DELETE'], []],
    ['gone, warned of', { diff: { gone: 501 }, guards: { gone: { severity: 'warn' } } }, [], ['MASS_DELETE']],
    ['gone, with a limit of its own', { diff: { gone: 501 }, guards: { gone: { limit: '6%' } } }, [], []],
    ['rows −21 %', { diff: { accepted: 7900 } }, ['ROWCOUNT_DROP'], []],
    ['rows +51 %', { diff: { accepted: 15_100 } }, ['ROWCOUNT_RISE'], []],
    [
      'no rows, which no option lets through',
      { diff: { accepted: 0, base: 9 }, guards: { rows: { severity: 'warn' } } },
      ['ROWCOUNT_DROP'],
      [],
    ],
    ['31 % updated', { diff: { updated: 3100 } }, ['MASS_UPDATE'], []],
    ['inserted without a limit', { diff: { inserted: 9000 } }, [], []],
    ['inserted over its limit', { diff: { inserted: 101 }, guards: { inserted: '1%' } }, ['MASS_INSERT'], []],
    ['bytes', { diff: { bytes: { base: 100, next: 70 } }, guards: { bytes: ['-20%', '20%'] } }, ['BYTES_DROP'], []],
    ['bytes up', { diff: { bytes: { base: 100, next: 130 } }, guards: { bytes: ['-20%', '20%'] } }, ['BYTES_RISE'], []],
    ['rejected', { diff: { rejected: { SCALE: 11 } } }, ['REJECTED_LIMIT'], []],
    ['repeated rows', { diff: { rejected: { DUP_ROW: 900 } } }, [], []],
    [
      'a column that comes empty',
      { diff: { nulls: { price: { base: 0, next: 600 } } }, guards: { nulls: '5%' } },
      ['NULL_SHARE price'],
      [],
    ],
    [
      'a column that fills',
      { diff: { nulls: { price: { base: 9000, next: 100 } } }, guards: { nulls: '5%' } },
      ['NULL_SHARE price'],
      [],
    ],
    [
      'a column that is new',
      { diff: { nulls: { price: { base: null, next: 10_000 } } }, guards: { nulls: '5%' } },
      [],
      [],
    ],
    ['a late delivery', { feed: { schedule, guards: { late: '5m' } } }, ['DELIVERED_LATE'], []],
    ['a delivery in time', { feed: { schedule, guards: { late: '10m' } } }, [], []],
    [
      'a delivery without a time',
      { feed: { schedule, guards: { late: '5m' } }, arrival: { files: [{ ...arrival.files[0]!, modified: null }] } },
      [],
      [],
    ],
    ['columns that nobody declared', { diff: { schema: { ...noSchemaChange, added: ['x'] } } }, ['SCHEMA_ADD "x"'], []],
    ['a rule that holds', { diff: { broken: { order: 2 } } }, ['RULE_BROKEN order'], []],
    ['a rule that warns', { diff: { broken: { named: 1 } } }, [], ['RULE_BROKEN named']],
    ['missing files', { feed: { expect: 2 } }, ['FILES_MISSING'], []],
    ['as many files as expected, by now', { feed: { expect: 1 }, arrival: { missing: 1 } }, [], []],
    [
      'more files than expected',
      { feed: { expect: 1 }, arrival: { files: [...arrival.files, { ...arrival.files[0]!, name: 'b.csv' }] } },
      ['FILES_EXTRA'],
      [],
    ],
    ['the same bytes again', { diff: { resent: true } }, [], ['RESENT']],
    ['the same bytes again, held', { diff: { resent: true }, feed: { guards: { resent: 'hold' } } }, ['RESENT'], []],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });
});
