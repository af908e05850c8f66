import { describe, expect, test } from 'vitest';
import { noSchemaChange } from '../../../lib/core/feed/schema-change.ts';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';
import { type Evidence, evaluate } from '../../../lib/core/guards/guard.ts';
import type { PastNight, TableMeasures } from '../../../lib/core/guards/measures.ts';
import type { ArriveReceipt, DiffReceipt, TableDiff } from '../../../lib/core/run/receipt.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const TONIGHT = '2026-11-20';
const schedule = { at: '02:00', timezone: 'Europe/Berlin' };

/** 10,000 rows, of which nothing changed. */
const quiet: TableDiff = {
  engine: 'test',
  reason: 'test',
  rows: 10_000,
  accepted: 10_000,
  rejected: {},
  filtered: 0,
  broken: {},
  base: 10_000,
  inserted: 0,
  updated: 0,
  gone: 0,
  unchanged: 10_000,
  suspended: 0,
  carried: 0,
  before: { rows: 0, hi: '0', lo: '0' },
  after: { rows: 0, hi: '0', lo: '0' },
  bytes: { base: 1_000_000, next: 1_000_000 },
  nulls: { name: { base: 100, next: 100 }, price: { base: 0, next: 0 } },
  samples: 'test',
  changes: {},
  rejects: null,
  snapshot: 'test',
  schema: noSchemaChange,
};

const arrival: ArriveReceipt = {
  listing: 'test',
  missing: 0,
  files: [{ name: 'items.csv', table: 'items', size: 1, modified: '2026-11-20T01:10:00Z' }],
};

interface Case {
  readonly diff?: Partial<TableDiff>;
  readonly guards?: object;
  readonly feed?: object;
  readonly past?: readonly PastNight[];
  readonly arrival?: Partial<ArriveReceipt>;
}

function judged({ diff = {}, guards = {}, feed = {}, past = [], arrival: arrived = {} }: Case) {
  const parsed = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: {
      items: {
        files: '*.csv',
        columns: { id: { type: 'bigint', key: true }, name: 'text', price: 'text' },
        guards,
        rules: [
          { name: 'order', check: 'id > 0', on_fail: 'hold' },
          { name: 'named', check: 'name is not null', on_fail: 'warn' },
        ],
      },
    },
    ...feed,
  });
  const receipt: DiffReceipt = { base: 'b', delivery: 'd', tables: { items: { ...quiet, ...diff } } };
  return evaluate({ feed: parsed, date: TONIGHT, arrival: { ...arrival, ...arrived }, diff: receipt, past });
}

/** Nights back from yesterday with these numbers. */
function nights(count: number, measures: (index: number) => TableMeasures, late?: number): PastNight[] {
  return Array.from({ length: count }, (_, index) => ({
    date: new Date(Date.parse(`${TONIGHT}T00:00:00Z`) - (index + 1) * 86_400_000).toISOString().slice(0, 10),
    measures: { ...(late === undefined ? {} : { late }), tables: { items: measures(index) } },
  }));
}

const names = (holds: readonly Finding[]) =>
  holds.map(({ guard, column, rule }) => [guard, column ?? rule].join(' ').trim());
const calm = nights(28, () => ({
  rows: 0,
  bytes: 0,
  inserted: 0,
  updated: 0.01,
  gone: 0,
  rejected: 0,
  nulls: { name: 0, price: 0 },
}));

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
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
  });
});

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
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
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

