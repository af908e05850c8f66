import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ports } from '../../../lib/ports/ports.ts';
import { sftpSource } from '../../../lib/sources/sftp/sftp.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { type SftpServer, startSftpServer } from '../../support/vendors/sftp-server.ts';
import { content, size, TransferLab } from './transfer-lab.ts';

let lab: TransferLab;
beforeEach(async () => {
  lab = await TransferLab.open();
});
afterEach(() => lab.close());

describe('over SFTP', () => {
  let sftp: SftpServer;
  beforeEach(async () => {
    sftp = await startSftpServer({ root: lab.root, users: { demo: 'x' } });
    await lab.source.close();
    const secrets = { password: 'x', key: undefined, passphrase: undefined };
    const address = { host: '127.0.0.1', port: sftp.port, user: 'demo', path: '/', hostKeys: [sftp.fingerprint] };
    lab.source = sftpSource({ ...address, ...secrets, timeoutMilliseconds: 500 });
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
    const reading = lab.receive();
    if (fault === 'stall') setTimeout(() => delete sftp.faults.stall, 300);
    expect(await reading).toMatchObject({ transfers: 1, bytes: content });
    expect(lab.said).toHaveLength(1);
  });

  test('a file that always ends early never arrives', async () => {
    sftp.faults.end = { atByte: size / 2, times: 100 };
    await expect(lab.receive()).rejects.toMatchObject({ name: 'SOURCE_SHORT' });
  });

  test.each([
    ['grows', Buffer.concat([content, content])],
    ['is replaced by as many bytes', Buffer.alloc(size)],
  ])('a file that %s while it is read', async (_case, next) => {
    sftp.faults.maxRead = 5000;
    const past = new Date(Date.now() - 600_000);
    await utimes(join(lab.root, 'a.bin'), past, past);
    const expected = (await lab.source.list())[0]!;
    const reception = new Transfer(lab.source, expected, { say() {}, async sleep() {} } as unknown as Ports, () => {});
    const bytes = reception.bytes();
    await bytes.next();
    await writeFile(join(lab.root, 'a.bin'), next);
    await expect(buffer(bytes)).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
  });
});
