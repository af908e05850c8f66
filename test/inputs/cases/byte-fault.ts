import fc from 'fast-check';

/** One thing that goes wrong with bytes on their way. */
export type ByteFault = Readonly<{ kind: 'flip' | 'cut' | 'remove' | 'double' | 'zero'; at: number; size: number }>;

export const byteFault: fc.Arbitrary<ByteFault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), size: fc.nat({ max: 7 }) }) },
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), size: fc.constant(0) }),
  fc.record({
    kind: fc.constantFrom('remove' as const, 'double' as const, 'zero' as const),
    at: fc.nat(),
    size: fc.integer({ min: 1, max: 40 }),
  }),
);

export function withFault(good: Buffer, { kind, at, size }: ByteFault): Buffer {
  const place = at % good.length;
  const [head, tail] = [good.subarray(0, place), good.subarray(place)];
  if (kind === 'cut') return head;
  if (kind === 'remove') return Buffer.concat([head, tail.subarray(size)]);
  if (kind === 'double') return Buffer.concat([head, tail.subarray(0, size), tail]);
  const copy = Buffer.from(good);
  if (kind === 'zero') copy.subarray(place, place + size).fill(0);
  else copy[place]! ^= 1 << size;
  return copy;
}