describe('what comes twice', () => {
  const none = { different: 0, equal: 0, equalShare: 0, files: 0, names: [], keys: [], within: 0 };
  const shared = { files: 2, names: ['a.csv', 'b.csv'], keys: ['1', '2', '3'] };
  const different = { ...none, ...shared, different: 1 };
  const equal = { ...none, ...shared, equal: 1000, equalShare: 0.11 };
  const within = { ...none, within: 900 };
  const once = nights(10, () => ({ overlap: 0, duplicates: 0 }));
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
  ])('%s', (_what, given, holds, warnings) => {
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
  });

  test('the hold names files, number and keys, as text that can do nothing', () => {
    const repeats = { ...equal, names: ['a\u001b[2J.csv', 'b.csv'], files: 7, keys: ['1', '=cmd()', '3'] };
    expect(explainHold(judged({ diff: { repeats } }).holds[0]!)).toBe(
      '1000 keys stand in several files: "a\\u001b[2J.csv", "b.csv", 5 more (such as 1; \'=cmd(); 3); at most 0 is allowed; the option overlap lets more of them in, pick says which files count, and `links: ignore` of the source leaves out links to other files',
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

describe('deletes that are suspended', () => {
  const suspended = (before: readonly number[], guards = {}, footer?: true): Case => ({
    diff: { suspended: 4, rejected: { FIELD_COUNT: 1 }, ...(footer ? { footer } : {}) },
    guards,
    past: nights(10, (index) => ({ suspended: before[index] ?? 0 })),
  });
  const HELD = ['DELETES_SUSPENDED'];
  test.each<[string, Case, string[], string[]]>([
    ['for one night', suspended([]), [], []],
    ['for two nights', suspended([1]), [], HELD],
    ['for three nights', suspended([1, 1]), HELD, []],
    ['for many nights', suspended([1, 1, 9, 9, 9, 9]), HELD, []],
    ['again, after a night without', suspended([0, 1, 1]), [], []],
    ['for many nights of which nobody counted the rows', { ...suspended([]), past: nights(10, () => ({})) }, [], []],
    ['for two nights by option', suspended([1], { suspended: { nights: 2 } }), HELD, []],
    ['for one night by option', suspended([], { suspended: { nights: 1 } }), HELD, []],
    ['for four nights, warned of', suspended([1, 1, 1], { suspended: { severity: 'warn' } }), [], HELD],
    ['no longer', { ...suspended([1, 1, 1]), diff: { suspended: 0 } }, [], []],
  ])('%s', (_what, given, holds, warnings) => {
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
  });

  test('the correction of a date is the same night', () => {
    const twice = [TONIGHT, '2026-11-19'].map((date) => ({ date, measures: { tables: { items: { suspended: 1 } } } }));
    expect(names(judged({ ...suspended([]), past: twice }).warnings)).toEqual(HELD);
  });

  test('the hold says what the record looks like', () => {
    const [hold] = judged(suspended([1, 1], {}, true)).holds;
    expect(explainHold(hold!)).toBe(
      '3 nights in a row, rows stay that the vendor no longer sends, because the key of a rejected record cannot be read; it is the last record of its file and looks like a footer; a trailer or a filter in the feed file leaves such a record out, the option suspended says how many nights are too many',
    );
  });
});

describe('limits learned', () => {
  test.each<[string, Case, string[], string[]]>([
    ['3 % gone where nothing ever was', { diff: { gone: 300 }, past: calm }, [], ['MASS_DELETE']],
    ['the same before there are seven nights', { diff: { gone: 300 }, past: calm.slice(0, 6) }, [], []],
    [
      'the same when it is to hold',
      { diff: { gone: 300 }, past: calm, guards: { gone: { learned: 'hold' } } },
      ['MASS_DELETE'],
      [],
    ],
    [
      'the same when it is not to learn',
      { diff: { gone: 300 }, past: calm, guards: { gone: { learned: 'off' } } },
      [],
      [],
    ],
    ['both limits, once, and the file holds', { diff: { gone: 3000 }, past: calm }, ['MASS_DELETE'], []],
    [
      'a warning of the file, what was learned holds',
      { diff: { gone: 3000 }, past: calm, guards: { gone: { severity: 'warn', learned: 'hold' } } },
      ['MASS_DELETE'],
      [],
    ],
    ['fewer files than ever', { past: nights(8, () => ({ files: 2 })) }, [], ['FILES_UNUSUAL']],
    ['more files than ever', { past: nights(8, () => ({ files: 0 })) }, [], ['FILES_UNUSUAL']],
    ['as many files as ever', { past: nights(8, () => ({ files: 1 })) }, [], []],
    ['files that are never the same number', { past: nights(8, (night) => ({ files: 1 + (night % 4) })) }, [], []],
    [
      'fewer files than ever, which is to hold',
      { past: nights(8, () => ({ files: 2 })), guards: { files: { learned: 'hold' } } },
      ['FILES_UNUSUAL'],
      [],
    ],
    [
      'fewer files than ever, which is not to learn',
      { past: nights(8, () => ({ files: 2 })), guards: { files: { learned: 'off' } } },
      [],
      [],
    ],
    ['one row where nothing ever changed', { diff: { gone: 1, inserted: 1 }, past: calm }, [], []],
    [
      'nine rows of a table of twelve, whatever nights were',
      {
        diff: { base: 12, accepted: 12, rows: 12, gone: 9, inserted: 9 },
        past: calm,
        guards: { min_rows: 0, gone: '100%' },
      },
      [],
      [],
    ],
    ['half as many updates again', { diff: { updated: 150 }, past: calm }, [], []],
    ['three times as many updates', { diff: { updated: 300 }, past: calm }, [], ['MASS_UPDATE']],
    ['fewer updates than ever', { diff: { updated: 0 }, past: calm }, [], []],
    ['fewer rows than usual', { diff: { accepted: 9700, rows: 9700 }, past: calm }, [], ['ROWCOUNT_DROP']],
    ['bytes that nobody limited', { diff: { bytes: { base: 1000, next: 1200 } }, past: calm }, [], ['BYTES_RISE']],
    [
      'a column that comes empty',
      { diff: { nulls: { price: { base: 0, next: 200 } } }, past: calm },
      [],
      ['NULL_SHARE price'],
    ],
    ['rejects far below the limit', { diff: { rejected: { SCALE: 9 } }, past: calm }, [], []],
    ['late for once', { feed: { schedule }, past: nights(9, () => ({}), -20) }, [], ['DELIVERED_LATE']],
    ['late as always', { feed: { schedule }, past: nights(9, () => ({}), 5) }, [], []],
    ['wider by option', { diff: { gone: 300 }, past: calm, feed: { guards: { learn: { width: 20 } } } }, [], []],
    [
      'sooner by option',
      { diff: { gone: 300 }, past: calm.slice(0, 3), feed: { guards: { learn: { after: 3 } } } },
      [],
      ['MASS_DELETE'],
    ],
  ])('%s', (_what, given, holds, warnings) => {
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
  });

  test('only the last nights count', () => {
    const wild = nights(40, (index) => ({ gone: index < 28 ? 0 : 0.04 }));
    expect(names(judged({ diff: { gone: 300 }, past: wild }).warnings)).toEqual(['MASS_DELETE']);
    const feed = { guards: { learn: { nights: 366 } } };
    const rough = nights(80, (index) => ({ gone: index < 28 ? 0 : 0.04 }));
    expect(judged({ diff: { gone: 300 }, past: rough, feed }).warnings).toEqual([]);
  });

  test('a finding keeps what was learned, so that it can be explained in a year', () => {
    const [warning] = judged({ diff: { gone: 300 }, past: calm }).warnings;
    expect(warning).toEqual({
      table: 'items',
      guard: 'MASS_DELETE',
      value: 0.03,
      limit: 0.01,
      unit: 'share',
      basis: 'learned',
      usual: {
        nights: 28,
        median: 0,
        spread: 0.002,
        lowest: -0.01,
        highest: 0.01,
        weekday: { nights: 4, median: 0, spread: 0.002, lowest: -0.01, highest: 0.01 },
      },
    });
  });
});

test('the numbers of the night are kept for those to come', () => {
  const nulls = { name: { base: 100, next: 150 }, price: { base: null, next: 3 } };
  const diff = {
    gone: 100,
    updated: 200,
    inserted: 300,
    accepted: 10_200,
    rows: 10_210,
    rejected: { SCALE: 10 },
    nulls,
  };
  const { measures } = judged({ diff: { ...diff, bytes: { base: 100, next: 110 } }, feed: { schedule } });
  expect(measures).toEqual({
    late: 10,
    tables: {
      items: {
        files: 1,
        duplicates: 0,
        overlap: 0,
        suspended: 0,
        rows: 0.02,
        bytes: 0.1,
        inserted: 0.03,
        updated: 0.02,
        gone: 0.01,
        rejected: 10 / 10_210,
        nulls: { name: 150 / 10_200 - 0.01 },
      },
    },
  });
  expect(judged({ diff: { base: 0 } }).measures).toEqual({
    tables: { items: { files: 1, rejected: 0, duplicates: 0, overlap: 0 } },
  });
});

test('where the feed wants two people, delete guards say so', () => {
  const { holds } = judged({ diff: { gone: 3000, updated: 4000, accepted: 7000 }, guards: { gone: { people: 2 } } });
  expect(holds.map(({ guard, people }) => [guard, people])).toEqual([
    ['ROWCOUNT_DROP', 2],
    ['MASS_DELETE', 2],
    ['MASS_UPDATE', undefined],
  ]);
});

const signs = { longest: { bytes: 90, lines: 1 }, swallowed: [] };
const place = { file: 't.csv', record: 7, byte: 120, lines: 5, fields: 2 };
const escapes = { breaking: 101, doubled: 0, nulls: 0, plain: 0, escapes: 101 };

describe('what records look like', () => {
  test.each<[string, Case, string[], string[]]>([
    ['nothing odd', { diff: { signs } }, [], []],
    [
      'records within a field',
      { diff: { signs: { ...signs, swallowed: [{ ...place, column: 'name' }] } } },
      ['SWALLOWED_RECORDS "name"'],
      [],
    ],
    [
      'where quotes are broken nobody knows of which column',
      { diff: { signs: { ...signs, swallowed: [{ ...place, column: null }] } } },
      ['SWALLOWED_RECORDS'],
      [],
    ],
    ['escapes in more than a hundredth', { diff: { signs: { ...signs, backslashes: escapes } } }, ['BACKSLASHES'], []],
    ['in just that', { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 100 } } } }, [], []],
    [
      'in one record of few',
      { diff: { rows: 3, signs: { ...signs, backslashes: { ...escapes, breaking: 1 } } } },
      [],
      [],
    ],
    ['names of folders', { diff: { signs: { ...signs, backslashes: { ...escapes, plain: 50 } } } }, [], []],
    [
      'only doubled ones',
      { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 0, doubled: 500 } } } },
      [],
      ['BACKSLASHES'],
    ],
    [
      'doubled ones beside \\N',
      { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 0, doubled: 500, nulls: 1 } } } },
      ['BACKSLASHES'],
      [],
    ],
    [
      'a limit of the feed file',
      { diff: { signs: { ...signs, backslashes: escapes } }, guards: { backslashes: '2%' } },
      [],
      [],
    ],
    [
      'which only warns',
      { diff: { signs: { ...signs, backslashes: escapes } }, guards: { backslashes: { severity: 'warn' } } },
      [],
      ['BACKSLASHES'],
    ],
    [
      'files that end otherwise',
      { diff: { signs: { ...signs, endings: { base: ['ended'], next: ['unended'] } } } },
      [],
      ['FILE_ENDINGS'],
    ],
    [
      'a record longer than usual',
      {
        diff: { signs: { ...signs, longest: { bytes: 3000, lines: 40 } } },
        past: nights(9, () => ({ recordBytes: 90, recordLines: 1 })),
      },
      [],
      ['RECORD_BYTES', 'RECORD_LINES'],
    ],
    [
      'a little longer',
      {
        diff: { signs: { ...signs, longest: { bytes: 200, lines: 3 } } },
        past: nights(9, () => ({ recordBytes: 90, recordLines: 1 })),
      },
      [],
      [],
    ],
    ['longer than the feed file allows', { diff: { signs }, guards: { longest_record: 80 } }, ['RECORD_BYTES'], []],
  ])('%s', (_what, given, holds, warnings) => {
    const verdict = judged(given);
    expect([names(verdict.holds), names(verdict.warnings)]).toEqual([holds, warnings]);
  });

  test('in words, with the place', () => {
    const { holds } = judged({ diff: { signs: { ...signs, swallowed: [{ ...place, column: 'name' }] } } });
    expect(explainHold(holds[0]!)).toMatch(
      /^2 field\(s\) of "name" .* "t.csv", record 7 at byte 120 .*contains_records: true/,
    );
  });
});

