import { describe, expect, test } from 'vitest';
import type { Holding } from '../../../lib/core/delivery/newest.ts';
import { pickFiles } from '../../../lib/core/delivery/picking.ts';
import type { SourceFile } from '../../../lib/core/delivery/source-file.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const DATE = '2026-01-02';
type Options = { pick?: string; schedule?: object; stable?: string };

/** `name`, or `name@minutes`: when it was written; `name@?` when the source does not tell. */
function file(text: string): SourceFile {
  const [name, minutes = '0'] = text.split('@') as [string, string?];
  const modified =
    minutes === '?' ? null : new Date(Date.parse('2026-01-02T00:00:00Z') + Number(minutes) * 60_000).toISOString();
  return { name, size: 10, modified };
}

const held = (date: string, ...names: string[]): Holding => ({
  date,
  files: names.map((text) => ({ ...file(text), table: 't' })),
});

function pick(
  files: string,
  names: readonly string[],
  { pick = 'newest', schedule, stable = '60s' }: Options = {},
  holding?: Holding,
) {
  const feed = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ready: { stable },
    ...(schedule ? { schedule: { at: '02:00', timezone: 'UTC', ...schedule } } : {}),
    tables: { t: { files, ...(pick === 'all' ? {} : { pick }), columns: { id: { type: 'bigint', key: true } } } },
  });
  const { files: taken, leftOut, rewritten, held } = pickFiles(feed, DATE, names.map(file), holding);
  return {
    taken: taken.map(({ name }) => name),
    left: Object.fromEntries(leftOut.map(({ name, why }) => [name, why])),
    rewritten: rewritten.length > 0,
    held: held.t,
  };
}

describe('the newest generation', () => {
  test.each<[string, string, string[], string[], Record<string, string>]>([
    [
      'is that of the latest date',
      'stock_{ddmmyyyy}.csv',
      ['stock_01022025.csv', 'stock_02012026.csv', 'stock_31122025.csv'],
      ['stock_02012026.csv'],
      { 'stock_01022025.csv': 'older', 'stock_31122025.csv': 'older' },
    ],
    [
      'is of no day after the night’s own',
      's_{date}',
      ['s_2026-01-01', 's_2026-01-03'],
      ['s_2026-01-01'],
      { 's_2026-01-03': 'later' },
    ],
    [
      'has all parts of its date',
      's_{yyyymmdd}_*',
      ['s_20260102_1', 's_20260102_2', 's_20260101_3'],
      ['s_20260102_1', 's_20260102_2'],
      { s_20260101_3: 'older' },
    ],
    [
      'has the highest counter as a number',
      's_{n}.csv',
      ['s_9.csv', 's_10.csv', 's_008.csv'],
      ['s_10.csv'],
      { 's_9.csv': 'older', 's_008.csv': 'older' },
    ],
    [
      'has a counter of any length',
      's_{n}',
      ['s_99999999999999999998', 's_099999999999999999999', 's_5'],
      ['s_099999999999999999999'],
      { s_99999999999999999998: 'older', s_5: 'older' },
    ],
    [
      'has the later date, whatever the counter',
      's_{date}_{n}',
      ['s_2026-01-01_9', 's_2026-01-02_1'],
      ['s_2026-01-02_1'],
      { 's_2026-01-01_9': 'older' },
    ],
    ['has all parts of its counter', 's_{n}_*', ['s_7_1', 's_07_2', 's_6_1'], ['s_07_2', 's_7_1'], { s_6_1: 'older' }],
    [
      'may be of a month',
      's_{mm}_{yyyy}',
      ['s_12_2025', 's_01_2026', 's_02_2026'],
      ['s_01_2026'],
      { s_12_2025: 'older', s_02_2026: 'later' },
    ],
    [
      'without date and counter is the file written last',
      's_*',
      ['s_b@5', 's_a@10', 's_c@1'],
      ['s_a'],
      { s_b: 'older', s_c: 'older' },
    ],
    [
      'is not told by time where the name tells it',
      's_{date}',
      ['s_2026-01-01@99', 's_2026-01-02@1'],
      ['s_2026-01-02'],
      { 's_2026-01-01': 'older' },
    ],
    ['is absent when all dates are to come', 's_{date}', ['s_2026-01-03'], [], { 's_2026-01-03': 'later' }],
  ])('%s', (_what, pattern, names, taken, left) => {
    expect(pick(pattern, names)).toEqual({ taken, left, rewritten: false, held: undefined });
    expect(pick(pattern, [...names].reverse()).taken).toEqual(taken);
  });

  test('reaches to the day after the business date where the night is about yesterday', () => {
    const names = ['s_2026-01-02', 's_2026-01-03', 's_2026-01-04'];
    expect(pick('s_{date}', names, { schedule: { business_date: 'yesterday' } }).taken).toEqual(['s_2026-01-03']);
  });

  test.each([
    ['two files written within `stable` of each other', ['s_a@5', 's_b@5.5'], '60s'],
    ['at the same time, whatever `stable` says', ['s_a@5', 's_b@5'], '0s'],
    ['at a time that the source does not tell', ['s_a@5', 's_b@?'], '60s'],
  ])('%s: nobody can say', (_what, names, stable) => {
    expect(() => pick('s_*', names, { stable })).toThrow(expect.objectContaining({ name: 'AMBIGUOUS_FILE' }));
    // Only the newest has to be known.
    if (!names.some((name) => name.includes('?')))
      expect(pick('s_*', [...names, 's_c@20'], { stable }).taken).toEqual(['s_c']);
  });

  test('a name that can be read in two ways is refused', () => {
    expect(() => pick('*{yymmdd}*', ['s20101112'])).toThrow(/"s20101112" can be read in two ways/);
  });
});

