import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driveLockstep } from '../../../lib/core/diff/lockstep/drive.ts';
import { recordEnds } from '../../../lib/core/diff/lockstep/record-ends.ts';
import { LockstepWalk, type Side } from '../../../lib/core/diff/lockstep/walk.ts';
import { KeyOrder } from '../../../lib/core/records/scan/key-order.ts';
import type { RecordEnd } from '../../../lib/core/run/file-parts.ts';

const dialect = { delimiter: 44, quote: 34 };

interface Walked {
  readonly base: string[];
  readonly next: string[];
  readonly offsets: number[];
  readonly matched: number;
}

async function walk(
  base: string[],
  next: string[],
  options: { window: number; chunk: number; recordEnd: RecordEnd; byLines: boolean; order?: KeyOrder },
): Promise<Walked> {
  const found: Record<Side, string[]> = { base: [], next: [] };
  const offsets: number[] = [];
  const lockstep = new LockstepWalk({
    ends: recordEnds(dialect, options.recordEnd, options.byLines),
    keyOrder: options.order,
    unmatched: (side, bytes, from, to, offset) => {
      found[side].push(bytes.toString('latin1', from, to));
      if (side === 'next') offsets.push(offset);
    },
  });
  await driveLockstep(chunks(base, options.chunk), chunks(next, options.chunk), lockstep, {
    windowBytes: options.window,
  });
  return { ...found, offsets, matched: lockstep.matched };
}

async function* chunks(records: string[], size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(records.join(''), 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

/** The unmatched records of both sides plus one and the same multiset of matched records make up the inputs, in order. */
function checkMatching(base: string[], next: string[], walked: Walked): void {
  const withoutBase = leftOver(base, walked.base);
  const withoutNext = leftOver(next, walked.next);
  expect(withoutBase).toBeDefined();
  expect(withoutNext).toBeDefined();
  expect([...withoutBase!].sort()).toEqual([...withoutNext!].sort());
  expect(withoutBase!.join('').length).toBe(walked.matched);
  const starts = next.map((_record, index) => next.slice(0, index).join('').length);
  expect(walked.offsets.map((offset) => next[starts.indexOf(offset)])).toEqual(walked.next);
}

/** What is left of a list without a subsequence of it; undefined when it is none. */
function leftOver(all: string[], some: string[]): string[] | undefined {
  const rest: string[] = [];
  let at = 0;
  for (const record of all) {
    if (record === some[at]) at += 1;
    else rest.push(record);
  }
  return at === some.length ? rest : undefined;
}

const recordEnd = fc.constantFrom<RecordEnd>('\n', '\r\n', '\r');
const sizes = fc.record({ window: fc.integer({ min: 1, max: 512 }), chunk: fc.integer({ min: 1, max: 300 }) });
const plain = fc.string({ unit: fc.constantFrom('a', 'b', ',', '1', ' ', '\u00e9'), minLength: 1, maxLength: 12 });
const long = fc
  .tuple(fc.constantFrom('x', 'y', 'ab'), fc.integer({ min: 100, max: 1500 }))
  .map(([text, times]) => text.repeat(times));
const quoted = fc
  .string({ unit: fc.constantFrom('a', '\n', '\r', ',', '""'), maxLength: 8 })
  .map((text) => `"${text}",1`);
const equalRun = fc
  .tuple(plain, fc.integer({ min: 1, max: 60 }))
  .map(([record, times]) => Array.from({ length: times }, (_, index) => `${index % 7},${record}`));

/** A second night: records changed, dropped, inserted, moved, repeated. */
function nightAfter(records: string[], edits: readonly (readonly [number, string, string])[]): string[] {
  const next = [...records];
  for (const [place, kind, text] of edits) {
    const at = next.length === 0 ? 0 : place % next.length;
    if (kind === 'change') next[at] = text;
    else if (kind === 'insert') next.splice(at, 0, text);
    else if (kind === 'drop') next.splice(at, 1 + (place % 5));
    else if (kind === 'move') next.splice((place * 7) % (next.length || 1), 0, ...next.splice(at, 1));
    else if (kind === 'reverse') next.splice(at, 9, ...next.slice(at, at + 9).reverse());
    else next.splice(at, 0, next[at] ?? text);
  }
  return next;
}

function pairOf(record: fc.Arbitrary<string>) {
  const list = fc
    .array(fc.oneof({ weight: 4, arbitrary: record.map((text) => [text]) }, { weight: 1, arbitrary: equalRun }), {
      maxLength: 40,
    })
    .map((lists) => lists.flat());
  const edits = fc.array(
    fc.tuple(fc.nat(400), fc.constantFrom('change', 'insert', 'drop', 'move', 'reverse', 'repeat'), record),
    { maxLength: 20 },
  );
  return fc
    .tuple(list, edits, fc.boolean(), list)
    .map(([base, changes, isOther, other]) => [base, isOther ? other : nightAfter(base, changes)] as const);
}

describe('what cancels is a one-to-one matching of equal records, whatever the windows', () => {
  test.each([
    ['lines', pairOf(fc.oneof(plain, { weight: 1, arbitrary: long })), true],
    ['lines, quote-aware', pairOf(plain), false],
    [
      'quoted line ends',
      pairOf(
        fc.oneof(
          plain.filter((text) => !text.includes('"')),
          quoted,
        ),
      ),
      false,
    ],
  ] as const)('%s', async (_title, pair, byLines) => {
    await fc.assert(
      fc.asyncProperty(pair, sizes, recordEnd, async ([base, next], { window, chunk }, end) => {
        // A CR that a quoted field holds is sound within LF and CRLF files and the other way round.
        const records = (some: readonly string[]) => some.map((text) => text + end);
        const walked = await walk(records(base), records(next), { window, chunk, recordEnd: end, byLines });
        checkMatching(records(base), records(next), walked);
      }),
      { numRuns: 400 },
    );
  });

  test('ascending keys: the rest is exactly what differs', async () => {
    const table = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom('a', 'b', 'c'.repeat(300))),
      { selector: ([id]) => id, maxLength: 120 },
    );
    const order = KeyOrder.of(
      ['id', 'v'],
      [
        { name: 'id', type: 'bigint', key: true },
        { name: 'v', type: 'text', key: false },
      ],
      dialect,
    )!;
    await fc.assert(
      fc.asyncProperty(table, table, sizes, async (first, second, { window, chunk }) => {
        const records = (rows: [number, string][]) =>
          [...rows].sort(([a], [b]) => a - b).map(([id, text]) => `${id},${text}\n`);
        const [base, next] = [records(first), records(second)];
        const walked = await walk(base, next, { window, chunk, recordEnd: '\n', byLines: true, order });
        expect(walked.base).toEqual(base.filter((record) => !next.includes(record)));
        expect(walked.next).toEqual(next.filter((record) => !base.includes(record)));
        checkMatching(base, next, walked);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['a block inserted at the top', 100, 0],
  ['a block gone', 0, 5000],
])('%s costs only itself', async (_title, inserted, gone) => {
  const base = Array.from({ length: 30_000 }, (_, id) => `${(id * 7919) % 30_011},some text,${id}\n`);
  const next = [
    ...Array.from({ length: inserted }, (_, id) => `new ${id},x,y\n`),
    ...base.slice(0, 10_000),
    ...base.slice(10_000 + gone),
  ];
  const walked = await walk(base, next, { window: 1 << 20, chunk: 1 << 16, recordEnd: '\n', byLines: true });
  expect(walked.next).toHaveLength(inserted);
  expect(walked.base).toHaveLength(gone);
});
