import { expect, test } from 'vitest';
import { reportRuns } from '../../bin/cli/commands/history.ts';
import { reportList } from '../../bin/cli/commands/quarantine.ts';
import { printTables } from '../../bin/cli/output/night-table.ts';
import { Output } from '../../bin/cli/output/output.ts';
import { printStepTimes } from '../../bin/cli/output/step-times.ts';
import { aligned, tableLines } from '../../bin/cli/output/table.ts';

const night = {
  rows: 1_204_551,
  inserted: 12_000,
  updated: 3,
  returned: 0,
  gone: 0,
  unchanged: 1_192_548,
  rejected: 0,
  suspended: 0,
  filtered: 0,
  retained: 0,
  engine: 'lockstep',
};
const busy = { ...night, returned: 1, gone: 2, rejected: 3, suspended: 4, filtered: 5 };
const files = { picked: ['a.csv', 'b.csv'], left_out: [] };
const run = {
  run: 'shop/2026-11-20-r2',
  feed: 'shop',
  date: '2026-11-20',
  state: 'held',
  abandoned: true,
  holds: [{ guard: 'ROWS_DROPPED' }, { guard: 'SCHEMA_CHANGED' }],
  warnings: [],
  error: null,
  origin: null,
  opened_at: '2026-11-20T03:00:00.000Z',
  ended_at: null,
};

const PIPE = Number.POSITIVE_INFINITY;

test('elsewhere than on a terminal each number has its place', () => {
  expect(
    printed(PIPE, (output) => printTables(output, { items: { ...night, files }, prices: night } as never)),
  ).toMatchInlineSnapshot(`
    "  table        rows   inserted    updated   returned       gone  unchanged   rejected  suspended  engine
      items   1,204,551     12,000          3          0          0  1,192,548          0          0  lockstep
              from a.csv, b.csv
      prices  1,204,551     12,000          3          0          0  1,192,548          0          0  lockstep"
  `);
});

test('at 80 columns numbers that are 0 everywhere go first', () => {
  expect(
    printed(80, (output) => printTables(output, { items: { ...night, files }, prices: night } as never)),
  ).toMatchInlineSnapshot(`
    "  table        rows  inserted  updated  unchanged  engine
      items   1,204,551    12,000        3  1,192,548  lockstep
              from a.csv, b.csv
      prices  1,204,551    12,000        3  1,192,548  lockstep"
  `);
});

test('what has no room then is told in sentences', () => {
  expect(
    printed(80, (output) => printTables(output, { items: busy, prices: { ...night, files } } as never)),
  ).toMatchInlineSnapshot(`
    "  items  lockstep
        1,204,551 rows, 12,000 inserted, 3 updated, 1 returned, 2 gone, 1,192,548
        unchanged, 3 rejected, 4 suspended, 5 filtered
      prices  lockstep
        1,204,551 rows, 12,000 inserted, 3 updated, 1,192,548 unchanged
        from a.csv, b.csv"
  `);
});

test('what about the files is odd stands below the numbers of their table', () => {
  const notes = [
    'U+FFFD in the text: characters were lost before the delivery',
    'columns left out: "a", "b", "c", "d", "e"',
  ];
  expect(
    printed(80, (output) => printTables(output, { items: { ...night, files, notes }, prices: night } as never)),
  ).toMatchInlineSnapshot(`
    "  table        rows  inserted  updated  unchanged  engine
      items   1,204,551    12,000        3  1,192,548  lockstep
              from a.csv, b.csv
              note: U+FFFD in the text: characters were lost before the delivery
              note: columns left out: "a", "b", "c", "d", "e"
      prices  1,204,551    12,000        3  1,192,548  lockstep"
  `);
});

