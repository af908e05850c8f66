import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Promised } from '../../../lib/core/delivery/manifest.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { sftpSource } from '../../../lib/sources/sftp/sftp.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { type Fault, type FtpServer, type FtpServerOptions, startFtpServer } from '../../support/vendors/ftp-server.ts';
import { type SftpServer, startSftpServer } from '../../support/vendors/sftp-server.ts';

const size = 500_000;
const content = randomBytes(size);
const OVERLAP = 64 * 1024;

let root: string;
let server: FtpServer;
let source: Source;
let said: string[];
let pauses: number[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'receive-'));
  await writeFile(join(root, 'a.bin'), content);
  await start();
});
afterEach(async () => {
  await source.close();
  await server.close();
  await rm(root, { recursive: true });
});

async function start(options: Partial<FtpServerOptions> = {}): Promise<void> {
  await source?.close();
  await server?.close();
  server = await startFtpServer({ root, ...options });
  const { port } = server;
  const address = { host: '127.0.0.1', port, user: 'demo', password: 'x', path: '/' };
  source = ftpSource({ ...address, tls: 'none', timeoutMilliseconds: 300 });
}

/** Receives once, as pull does; and again from the start while that makes sense. */
async function receive(promised: Promised = {}): Promise<{ bytes: Buffer; transfers: number }> {
  const expected = { ...(await source.list())[0]!, promised };
  said = [];
  pauses = [];
  const ports = {
    say: (text: string) => void said.push(text),
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
  } as unknown as Ports;
  const reception = new Transfer(source, expected, ports, () => {});
  for (let transfers = 1; ; transfers += 1) {
    try {
      return { bytes: await collected(reception), transfers };
    } catch (thrown) {
      if (!(thrown as { transient?: boolean }).transient || reception.isGivenUp || transfers === 4) throw thrown;
    }
  }
}

async function collected(reception: Transfer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of reception.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const restarts = () => server.log.filter((line) => / REST /.test(line)).map((line) => Number(line.split(' ').at(-1)));
const transfers = () => server.log.filter((line) => / RETR /.test(line)).length;

describe('goes on where it broke', () => {
  const atBytes = [1, OVERLAP, size / 2, size - 1, size];
  test.each([
    ...atBytes.flatMap((atByte) =>
      (['cut226', 'cut426', 'reset', 'stall'] as const).map((kind) => [kind, atByte] as const),
    ),
    ['loseReply', size] as const,
  ])('%s at %d', async (kind, atByte) => {
    server.inject({ kind, atByte, times: 1 });
    const received = await receive();
    expect(received.bytes.equals(content)).toBe(true);
    expect(received.transfers).toBe(1);
    // At a reset, bytes that were sent may be lost on the way.
    const from = Math.max(0, atByte - OVERLAP);
    if (kind === 'cut226' && atByte < size) expect(restarts()).toEqual(from === 0 ? [] : [from]);
    if (kind === 'cut226' && atByte === size) expect(transfers()).toBe(1);
    for (const restart of restarts()) expect(restart).toBeLessThanOrEqual(from);
  });

  test('an empty file is whole at once', async () => {
    await writeFile(join(root, 'a.bin'), '');
    expect((await receive()).bytes).toHaveLength(0);
  });

  test('three breaks at different places, each with a longer pause', async () => {
    for (const atByte of [100_000, 200_000, 300_000]) server.inject({ kind: 'cut426', atByte, times: 1 });
    expect((await receive()).bytes.equals(content)).toBe(true);
    expect(restarts()).toEqual([100_000, 200_000, 300_000].map((at) => at - OVERLAP));
    expect(said).toEqual([1, 2, 3].map((at) => expect.stringContaining(`going on with "a.bin" at byte ${at}00000`)));
    pauses.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(750 * 2 ** index);
    });
  });

  test('a control connection that was closed meanwhile is opened again', async () => {
    server.inject({ kind: 'closeControlAfterList', times: 1 });
    server.inject({ kind: 'dropped', command: 'RETR', times: 1 });
    expect((await receive()).bytes.equals(content)).toBe(true);
  });
});

