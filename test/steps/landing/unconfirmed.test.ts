import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SourceFile } from '../../../lib/core/delivery/source-file.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { collected, content, OVERLAP, size, TransferLab } from './transfer-lab.ts';

test('a server that never confirms the end of a file: its last bytes are asked for again, and then a second look counts', async () => {
  const lab = await TransferLab.open();
  onTestFinished(() => lab.close());
  lab.server.inject({ kind: 'idleReply' });
  const { bytes, transfers } = await lab.receive();
  expect(bytes.equals(content)).toBe(true);
  expect([transfers, lab.transfers(), lab.restarts()]).toEqual([1, 2, [size - OVERLAP]]);
  expect(lab.said.at(-1)).toMatch(
    /^SOURCE_UNCONFIRMED: .*421 Idle for too long, after the last byte; "a.bin" is taken: the server never confirmed/,
  );
});

describe('what a second look does not prove is not taken', () => {
  const bytes = randomBytes(200_000);
  const modified = '2026-11-20T02:13:14.000Z';
  const file: SourceFile = { name: 'a.bin', size: bytes.length, modified };
  const unconfirmed = new NightfeedError('SOURCE_UNCONFIRMED', 'no answer after the last byte');

  /** A server that never confirms, and may answer differently from a try on; the tries, and what came of them. */
  async function received(
    listed: SourceFile,
    seen: (tries: number) => SourceFile,
    sent: (from: number, tries: number) => Buffer = (from) => bytes.subarray(from),
    attempts = 4,
  ) {
    let tries = 0;
    async function* sending(from: number) {
      tries += 1;
      yield sent(from, tries);
      throw unconfirmed;
    }
    const server = {
      stat: async () => seen(tries),
      read: (_name: string, from = 0) => Readable.from(sending(from), { highWaterMark: 1 }),
    };
    const ports = { say() {}, async sleep() {} } as unknown as Ports;
    const transfer = new Transfer(server as unknown as Source, listed, ports, () => {}, { attempts });
    const came = await collected(transfer).catch((error: NightfeedError) => error.name);
    return { tries, came: typeof came === 'string' ? came : came.equals(bytes), notes: transfer.notes };
  }

  test('(but what it proves is, and the receipt notes it)', async () => {
    const notes = [expect.stringContaining('never confirmed')];
    expect(await received(file, () => file)).toEqual({ tries: 2, came: true, notes });
    expect(await received(file, () => file, undefined, 1)).toEqual({ tries: 1, came: true, notes });
  });

  test('a server that tells no times', async () => {
    const timeless = { ...file, modified: null };
    expect(await received(timeless, () => timeless)).toEqual({ tries: 4, came: 'SOURCE_UNCONFIRMED', notes: [] });
  });

  test('a file that was written again within the same minute', async () => {
    const seen = (tries: number) => (tries < 2 ? file : { ...file, modified: '2026-11-20T02:13:15.000Z' });
    expect(await received(file, seen)).toMatchObject({ came: 'SOURCE_UNCONFIRMED' });
  });

  test('a file that has grown', async () => {
    const seen = (tries: number) => (tries < 2 ? file : { ...file, size: file.size + 1 });
    expect(await received(file, seen)).toMatchObject({ tries: 2, came: 'SOURCE_CHANGED' });
  });

  test('last bytes that do not come again, or as others', async () => {
    const cut = (from: number, tries: number) => bytes.subarray(from, tries > 1 ? from + 10 : undefined);
    expect(await received(file, () => file, cut)).toMatchObject({ tries: 4, came: 'SOURCE_UNREACHABLE' });
    const others = (from: number, tries: number) => (tries > 1 ? randomBytes(100) : bytes.subarray(from));
    expect(await received(file, () => file, others)).toMatchObject({ tries: 2, came: 'SOURCE_SHORT' });
  });
});