describe('in words', () => {
  const share = { table: 'items', unit: 'share' } as const;
  const usual = { nights: 26, median: 0.004, spread: 0.002, lowest: -0.006, highest: 0.014 };
  test.each<[Finding, string]>([
    [
      { ...share, guard: 'MASS_DELETE', value: 0.41, limit: 0.05 },
      '41.0 % of the rows are gone; at most 5.0 % is allowed',
    ],
    [
      { ...share, guard: 'MASS_DELETE', value: 0.03, limit: 0.014, basis: 'learned', usual },
      '3.0 % of the rows are gone; at most 1.4 % is usual (the last 26 nights: median 0.4 %, spread 0.2 %)',
    ],
    [
      {
        ...share,
        guard: 'MASS_UPDATE',
        value: 0.41,
        limit: 0.3,
        basis: 'fixed',
        usual: { ...usual, weekday: { ...usual, nights: 4, median: 0.09 } },
      },
      '41.0 % of the rows changed; at most 30.0 % is allowed (the last 26 nights: median 0.4 %, spread 0.2 %; the same day of the week: median 9.0 %)',
    ],
    [
      { ...share, guard: 'REJECTED_LIMIT', value: 0.00042, limit: 0.0003 },
      '0.042 % of the rows were rejected; at most 0.03 % is allowed',
    ],
    [
      { ...share, guard: 'NULL_SHARE', column: 'price', value: -0.5, limit: -0.05 },
      'the share of rows without price changed by -50.0 %; at least -5.0 % is allowed',
    ],
    [
      { table: null, unit: 'minutes', guard: 'DELIVERED_LATE', value: 95, limit: 30 },
      'the delivery was written 95 min after the night began; at most 30 min is allowed',
    ],
    [{ table: null, unit: 'count', guard: 'FILES_MISSING', value: 2, limit: 3 }, '2 files came; 3 are expected'],
    [
      { table: null, unit: 'count', guard: 'FILES_EXTRA', value: 4, limit: 3 },
      '4 files came; `expect` says 3 (with `links: ignore` in the source, links do not count)',
    ],
    [
      {
        table: 'items',
        unit: 'count',
        guard: 'FILES_UNUSUAL',
        value: 2,
        limit: 3.5,
        basis: 'learned',
        usual: { nights: 9, median: 4, spread: 0.1, lowest: 3.5, highest: 4.5 },
      },
      '2 file(s) came; at least 3.5 is usual (the last 9 nights: median 4, spread 0.1)',
    ],
    [
      { table: 'items', unit: 'count', guard: 'SCHEMA_ADD', column: '"size"', value: 1, limit: 0 },
      'not declared, and left out: "size"',
    ],
    [
      { table: 'items', unit: 'count', guard: 'RULE_BROKEN', rule: 'price.min', value: 3, limit: 0 },
      '3 new or changed rows break the rule price.min',
    ],
  ])('%j', (hold, words) => {
    expect(explainHold(hold)).toBe(words);
  });
});
