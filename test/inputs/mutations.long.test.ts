import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv } from '../support/engines/csv.ts';
import { strictRead } from '../support/engines/strict-csv.ts';
import { isFull } from '../support/full.ts';
import { tableOf } from '../support/nights/input-case.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const NIGHTS = isFull ? 200 : 25;
const columns = {
  id: { type: 'integer', key: true },
  name: 'text',
  price: { type: 'decimal(7,2)' },
  day: 'date',
};
const guards = { min_rows: 0, gone: '100%', updated: '100%', rejected: '100%', rows: ['-100%', '+100000%'] };
const header = ['id', 'name', 'price', 'day'];

const word = fc.string({
  unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r\n', '\\', ';', '😀', '0'),
  maxLength: 5,
});
const rowsOf = fc
  .array(fc.tuple(word, fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 700 })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((rows) =>
    rows.map(([name, cents, day], index) => [
      String(index + 1),
      name,
      (cents / 100).toFixed(2),
      new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    ]),
  );

/** One thing that goes wrong with bytes on their way. */
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('"', ',', '\n', '\r', '\r\n', '\0', '\xff', '\xef\xbb\xbf', '""', ';', 'x', '\\'),
  }),
  fc.record({
    kind: fc.constant('remove' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('1', '12', '1234', '12345678'),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('"', ',', '\n', '\r', '\0', '\xe9', '9', 'x'),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), bytes: fc.constant('') }),
  fc.record({
    kind: fc.constant('double' as const),
    at: fc.nat(),
    bytes: fc.constantFrom('1', '123456789', '123456789012345678901234567890'),
  }),
);

/** A record of the mutated file means what a strict reader finds there, or nothing. */
test('one fault in the bytes never makes a wrong row', async () => {
  const table = tableOf(columns, { guards, on_delete: 'retain' });
  const feed = await lab.feed(table, { 't.csv': csv([header, ['1', 'a', '1', '2024-01-01']]) });
  const outcomes: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(rowsOf, mutation, fc.constantFrom('\n', '\r\n'), async (rows, fault, recordEnd) => {
      const good = Buffer.from(csv([header, ...rows], { recordEnd }));
      const bad = mutated(good, fault);
      const before = new Map((await feed.rows()).map((row) => [row[0]!, row]));

      const night = await feed.night({ 't.csv': bad });

      outcomes[night.state] = (outcomes[night.state] ?? 0) + 1;
      const after = await feed.rows();
      if (night.state !== 'published' && night.state !== 'unchanged') {
        expect(after).toEqual([...before.values()]);
        return;
      }
      const story = JSON.stringify({ bad: bad.toString('latin1'), night });
      const read = new Set(strictRead(bad).map((fields) => JSON.stringify(fields)));
      for (const row of after) {
        const isAsBefore = JSON.stringify(before.get(row[0]!)) === JSON.stringify(row);
        if (!isAsBefore) expect(read, story).toContain(JSON.stringify(row));
      }
      const live = new Set(after.map(([id]) => id));
      const gone = [...before.keys()].filter((id) => !live.has(id));
      for (const id of gone) expect(bad.toString('latin1'), story).not.toMatch(new RegExp(`[\\r\\n]${id},`));
      expect(await feed.isProved()).toBe(true);
    }),
    { numRuns: NIGHTS },
  );
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['published', 'refused']));
}, 900_000);

function mutated(good: Buffer, { kind, at, bytes }: { kind: string; at: number; bytes: string }): Buffer {
  const place = at % good.length;
  const [head, tail] = [good.subarray(0, place), good.subarray(place)];
  const added = Buffer.from(bytes, 'latin1');
  if (kind === 'cut') return head;
  if (kind === 'insert') return Buffer.concat([head, added, tail]);
  if (kind === 'replace') return Buffer.concat([head, added, tail.subarray(added.length)]);
  if (kind === 'remove') return Buffer.concat([head, tail.subarray(bytes.length)]);
  return Buffer.concat([head, tail.subarray(0, bytes.length), tail]);
}
