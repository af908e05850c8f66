import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { isReservedName, reservedNames } from '../../../lib/core/feed/reserved-names.ts';
import { isListed, parseSecretList } from '../../../lib/core/feed/secret-list.ts';
import { feedSecrets } from '../../../lib/core/feed/secrets.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import type { Wings } from '../../wings.ts';
import { confine, confinement, liesIn } from '../home/confine.ts';

/** More than any key or chain of certificates has. */
const MAX_SECRET_BYTES = 1 << 20;

/** Reads `env:NAME`, `file:/path` or `secret:NAME`, if this machine allows a feed file to name it. The value is never in a message. */
export async function readSecret(reference: string): Promise<string> {
  await checkSecret(reference);
  const name = nameIn(reference);
  if (reference.startsWith('secret:')) {
    const { secretsManager } = await import('../../../lib/aws/secrets-manager.ts');
    return secretsManager()(name);
  }
  if (reference.startsWith('file:')) return readSecretFile(name);
  const value = process.env[name];
  if (value === undefined) throw new NightfeedError('SECRET_MISSING', `the environment variable ${name} is not set`);
  return value;
}

/** Refuses a feed that names a secret which it may not read, before anything is done. */
export async function checkSecrets(feed: Feed, wings: Wings): Promise<void> {
  for (const { reference } of feedSecrets(feed, wings)) await checkSecret(reference);
}

/** Checks one reference, also of a feed file that an earlier version stored. Throws SECRET_REFUSED or FILE_REFUSED. */
async function checkSecret(reference: string): Promise<void> {
  const name = nameIn(reference);
  if (reference.startsWith('env:') && isReservedName(name))
    throw new NightfeedError('SECRET_REFUSED', `${reference} is reserved, and no secret of a vendor's`, {
      hint: `Give the vendor's secret a variable of its own. Reserved are ${reservedNames}.`,
    });
  const { NIGHTFEED_SECRETS: text } = process.env;
  const list = text === undefined ? undefined : parseSecretList(text);
  if (!reference.startsWith('file:')) {
    if (list === undefined || isListed(list, reference)) return;
    throw new NightfeedError('SECRET_REFUSED', `${reference} is not on the list in NIGHTFEED_SECRETS`, {
      hint: `Have whoever runs nightfeed add it: NIGHTFEED_SECRETS=…,${reference.replace(/#.*$/, '')}`,
    });
  }
  await checkFile(name);
  const folders = list?.files ?? confinement();
  if (folders) await confine(name, folders, list ? 'NIGHTFEED_SECRETS' : 'NIGHTFEED_FILES');
}

/** Refuses files of the system about processes and devices, logins of other programs, and the database's password in the home. */
async function checkFile(path: string): Promise<void> {
  const { AWS_SHARED_CREDENTIALS_FILE, AWS_WEB_IDENTITY_TOKEN_FILE, PGPASSFILE, NIGHTFEED_HOME } = process.env;
  const reserved = [
    ...['/proc', '/sys', '/dev', join(homedir(), '.aws'), join(homedir(), '.pgpass')],
    ...[AWS_SHARED_CREDENTIALS_FILE, AWS_WEB_IDENTITY_TOKEN_FILE, PGPASSFILE, NIGHTFEED_HOME].filter(
      (given) => !!given,
    ),
  ] as string[];
  const isInHome = (await realpath(path).catch(() => resolve(path))).includes('/.nightfeed/');
  if (isInHome || (await liesIn(path, reserved)))
    throw new NightfeedError('SECRET_REFUSED', `file:${path} is reserved, and no secret of a vendor's`);
}

async function readSecretFile(path: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    // The check was of the real path, so the real path is opened. O_NONBLOCK, because a named pipe would let us wait.
    handle = await open(await realpath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await handle.stat();
    if (!found.isFile() || found.size > MAX_SECRET_BYTES)
      throw new Error(`no file of at most ${MAX_SECRET_BYTES} bytes`);
    return (await handle.readFile('utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new NightfeedError('SECRET_MISSING', `the secret file ${path} cannot be read`, { cause: error });
  } finally {
    await handle?.close();
  }
}

function nameIn(reference: string): string {
  return reference.slice(reference.indexOf(':') + 1);
}