test('where the time went is broken where the terminal ends', () => {
  const times = 'arrive 0.0 s, pull 0.1 s, diff 0.8 s, guard 0.0 s, publish 0.2 s, notify 0.0 s, tidy 0.2 s';
  expect(printed(PIPE, (output) => printStepTimes(output, times))).toBe(`  ${times}`);
  expect(printed(80, (output) => printStepTimes(output, times))).toBe(
    '  arrive 0.0 s, pull 0.1 s, diff 0.8 s, guard 0.0 s, publish 0.2 s, notify 0.0\n  s, tidy 0.2 s',
  );
  expect(printed(80, (output) => printStepTimes(output, ''))).toBe('');
});

test('a list of runs: why is broken between words', () => {
  expect(printed(PIPE, (output) => reportRuns(output, [run] as never))).toMatchInlineSnapshot(
    `"  2026-11-20 03:00:00  shop/2026-11-20-r2           held        its process ended; run the same command again; ROWS_DROPPED, SCHEMA_CHANGED"`,
  );
  expect(printed(80, (output) => reportRuns(output, [run] as never))).toMatchInlineSnapshot(`
    "  2026-11-20 03:00:00  shop/2026-11-20-r2  held  its process ended; run the same
                                                     command again; ROWS_DROPPED,
                                                     SCHEMA_CHANGED"
  `);
});

test('a list of what is quarantined', () => {
  const found = {
    quarantine: [{ run: run.run, feed: 'shop', date: run.date, table: 'items', code: 'FORMAT', rows: 1200 }],
    held: [{ run: run.run, feed: 'shop', date: run.date, table: 'prices', rows: 9 }],
  };
  expect(printed(PIPE, (output) => reportList(output, found as never))).toMatchInlineSnapshot(`
    "  shop/2026-11-20-r2           items                FORMAT               1,200
      shop/2026-11-20-r2           prices               held                     9  look: nightfeed quarantine show shop/2026-11-20-r2"
  `);
  expect(printed(80, (output) => reportList(output, found as never))).toMatchInlineSnapshot(`
    "  shop/2026-11-20-r2           items                FORMAT               1,200
      shop/2026-11-20-r2           prices               held                     9
      look: nightfeed quarantine show shop/2026-11-20-r2"
  `);
});

test('there is as much room as the terminal has, and any elsewhere', () => {
  const stream = process.stdout;
  const before = { isTTY: stream.isTTY, columns: stream.columns };
  const roomOf = (isTTY: boolean, columns: number) => {
    Object.assign(stream, { isTTY, columns });
    return new Output({ json: false }).room;
  };
  try {
    expect([roomOf(true, 72), roomOf(true, 0), roomOf(false, 72)]).toEqual([72, PIPE, PIPE]);
  } finally {
    Object.assign(stream, before);
  }
});

test('characters that take two places, and those that are written out, keep the columns in line', () => {
  const rows = [
    ['商品', 'x', '1'],
    ['a\u001b[2Jb', '\u202e', '22'],
    ['📏', 'é\u0301', '333'],
  ];
  expect(aligned(rows, [{}, {}, { align: 'right' }]).lines).toEqual([
    '  商品         x           1',
    '  a\\u{1b}[2Jb  \\u{202e}   22',
    '  📏           é\u0301         333',
  ]);
});

test('a word that is longer than the room stays whole', () => {
  expect(tableLines([['a', 'x'.repeat(30)]], [{}, {}], 20)).toEqual([`  a  ${'x'.repeat(30)}`]);
  expect(tableLines([], [{}], 20)).toEqual([]);
});

class Paper extends Output {
  readonly lines: string[] = [];
  readonly #room: number;

  constructor(room: number) {
    super({ json: false });
    this.#room = room;
  }

  override get room(): number {
    return this.#room;
  }

  override print(text = ''): void {
    expect(text.length).toBeLessThanOrEqual(this.room);
    this.lines.push(text);
  }
}

/** What is printed on a terminal with so many columns, or into a pipe. */
function printed(room: number, print: (output: Output) => void): string {
  const paper = new Paper(room);
  print(paper);
  return paper.lines.join('\n');
}
