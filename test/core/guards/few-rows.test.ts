import { describe, expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { type Case, calm, judged, names, verdictOf } from '../../support/nights/guarded-night.ts';

describe('small tables', () => {
  const of = (rows: number) => ({ base: rows, rows, accepted: rows, nulls: {} });
  const small = of(900);
  const tiny = of(12);
  test.each<[string, Case, string[], string[]]>([
    ['600 of 900 rows rejected', { diff: { ...small, rejected: { DATE: 600 } } }, ['REJECTED_LIMIT'], []],
    [
      '870 of 900 rows rejected',
      { diff: { ...small, accepted: 30, rejected: { DATE: 870 } } },
      ['ROWCOUNT_DROP', 'REJECTED_LIMIT'],
      [],
    ],
    ['899 of 900 rows gone', { diff: { ...small, accepted: 1, gone: 899 } }, ['ROWCOUNT_DROP', 'MASS_DELETE'], []],
    ['20 of 300 rows gone', { diff: { ...of(300), gone: 20 } }, [], []],
    ['21 of 300 rows gone', { diff: { ...of(300), gone: 21 } }, ['MASS_DELETE'], []],
    ['51 of 1,000 rows gone', { diff: { ...of(1000), gone: 51 } }, ['MASS_DELETE'], []],
    ['2 of 1,000 rows rejected', { diff: { ...of(1000), rejected: { DATE: 2 } } }, ['REJECTED_LIMIT'], []],
    ['2 of 999 rows rejected', { diff: { ...of(999), rejected: { DATE: 2 } } }, [], []],
    ['9 of 12 rows changed', { diff: { ...tiny, updated: 9 } }, [], []],
    [
      'a column of 50 rows comes empty',
      { diff: { ...of(50), nulls: { price: { base: 0, next: 50 } } }, guards: { nulls: '5%' } },
      ['NULL_SHARE price'],
      [],
    ],
    ['all but 1 of 12 rows gone', { diff: { ...tiny, accepted: 1, gone: 11 } }, ['MASS_DELETE'], []],
    ['10 of 12 rows gone', { diff: { ...tiny, gone: 10 } }, [], []],
    ['other rows in place of all 12', { diff: { ...tiny, gone: 12, inserted: 12 } }, ['MASS_DELETE'], []],
    ['other rows in place of both', { diff: { ...of(2), gone: 2, inserted: 2 } }, [], []],
    [
      'the same where the table says what may vanish',
      { diff: { ...tiny, accepted: 1, gone: 11 }, guards: { gone: '100%' } },
      [],
      [],
    ],
    [
      'the same where two people decide on deletes',
      { diff: { ...tiny, accepted: 1, gone: 11 }, guards: { gone: { people: 2 } } },
      ['MASS_DELETE'],
      [],
    ],
    [
      'the same below a least size',
      { diff: { ...tiny, accepted: 1, gone: 11 }, guards: { min_rows: 100 } },
      ['MASS_DELETE'],
      [],
    ],
    ['half of the rows gone below a least size', { diff: { ...small, gone: 450 }, guards: { min_rows: 901 } }, [], []],
    ['two rows gone above a least size', { diff: { ...tiny, gone: 2 }, guards: { min_rows: 10 } }, ['MASS_DELETE'], []],
    ['few rows by option', { diff: { ...small, gone: 90 }, guards: { min_changed: 90 } }, [], []],
    [
      'more than few rows by option',
      { diff: { ...small, gone: 91 }, guards: { min_changed: 90 } },
      ['MASS_DELETE'],
      [],
    ],
    ['no rows are few', { diff: { ...tiny, gone: 1 }, guards: { min_changed: 0 } }, ['MASS_DELETE'], []],
    ['few rows of a large table by option', { diff: { gone: 501 }, guards: { min_changed: 501 } }, [], []],
    ['both options', { diff: { ...tiny, gone: 2 }, guards: { min_rows: 10, min_changed: 2 } }, [], []],
    ['an unusual number of rows', { diff: { ...small, updated: 60 }, past: calm }, [], ['MASS_UPDATE']],
    ['an unusual number of few rows', { diff: { ...of(100), updated: 20 }, past: calm }, [], []],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });

  test('growth that a table has to show is none at all', () => {
    expect(names(judged({ guards: { rows: ['1%', '50%'] } }).holds)).toEqual(['ROWCOUNT_DROP']);
  });

  test('a hold names the option that lets such nights in', () => {
    const [dates] = judged({ diff: { ...small, rejected: { DATE: 600 } } }).holds;
    expect(explainHold(dates!)).toBe(
      '66.7 % of the rows were rejected; at most 0.1 % is allowed; the option min_changed says how many rows of a small table are few',
    );
    const [rows] = judged({ diff: { ...tiny, gone: 11 } }).holds;
    expect(explainHold(rows!)).toBe(
      '91.7 % of the rows are gone; at most 5.0 % is allowed; the option gone says how many may be in a table of any size',
    );
  });

  test('a feed document of before has its least size in it', () => {
    const feed = {
      tables: { items: { files: '*', columns: { id: { type: 'bigint', key: true } }, guards: { min_rows: 1000 } } },
    };
    const before = judged({ diff: { ...small, gone: 449 }, feed });
    expect(before.holds).toEqual([]);
  });
});

describe('a first load of which every record is rejected', () => {
  const none = (rows: number, filtered = 0) => ({
    nulls: {},
    rows,
    accepted: 0,
    filtered,
    base: 0,
    rejected: { FIELD_COUNT: rows - filtered },
  });

  test.each([1, 2, 20, 5000])('is held, be it of %i', (rows) => {
    for (const guards of [{}, { rejected: '100%' }, { min_rows: 10_000 }]) {
      const { holds } = judged({ diff: none(rows), guards });
      expect(holds.filter(({ guard }) => guard === 'REJECTED_LIMIT')).toMatchObject([{ value: 1, unit: 'share' }]);
    }
  });

  test('is not where a row is taken, nothing came, or all is filtered', () => {
    for (const diff of [{ ...none(20), accepted: 1 }, none(0), none(20, 20)])
      expect(judged({ diff }).holds).toEqual([]);
  });
});
