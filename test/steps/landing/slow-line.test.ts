import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { collected, TransferLab } from './transfer-lab.ts';

let lab: TransferLab;
beforeEach(async () => {
  lab = await TransferLab.open();
});
afterEach(() => lab.close());

test('a line that is too slow for one night fails when the next one begins, and is not tried again', async () => {
  const expected = (await lab.source.list())[0]!;
  const begins = new Date('2026-11-21T02:00:00Z');
  let now = begins.getTime() - 1000;
  const ports = { now: () => new Date(now), say() {}, async sleep() {} } as unknown as Ports;
  const reception = new Transfer(lab.source, expected, ports, () => (now += 600), {
    until: { at: begins, why: 'when the next night begins' },
  });
  await expect(collected(reception)).rejects.toMatchObject({
    name: 'SOURCE_SLOW',
    transient: false,
    message: expect.stringMatching(
      /^"a.bin": \d+ of 500000 bytes came until 2026-11-21T02:00:00.000Z, when the next night begins/,
    ),
  });
});

describe('a server that becomes slow', () => {
  const bytes = Buffer.alloc(20_000_000, 'id,name\n');
  const file = { name: 'a.bin', size: bytes.length, modified: null };
  const slow = new NightfeedError('SOURCE_SLOW', '3 bytes came in 45 s');

  /** Stops being fast after so many bytes of each transfer. */
  const received = async (fastBytes: number) => {
    const pieces = function* (from: number) {
      for (let at = from; at < bytes.length; at += 1_000_000) {
        if (at >= from + fastBytes) throw slow;
        yield bytes.subarray(at, at + 1_000_000);
      }
    };
    const server = { stat: async () => file, read: (_name: string, from = 0) => Readable.from(pieces(from)) };
    const ports = { say() {}, async sleep() {} } as unknown as Ports;
    return collected(new Transfer(server as unknown as Source, file, ports, () => {}));
  };

  test('is asked again where the line was good before', async () => {
    expect((await received(9_000_000)).equals(bytes)).toBe(true);
  });

  test('is left where it brought next to nothing', async () => {
    await expect(received(1_000_000)).rejects.toBe(slow);
  });
});
