import { resolve } from 'node:path';
import type { BusinessDate } from '../core/feed/business-date.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import type { Feed } from '../core/feed/spec.ts';
import { withDate } from '../core/feed/values/date-form.ts';
import type { Source } from '../ports/source.ts';
import { withRelogin } from './common/relogin.ts';
import { folderSource } from './folder/folder.ts';
import { ftpSource } from './ftp/ftp.ts';
import { sftpSource } from './sftp/sftp.ts';

interface Surroundings {
  /** Where relative folders start. */
  readonly folder: string;
  /** A folder of ours; none in the cloud, where no feed has a folder for a source. */
  readonly own?: string;
  /** Resolves `env:NAME` and the like. */
  secret(reference: string): string | Promise<string>;
  /** Throws for a folder that no feed may read. */
  confine?(folder: string): Promise<void>;
}

type Secrets = Readonly<Record<string, string>>;

/** The source that a feed names, for one date. */
export async function openSource(feed: Feed, date: BusinessDate, surroundings: Surroundings): Promise<Source> {
  const { secret } = surroundings;
  const readSecrets = async (): Promise<Secrets> => {
    const values: Record<string, string> = {};
    for (const { option, reference } of sourceSecrets(feed)) values[option] = await secret(reference);
    return values;
  };
  return withRelogin(readSecrets, await openerOf(feed, date, surroundings));
}

/** What opens the source with secrets that were just read. */
async function openerOf(
  { source }: Feed,
  date: BusinessDate,
  { folder, own, confine }: Surroundings,
): Promise<(secrets: Secrets) => Source> {
  if ('folder' in source) {
    const { links } = source;
    const root = resolve(folder, undatedPart(source.folder));
    await confine?.(root);
    return () => folderSource(resolve(folder, withDate(source.folder, date)), { own, root, links });
  }
  if ('s3' in source) {
    // Who has no use for it does not wait for the AWS SDK.
    const { s3Source } = await import('./s3/s3.ts');
    const { access_key, secret_key, requester_pays, path, ...place } = source.s3;
    return (secrets) =>
      s3Source({
        ...place,
        path: withDate(path, date),
        accessKey: secrets.access_key,
        secretKey: secrets.secret_key,
        requesterPays: requester_pays,
      });
  }
  if ('sftp' in source) {
    const { host, port, user, path, host_key, links } = source.sftp;
    const hostKeys = typeof host_key === 'string' ? [host_key] : host_key;
    const place = { host, port, user, path: withDate(path, date), hostKeys, links };
    return ({ password, key, passphrase }) => sftpSource({ ...place, password, key, passphrase });
  }
  const { host, port, user, tls, path, certificate, links } = source.ftp;
  const place = { host, port, user, tls, path: withDate(path, date), links };
  return ({ password, ca }) =>
    ftpSource({
      ...place,
      password,
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { certificate }),
    });
}

/** The folders of a path before the first that is another one each day. */
function undatedPart(path: string): string {
  const folders = path.split('/');
  const dated = folders.findIndex((folder) => folder.includes('{'));
  return dated < 0 ? path : folders.slice(0, dated).join('/') || (path.startsWith('/') ? '/' : '.');
}