describe('starts anew where the server cannot go on', () => {
  test('REST ignored: the wrong bytes are noticed, and the file is transferred from its start', async () => {
    server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    server.inject({ kind: 'ignoreRest' });
    expect(await receive()).toMatchObject({ transfers: 2 });
    expect((await receive()).bytes.equals(content)).toBe(true);
  });

  test('REST ignored and cut again at just the place that makes the size right: never the wrong bytes', async () => {
    server.inject({ kind: 'ignoreRest' });
    server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    server.inject({ kind: 'cut226', atByte: size / 2 + OVERLAP, times: 1 });
    expect((await receive()).bytes.equals(content)).toBe(true);
  });

  test('REST refused: everything is sent again, what landed is kept', async () => {
    await start({ lacks: ['REST'] });
    server.inject({ kind: 'reset', atByte: size / 2, times: 1 });
    const received = await receive();
    expect(received.bytes.equals(content)).toBe(true);
    expect(received.transfers).toBe(1);
  });
});

describe('gives up', () => {
  test.each<Fault['kind']>(['cut226', 'cut426', 'reset', 'stall'])(
    'after four breaks without progress: %s',
    async (kind) => {
      server.inject({ kind, atByte: 1000 });
      const name = kind === 'cut226' ? 'SOURCE_SHORT' : 'SOURCE_UNREACHABLE';
      await expect(receive()).rejects.toMatchObject({ name });
      expect(transfers()).toBe(4);
      expect(pauses).toHaveLength(3);
    },
  );

  test('at once when the server denies the file', async () => {
    server.inject({ kind: 'denied' });
    await expect(receive()).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect(transfers()).toBe(1);
  });

  test.each<Fault>([
    { kind: 'replace', atByte: size / 2 },
    { kind: 'replace', atByte: size / 2, content: 'x'.repeat(size) },
    { kind: 'grow', atByte: size / 2 },
    { kind: 'grow', atByte: size },
  ])('on another file in its place: $kind at $atByte', async (fault) => {
    server.inject(fault);
    await expect(receive()).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
  });

  test('on a file that was replaced while the line was down', async () => {
    server.inject({ kind: 'replace', atByte: 1000, times: 1, content: randomBytes(size / 2).toString('hex') });
    server.inject({ kind: 'cut426', atByte: size / 2, times: 1 });
    const expected = (await source.list())[0]!;
    await buffer(source.read('a.bin'));
    const reception = new Transfer(source, expected, { say() {}, async sleep() {} } as unknown as Ports, () => {});
    await expect(collected(reception)).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
  });
});

