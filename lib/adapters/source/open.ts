import { resolve } from 'node:path';
import { type BusinessDate, withDate } from '../../core/feed/business-date.ts';
import { sourceSecrets } from '../../core/feed/secrets.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { Source } from '../../steps/ports.ts';
import { folderSource } from './folder.ts';
import { ftpSource } from './ftp.ts';
import { withRelogin } from './relogin.ts';
import { sftpSource } from './sftp.ts';

interface Surroundings {
  /** Where relative folders start. */
  readonly folder: string;
  /** Resolves `env:NAME` and the like. */
  secret(reference: string): string | Promise<string>;
}

type Secrets = Readonly<Record<string, string>>;

/** The source that a feed names, for one date. */
export async function openSource(feed: Feed, date: BusinessDate, { folder, secret }: Surroundings): Promise<Source> {
  const readSecrets = async (): Promise<Secrets> => {
    const values: Record<string, string> = {};
    for (const { option, reference } of sourceSecrets(feed)) values[option] = await secret(reference);
    return values;
  };
  return withRelogin(readSecrets, (secrets) => openWith(feed, date, folder, secrets));
}

function openWith({ source }: Feed, date: BusinessDate, folder: string, secrets: Secrets): Source {
  if ('folder' in source) return folderSource(resolve(folder, withDate(source.folder, date)));
  const { password, key, passphrase, ca } = secrets;
  if ('sftp' in source) {
    const { host, port, user, path, host_key } = source.sftp;
    const hostKeys = typeof host_key === 'string' ? [host_key] : host_key;
    return sftpSource({ host, port, user, path: withDate(path, date), hostKeys, password, key, passphrase });
  }
  const { host, port, user, tls, path, certificate } = source.ftp;
  return ftpSource({
    host,
    port,
    user,
    tls,
    path: withDate(path, date),
    password,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
  });
}
