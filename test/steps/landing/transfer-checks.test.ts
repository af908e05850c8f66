import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Promised } from '../../../lib/core/delivery/manifest.ts';
import { content, OVERLAP, size, TransferLab } from './transfer-lab.ts';

let lab: TransferLab;
beforeEach(async () => {
  lab = await TransferLab.open();
});
afterEach(() => lab.close());

describe('line ends', () => {
  test('a server that begins in ASCII is told TYPE I: sizes are told and bytes are as they lie there', async () => {
    await writeFile(join(lab.root, 'a.bin'), 'id\n1\n');
    await lab.start({ startsInAscii: true, lacks: ['MLSD'] });
    expect((await lab.receive()).bytes.toString()).toBe('id\n1\n');
  });

  test('a server that translates all the same is found out by the size', async () => {
    await writeFile(join(lab.root, 'a.bin'), 'id\n1\n'.repeat(1000));
    lab.server.inject({ kind: 'translate' });
    await expect(lab.receive()).rejects.toMatchObject({
      name: 'SOURCE_LONG',
      message: expect.stringContaining('5000'),
    });
  });
});

describe('checksums of a manifest', () => {
  const sumOf = (name: string) => createHash(name).update(content).digest('hex');

  test.each<[string, Promised]>([
    ['md5', { md5: sumOf('md5') }],
    ['sha256', { sha256: sumOf('sha256') }],
    ['both', { md5: sumOf('md5'), sha256: sumOf('sha256') }],
  ])('hold for a file that came in pieces: %s', async (_case, promised) => {
    lab.server.inject({ kind: 'reset', atByte: size / 2, times: 1 });
    expect(await lab.receive(promised)).toMatchObject({ transfers: 1, bytes: content });
  });

  test('another file is refused by name', async () => {
    const promised = { sha256: '0'.repeat(64) };
    await expect(lab.receive(promised)).rejects.toMatchObject({
      name: 'MANIFEST_MISMATCH',
      message: expect.stringContaining(`"a.bin" has the sha256 ${sumOf('sha256')}`),
    });
    expect(lab.transfers()).toBe(1);
  });

  test('a file in pieces that does not fit is transferred once more in one', async () => {
    // Bytes that repeat themselves hide that the server ignored REST.
    const repeating = Buffer.alloc(size, 'id\n1234567890ab\n');
    repeating.write('end', size - 3);
    await writeFile(join(lab.root, 'a.bin'), repeating);
    lab.server.inject({ kind: 'ignoreRest', times: 2 });
    lab.server.inject({ kind: 'cut226', atByte: size / 2, times: 1 });
    lab.server.inject({ kind: 'cut226', atByte: size / 2 + OVERLAP, times: 1 });
    const promised = { md5: createHash('md5').update(repeating).digest('hex') };
    const received = await lab.receive(promised);
    expect(received.bytes.equals(repeating)).toBe(true);
    expect(received.transfers).toBe(2);
  });
});
