import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyOrder } from '../../../../lib/core/records/scan/key-order.ts';

const dialect = { delimiter: 44, quote: 34 };
/** A field of a key, with what its place in the order depends on. */
type Field = { readonly text: string; readonly value: bigint | string };

const kinds = {
  bigint: fc.bigInt({ min: 0n, max: 99999n }).map((value): Field => ({ text: `${value}`, value })),
  // Few characters, so that keys share beginnings; bytes decide, not code units.
  text: fc
    .string({ unit: fc.constantFrom('a', 'b', '0', ' ', '!', 'é', '￿', '😀'), minLength: 1, maxLength: 4 })
    .map((text): Field => ({ text, value: text })),
};

const keyTypes = fc.array(fc.constantFrom<keyof typeof kinds>('bigint', 'text'), { minLength: 1, maxLength: 3 });
const ends = fc.constantFrom('', '\n', '\r\n', ',more\n', ',\n');
const twoKeys = keyTypes.chain((types) => {
  const key = fc.tuple(...types.map((type) => kinds[type]));
  return fc.record({ types: fc.constant(types), a: key, b: key, ends: fc.tuple(ends, ends) });
});

test('keys of raw records are in the order of their values, however the records go on', () => {
  fc.assert(
    fc.property(twoKeys, ({ types, a, b, ends: [endA, endB] }) => {
      const columns = types.map((type, index) => ({ name: `k${index}`, key: true as const, type }));
      const order = KeyOrder.of(
        columns.map(({ name }) => name),
        columns,
        dialect,
      )!;
      const recordA = Buffer.from(`before\n${keyText(a)}${endA}`);
      const recordB = Buffer.from(`${keyText(b)}${endB}`);

      expect(Math.sign(order.compare(recordA, 7, recordB, 0))).toBe(orderOf(a, b));
      expect(Math.sign(order.compare(recordB, 0, recordA, 7))).toBe(orderOf(b, a));
      expect(order.plainLength(recordA, 7)).toBe(Buffer.byteLength(keyText(a)));
    }),
    { numRuns: 3000 },
  );
});

test.each(['007', '"7"', '', '-7', '7 ', '+7'])('a number written as %s has no place in the order', (text) => {
  const columns = [{ name: 'k', key: true as const, type: 'bigint' as const }];

  expect(KeyOrder.of(['k'], columns, dialect)!.plainLength(Buffer.from(`${text},x\n`), 0)).toBe(-1);
});

const keyText = (key: readonly Field[]) => key.map(({ text }) => text).join(',');

function orderOf(a: readonly Field[], b: readonly Field[]): number {
  for (const [index, { value }] of a.entries()) {
    const other = b[index]!.value;
    const order =
      typeof value === 'string'
        ? Buffer.compare(Buffer.from(value), Buffer.from(other as string))
        : Number(value - (other as bigint));
    if (order !== 0) return Math.sign(order);
  }
  return 0;
}
