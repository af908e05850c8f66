import { resolve } from 'node:path';
import { type BusinessDate, withDate } from '../../core/feed/business-date.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { Source } from '../../steps/ports.ts';
import { folderSource } from './folder.ts';
import { ftpSource } from './ftp.ts';

interface Surroundings {
  /** Where relative folders start. */
  readonly folder: string;
  /** Resolves `env:NAME` and the like. */
  secret(reference: string): string | Promise<string>;
}

/** The source that a feed names, for one date. */
export async function openSource(
  { source }: Feed,
  date: BusinessDate,
  { folder, secret }: Surroundings,
): Promise<Source> {
  if ('folder' in source) return folderSource(resolve(folder, withDate(source.folder, date)));
  const { password, path, ...ftp } = source.ftp;
  return ftpSource({
    ...ftp,
    path: withDate(path, date),
    password: password === undefined ? undefined : await secret(password),
  });
}