describe('a generation that production holds already', () => {
  const pattern = 's_{yyyymmdd}*';

  test('is not there under a later date, nor is an older one', () => {
    expect(pick(pattern, ['s_20260101@0', 's_20251231@0'], {}, held('2026-01-01', 's_20260101@0'))).toEqual({
      taken: [],
      left: { s_20260101: 'held', s_20251231: 'held' },
      rewritten: false,
      held: 'production has held "s_20260101", the newest, since 2026-01-01',
    });
    expect(pick(pattern, ['s_20251231@0'], {}, held('2026-01-01', 's_20260101@0'))).toMatchObject({
      taken: [],
      held: '"s_20251231" is older than "s_20260101", which production has held since 2026-01-01',
    });
  });

  test('is there under the date that brought it; what is older is not', () => {
    const names = ['s_20260101@0', 's_20251231@0'];
    expect(pick(pattern, names, {}, held(DATE, 's_20260101@0')).taken).toEqual(['s_20260101']);
    expect(pick(pattern, ['s_20251231@0'], {}, held(DATE, 's_20260101@0')).taken).toEqual([]);
  });

  test.each([
    ['a newer one is news', ['s_20260102@0'], held('2026-01-01', 's_20260101@0'), false],
    ['another size or time may be news', ['s_20260101@3'], held('2026-01-01', 's_20260101@0'), true],
    ['so may one part more', ['s_20260101@0', 's_20260101_2@0'], held('2026-01-01', 's_20260101@0'), true],
    [
      'so may one that was taken together with others',
      ['s_20260101@0'],
      held('2026-01-01', 's_20260101@0', 's_20251231@0'),
      true,
    ],
    ['so may one whose time the source does not tell', ['s_20260101@?'], held('2026-01-01', 's_20260101@?'), true],
    ['what the pattern no longer reads tells nothing', ['s_20260101@0'], held('2026-01-01', 'old.csv'), false],
    ['a later night than this one tells nothing', ['s_20260101@0'], held('2026-01-03', 's_20260101@0'), false],
  ])('%s', (_what, names, holding, rewritten) => {
    expect(pick(pattern, names, {}, holding)).toMatchObject({
      taken: names.map((name) => name.split('@')[0]),
      rewritten,
    });
  });

  test.each([
    ['by its time where the name does not tell', ['s_a@5'], held('2026-01-01', 's_a@5'), []],
    ['nor is a file that was written before it', ['s_b@4'], held('2026-01-01', 's_a@5'), []],
    ['one that was written later is the next', ['s_a@6'], held('2026-01-01', 's_a@5'), ['s_a']],
  ])('%s', (_what, names, holding, taken) => {
    expect(pick('s_*', names, {}, holding)).toMatchObject({ taken, rewritten: false });
  });
});

describe('the only file', () => {
  test('is taken, and a second one refused by name', () => {
    expect(pick('s_{date}*', ['s_2026-01-02', 's_2026-01-01'], { pick: 'only' }).taken).toEqual(['s_2026-01-02']);
    expect(() => pick('s_{date}*', ['s_2026-01-02', 's_2026-01-02b'], { pick: 'only' })).toThrow(
      expect.objectContaining({
        name: 'AMBIGUOUS_FILE',
        message: expect.stringContaining('"s_2026-01-02" and "s_2026-01-02b" fit t'),
      }),
    );
  });

  test('may have a counter', () => {
    expect(pick('s_{n}.csv', ['s_17.csv', 's_x.csv'], { pick: 'only' }).taken).toEqual(['s_17.csv']);
  });
});

test('all files are taken unless told, and nothing is left out', () => {
  expect(pick('s_*', ['s_20260102', 's_20260101'], { pick: 'all' })).toEqual({
    taken: ['s_20260101', 's_20260102'],
    left: {},
    rewritten: false,
    held: undefined,
  });
});
