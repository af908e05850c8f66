import { describe, expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { type Evidence, evaluate } from '../../../lib/core/guards/guard.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { arrival, type Case, judged, nights, quiet, TONIGHT, verdictOf } from '../../support/nights/guarded-night.ts';

describe('what comes twice', () => {
  const none = { different: 0, equal: 0, equalShare: 0, files: 0, names: [], keys: [], within: 0 };
  const shared = { files: 2, names: ['a.csv', 'b.csv'], keys: ['1', '2', '3'] };
  const different = { ...none, ...shared, different: 1 };
  const equal = { ...none, ...shared, equal: 1000, equalShare: 0.11 };
  const within = { ...none, within: 900 };
  const once = nights(10, () => ({ overlap: 0, duplicates: 0 }));
  const never = nights(10, () => ({ reverted: 0 }));
  const rare = nights(10, () => ({ collapsed: 0.03 }));
  test.each<[string, Case, string[], string[]]>([
    ['one key in two files, with other values', { diff: { repeats: different } }, ['FILES_OVERLAP'], []],
    ['the same on a first load', { diff: { base: 0, repeats: different } }, ['FILES_OVERLAP'], []],
    ['the same, allowed', { diff: { repeats: different }, guards: { overlap: 1 } }, [], []],
    [
      'the same, warned of',
      { diff: { repeats: different }, guards: { overlap: { severity: 'warn' } } },
      [],
      ['FILES_OVERLAP'],
    ],
    ['more than a tenth of a file in another one', { diff: { repeats: equal } }, ['FILES_OVERLAP'], []],
    ['a tenth of it', { diff: { repeats: { ...equal, equalShare: 0.1 } } }, [], []],
    ['a share that is allowed', { diff: { repeats: equal }, guards: { overlap: '10%' } }, [], []],
    [
      'more than the share',
      { diff: { repeats: { ...equal, equal: 1001 } }, guards: { overlap: '10%' } },
      ['FILES_OVERLAP'],
      [],
    ],
    [
      'allowed, and unusual',
      { diff: { repeats: equal }, guards: { overlap: '10%' }, past: once },
      [],
      ['FILES_OVERLAP'],
    ],
    ['rows equal to one of their file', { diff: { repeats: within } }, [], []],
    ['unusually many of them', { diff: { repeats: within }, past: once }, [], ['DUPLICATE_ROWS']],
    ['more of them than allowed', { diff: { repeats: within }, guards: { duplicates: '1%' } }, ['DUPLICATE_ROWS'], []],
    ['older versions of a key', { diff: { collapsed: 900 } }, [], []],
    ['more of them than usual', { diff: { collapsed: 900 }, past: rare }, [], ['OLDER_VERSIONS']],
    ['as many as usual', { diff: { collapsed: 300 }, past: rare }, [], []],
    ['more of them than allowed', { diff: { collapsed: 900 }, guards: { collapsed: '5%' } }, ['OLDER_VERSIONS'], []],
    [
      'the same, warned of',
      { diff: { collapsed: 900 }, guards: { collapsed: { limit: '5%', severity: 'warn' } } },
      [],
      ['OLDER_VERSIONS'],
    ],
    ['no row that fell back', { diff: { reverted: 0 } }, [], []],
    ['one row that fell back to an older version', { diff: { reverted: 1 } }, [], ['ROWS_REVERTED']],
    ['the same, allowed', { diff: { reverted: 1 }, guards: { reverted: 1 } }, [], []],
    ['more than allowed', { diff: { reverted: 2 }, guards: { reverted: 1 } }, ['ROWS_REVERTED'], []],
    ['a share of the delivery', { diff: { reverted: 100 }, guards: { reverted: '1%' } }, [], []],
    ['more than the share', { diff: { reverted: 101 }, guards: { reverted: '1%' } }, ['ROWS_REVERTED'], []],
    ['unusually many', { diff: { reverted: 90 }, guards: { reverted: '1%' }, past: never }, [], ['ROWS_REVERTED']],
    ['an order to hold', { diff: { reverted: 1 }, guards: { reverted: { severity: 'hold' } } }, ['ROWS_REVERTED'], []],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });

  test('the hold names files, number and keys, as text that can do nothing', () => {
    const repeats = { ...equal, names: ['a\u001b[2J.csv', 'b.csv'], files: 7, keys: ['1', '=cmd()', '3'] };
    expect(explainHold(judged({ diff: { repeats } }).holds[0]!)).toBe(
      '1000 keys are in several files: "a\\u001b[2J.csv", "b.csv", 5 more (such as 1; \'=cmd(); 3); at most 0 is allowed; the option overlap lets more of them in, pick says which files count, and `links: ignore` of the source leaves out links to other files',
    );
  });

  test('both numbers are kept for the nights to come', () => {
    const repeats = { ...equal, different: 3, within: 100 };
    expect(judged({ diff: { repeats } }).measures.tables.items).toMatchObject({ overlap: 1003, duplicates: 0.01 });
    expect(judged({}).measures.tables.items).toMatchObject({ overlap: 0, duplicates: 0 });
  });
});

test('a feed document of before knows no such guards, and has its night judged as then', () => {
  const { tables, ...feed } = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { items: { files: '*', columns: { id: { type: 'bigint', key: true } }, guards: { min_rows: 1000 } } },
  });
  const { overlap, duplicates, suspended, ...guards } = tables.items!.guards;
  const before = { ...feed, tables: { items: { ...tables.items!, guards } } } as unknown as Evidence['feed'];
  const repeats = { different: 9, equal: 0, equalShare: 0, files: 2, names: [], keys: [], within: 0 };
  const diff = { base: 'b', delivery: 'd', tables: { items: { ...quiet, repeats, suspended: 1, nulls: {} } } };
  const past = nights(5, () => ({ suspended: 1 }));
  expect(evaluate({ feed: before, date: TONIGHT, arrival, diff, past }).holds).toEqual([]);
});