test('a line that is too slow for one night fails when the next one begins, and is not tried again', async () => {
  const expected = (await source.list())[0]!;
  const begins = new Date('2026-11-21T02:00:00Z');
  let now = begins.getTime() - 1000;
  const ports = { now: () => new Date(now), say() {}, async sleep() {} } as unknown as Ports;
  const reception = new Transfer(source, expected, ports, () => (now += 600), {
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

describe('line ends', () => {
  test('a server that begins in ASCII is told TYPE I: sizes are told and bytes are as they lie there', async () => {
    await writeFile(join(root, 'a.bin'), 'id\n1\n');
    await start({ startsInAscii: true, lacks: ['MLSD'] });
    expect((await receive()).bytes.toString()).toBe('id\n1\n');
  });

  test('a server that translates all the same is found out by the size', async () => {
    await writeFile(join(root, 'a.bin'), 'id\n1\n'.repeat(1000));
    server.inject({ kind: 'translate' });
    await expect(receive()).rejects.toMatchObject({ name: 'SOURCE_LONG', message: expect.stringContaining('5000') });
  });
});

describe('checksums of a manifest', () => {
  const sumOf = (name: string) => createHash(name).update(content).digest('hex');

  test.each<[string, Promised]>([
    ['md5', { md5: sumOf('md5') }],
    ['sha256', { sha256: sumOf('sha256') }],
    ['both', { md5: sumOf('md5'), sha256: sumOf('sha256') }],
  ])('hold for a file that came in pieces: %s', async (_case, promised) => {
    server.inject({ kind: 'reset', atByte: size / 2, times: 1 });
    expect(await receive(promised)).toMatchObject({ transfers: 1, bytes: content });
  });

  test('another file is refused by name', async () => {
    const promised = { sha256: '0'.repeat(64) };
    await expect(receive(promised)).rejects.toMatchObject({
      name: 'MANIFEST_MISMATCH',
      message: expect.stringContaining(`"a.bin" has the sha256 ${sumOf('sha256')}`),
    });
    expect(transfers()).toBe(1);
  });

  test('a file in pieces that does not fit is transferred once more in one', async () => {
    // Bytes that repeat themselves hide that the server ignored REST.
    const repeating = Buffer.alloc(size, 'id\n1234567890ab\n');
    repeating.write('end', size - 3);
    await writeFile(join(root, 'a.bin'), repeating);
    server.inject({ kind: 'ignoreRest', times: 2 });
    server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    server.inject({ kind: 'cut226', atByte: size / 2 + OVERLAP, times: 1 });
    const promised = { md5: createHash('md5').update(repeating).digest('hex') };
    const received = await receive(promised);
    expect(received.bytes.equals(repeating)).toBe(true);
    expect(received.transfers).toBe(2);
  });
});

describe('over SFTP', () => {
  let sftp: SftpServer;
  beforeEach(async () => {
    sftp = await startSftpServer({ root, users: { demo: 'x' } });
    await source.close();
    const secrets = { password: 'x', key: undefined, passphrase: undefined };
    const address = { host: '127.0.0.1', port: sftp.port, user: 'demo', path: '/', hostKeys: [sftp.fingerprint] };
    source = sftpSource({ ...address, ...secrets, timeoutMilliseconds: 500 });
  });
  afterEach(() => sftp.close());

  test.each([
    ['a line that breaks', 'cut', 0],
    ['a line that breaks', 'cut', size / 2],
    ['a line that breaks', 'cut', size - 1],
    ['a server that falls silent', 'stall', size / 2],
    ['a file that is said to end', 'end', 0],
    ['a file that is said to end', 'end', size / 2],
    ['a file that is said to end', 'end', size - 1],
  ] as const)('%s: %s at %d', async (_case, fault, atByte) => {
    sftp.faults[fault] = { atByte, times: 1 };
    const reading = receive();
    if (fault === 'stall') setTimeout(() => delete sftp.faults.stall, 300);
    expect(await reading).toMatchObject({ transfers: 1, bytes: content });
    expect(said).toHaveLength(1);
  });

  test('a file that always ends early never arrives', async () => {
    sftp.faults.end = { atByte: size / 2, times: 100 };
    await expect(receive()).rejects.toMatchObject({ name: 'SOURCE_SHORT' });
  });

  test.each([
    ['grows', Buffer.concat([content, content])],
    ['is replaced by as many bytes', Buffer.alloc(size)],
  ])('a file that %s while it is read', async (_case, next) => {
    sftp.faults.maxRead = 5000;
    const past = new Date(Date.now() - 600_000);
    await utimes(join(root, 'a.bin'), past, past);
    const expected = (await source.list())[0]!;
    const reception = new Transfer(source, expected, { say() {}, async sleep() {} } as unknown as Ports, () => {});
    const bytes = reception.bytes();
    await bytes.next();
    await writeFile(join(root, 'a.bin'), next);
    await expect(buffer(bytes)).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
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

test('however a transfer breaks, what arrives is the file or a named error', async () => {
  const broken = fc.record({
    kind: fc.constantFrom<Fault['kind']>('cut226', 'cut426', 'reset', 'loseReply', 'ignoreRest', 'dropped'),
    atByte: fc.nat(size),
    times: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(broken, { maxLength: 5 }), async (faults) => {
      server.faults.clear();
      for (const fault of faults) server.inject(fault);
      const received = await receive().catch((error) => error);
      if (received instanceof Error)
        expect(received).toMatchObject({ name: expect.stringMatching(/^SOURCE_(SHORT|UNREACHABLE)$/) });
      else expect(received.bytes.equals(content)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
