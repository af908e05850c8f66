import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newKey, startSftpServer } from '../../support/vendors/sftp-server.ts';
import { SftpLab, unreachable } from './sftp-lab.ts';

let lab: SftpLab;
beforeEach(async () => {
  lab = await SftpLab.open();
});
afterEach(() => lab.close());

describe('the host key', () => {
  test('another one is refused before user or password are sent', async () => {
    const { fingerprint } = await (async () => {
      const other = await startSftpServer({ root: lab.root, users: {} });
      await other.close();
      return other;
    })();
    await lab.start({}, { hostKeys: [fingerprint] });
    await expect(lab.source.list()).rejects.toMatchObject({
      name: 'SOURCE_HOST_KEY',
      transient: false,
      message: expect.stringContaining(`ssh-ed25519 key ${lab.server.fingerprint}; host_key allows ${fingerprint}`),
    });
    expect(lab.server.log).toEqual([]);
    await lab.source.close();
    lab.source = lab.connect({ hostKeys: [fingerprint, lab.server.fingerprint] });
    expect(await lab.source.list()).toEqual([]);
  });

  test('its fingerprint is what ssh-keygen prints', async () => {
    const hostKey = newKey();
    await lab.start({ hostKey: hostKey.private });
    await writeFile(join(lab.root, 'host.pub'), hostKey.public);
    expect(
      execFileSync('ssh-keygen', ['-lf', join(lab.root, 'host.pub')])
        .toString()
        .split(' ')[1],
    ).toBe(lab.server.fingerprint);
  });
});

describe('logging in', () => {
  test.each(['password', 'keyboard-interactive'] as const)(
    'a wrong password by %s is sent once and never shown',
    async (method) => {
      await lab.start({ method }, { password: 'nobody-knows-me' });
      const failure = await lab.source.list().catch((error) => error);
      expect(failure).toMatchObject({
        name: 'SOURCE_LOGIN',
        transient: false,
        message: expect.stringContaining(method),
      });
      expect(JSON.stringify([failure.message, String(failure.cause)])).not.toContain('nobody-knows-me');
      expect(lab.logins()).toEqual([`${method} demo`]);
      await lab.source.close();
      lab.source = lab.connect();
      expect(await lab.source.list()).toEqual([]);
    },
  );

  test('a server that hangs up on a wrong password is not tried again either', async () => {
    await lab.start({ hangsUp: true }, { password: 'wrong' });
    await expect(lab.source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN', transient: false });
    expect(lab.logins()).toHaveLength(1);
  });

  test('a server that wants a key is told nothing of the password', async () => {
    await lab.start({ method: 'publickey', publicKey: newKey().public });
    await expect(lab.source.list()).rejects.toMatchObject({
      name: 'SOURCE_LOGIN',
      message: expect.stringContaining('it accepts publickey'),
    });
    expect(lab.logins()).toEqual([]);
  });

  test.each([
    ['ed25519', undefined],
    ['ed25519', 'opens it'],
    ['rsa', undefined],
    ['ecdsa', undefined],
  ] as const)('by a private key of OpenSSH: %s, passphrase %s', async (type, passphrase) => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase ?? '', '-f', join(lab.root, 'id')]);
    // Files of secrets are read without their last line end.
    const key = (await readFile(join(lab.root, 'id'), 'utf8')).trimEnd();
    const publicKey = await readFile(join(lab.root, 'id.pub'), 'utf8');
    await lab.start({ method: 'publickey', publicKey }, { password: undefined, key, passphrase });
    expect(await lab.source.list()).toHaveLength(2);
    expect(lab.logins()).toEqual(['publickey demo']);
  });

  test.each([
    ['garbage', 'no key', undefined],
    ['another passphrase', undefined, 'wrong'],
    ['no passphrase', undefined, undefined],
  ])('a key that cannot be read is said, without its text: %s', async (_case, text, passphrase) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'opens it', '-f', join(lab.root, 'id')]);
    const key = text ?? (await readFile(join(lab.root, 'id'), 'utf8'));
    await lab.start({ method: 'publickey', publicKey: newKey().public }, { password: undefined, key, passphrase });
    const failure = await lab.source.list().catch((error) => error);
    expect(failure).toMatchObject({ name: 'SOURCE_LOGIN', message: expect.stringContaining('private key') });
    expect(failure.message).not.toContain(key.slice(40, 60) || key);
    expect(lab.server.log).toEqual([]);
  });

  test('key and password, one after the other', async () => {
    const key = newKey();
    await lab.start({ method: 'both', publicKey: key.public }, { key: key.private });
    expect(await lab.source.list()).toEqual([]);
    expect(lab.logins()).toEqual(['publickey demo', 'password demo']);
  });

  test('nothing is connected before the first call; overlapping calls log in once', async () => {
    await lab.put('a.csv', 'id\n');
    await lab.start();
    expect(lab.source.notes).toEqual([]);
    await Promise.all([lab.source.list(), lab.source.stat('a.csv'), buffer(lab.source.read('a.csv'))]);
    expect(lab.logins()).toHaveLength(1);
  });

  test('a port where nobody listens, and a host name that does not exist, are unreachable', async () => {
    await lab.start();
    await lab.server.close();
    await expect(lab.source.list()).rejects.toMatchObject(unreachable);
    lab.source = lab.connect({ host: 'vendor.invalid' });
    await expect(lab.source.list()).rejects.toMatchObject(unreachable);
  });
});
