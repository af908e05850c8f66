import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ports } from '../../../lib/ports/ports.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import type { Fault } from '../../support/vendors/ftp-server.ts';
import { collected, content, OVERLAP, size, TransferLab } from './transfer-lab.ts';

let lab: TransferLab;
beforeEach(async () => {
  lab = await TransferLab.open();
});
afterEach(() => lab.close());

describe('goes on where it broke', () => {
  const atBytes = [1, OVERLAP, size / 2, size - 1, size];
  test.each([
    ...atBytes.flatMap((atByte) =>
      (['cut226', 'cut426', 'reset', 'stall'] as const).map((kind) => [kind, atByte] as const),
    ),
    ['loseReply', size] as const,
  ])('%s at %d', async (kind, atByte) => {
    lab.server.inject({ kind, atByte, times: 1 });
    const received = await lab.receive();
    expect(received.bytes.equals(content)).toBe(true);
    expect(received.transfers).toBe(1);
    // At a reset, bytes that were sent may be lost on the way.
    const from = Math.max(0, atByte - OVERLAP);
    if (kind === 'cut226' && atByte < size) expect(lab.restarts()).toEqual(from === 0 ? [] : [from]);
    if (kind === 'cut226' && atByte === size) expect(lab.transfers()).toBe(1);
    for (const restart of lab.restarts()) expect(restart).toBeLessThanOrEqual(from);
  });

  test('an empty file is whole at once', async () => {
    await writeFile(join(lab.root, 'a.bin'), '');
    expect((await lab.receive()).bytes).toHaveLength(0);
  });

  test('three breaks at different places, each with a longer pause', async () => {
    for (const atByte of [100_000, 200_000, 300_000]) lab.server.inject({ kind: 'cut426', atByte, times: 1 });
    expect((await lab.receive()).bytes.equals(content)).toBe(true);
    expect(lab.restarts()).toEqual([100_000, 200_000, 300_000].map((at) => at - OVERLAP));
    expect(lab.said).toEqual(
      [1, 2, 3].map((at) => expect.stringContaining(`going on with "a.bin" at byte ${at}00000`)),
    );
    lab.pauses.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(750 * 2 ** index);
    });
  });

  test('a control connection that was closed meanwhile is opened again', async () => {
    lab.server.inject({ kind: 'closeControlAfterList', times: 1 });
    lab.server.inject({ kind: 'dropped', command: 'RETR', times: 1 });
    expect((await lab.receive()).bytes.equals(content)).toBe(true);
  });
});

describe('starts anew where the server cannot go on', () => {
  test('REST ignored: the wrong bytes are noticed, and the file is transferred from its start', async () => {
    lab.server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    lab.server.inject({ kind: 'ignoreRest' });
    expect(await lab.receive()).toMatchObject({ transfers: 2 });
    expect((await lab.receive()).bytes.equals(content)).toBe(true);
  });

  test('REST ignored and cut again at just the place that makes the size right: never the wrong bytes', async () => {
    lab.server.inject({ kind: 'ignoreRest' });
    lab.server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    lab.server.inject({ kind: 'cut226', atByte: size / 2 + OVERLAP, times: 1 });
    expect((await lab.receive()).bytes.equals(content)).toBe(true);
  });

  test('REST refused: everything is sent again, what landed is kept', async () => {
    await lab.start({ lacks: ['REST'] });
    lab.server.inject({ kind: 'reset', atByte: size / 2, times: 1 });
    const received = await lab.receive();
    expect(received.bytes.equals(content)).toBe(true);
    expect(received.transfers).toBe(1);
  });
});

describe('gives up', () => {
  test.each<Fault['kind']>(['cut226', 'cut426', 'reset', 'stall'])(
    'after four breaks without progress: %s',
    async (kind) => {
      lab.server.inject({ kind, atByte: 1000 });
      const name = kind === 'cut226' ? 'SOURCE_SHORT' : 'SOURCE_UNREACHABLE';
      await expect(lab.receive()).rejects.toMatchObject({ name });
      expect(lab.transfers()).toBe(4);
      expect(lab.pauses).toHaveLength(3);
    },
  );

  test('at once when the server denies the file', async () => {
    lab.server.inject({ kind: 'denied' });
    await expect(lab.receive()).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect(lab.transfers()).toBe(1);
  });

  test.each<Fault>([
    { kind: 'replace', atByte: size / 2 },
    { kind: 'replace', atByte: size / 2, content: 'x'.repeat(size) },
    { kind: 'grow', atByte: size / 2 },
    { kind: 'grow', atByte: size },
  ])('on another file in its place: $kind at $atByte', async (fault) => {
    lab.server.inject(fault);
    await expect(lab.receive()).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
  });

  test('on a file that was replaced while the line was down', async () => {
    lab.server.inject({ kind: 'replace', atByte: 1000, times: 1, content: randomBytes(size / 2).toString('hex') });
    lab.server.inject({ kind: 'cut426', atByte: size / 2, times: 1 });
    const expected = (await lab.source.list())[0]!;
    await buffer(lab.source.read('a.bin'));
    const reception = new Transfer(lab.source, expected, { say() {}, async sleep() {} } as unknown as Ports, () => {});
    await expect(collected(reception)).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
  });
});

test('however a transfer breaks, what arrives is the file or a named error', async () => {
  const broken = fc.record({
    kind: fc.constantFrom<Fault['kind']>('cut226', 'cut426', 'reset', 'loseReply', 'ignoreRest', 'dropped'),
    atByte: fc.nat(size),
    times: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(broken, { maxLength: 5 }), async (faults) => {
      lab.server.faults.clear();
      for (const fault of faults) lab.server.inject(fault);
      const received = await lab.receive().catch((error) => error);
      if (received instanceof Error)
        expect(received).toMatchObject({ name: expect.stringMatching(/^SOURCE_(SHORT|UNREACHABLE|UNCONFIRMED)$/) });
      else expect(received.bytes.equals(content)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
