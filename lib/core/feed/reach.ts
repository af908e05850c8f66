import { sourceSecrets } from './secrets.ts';
import type { Feed } from './spec.ts';

/** What a feed file reaches for: for whoever reads a change of it. */
export interface Reach {
  readonly kind: 'folder' | 'ftp' | 'sftp' | 's3';
  /** The server that is called, with its port; of AWS's S3 the bucket; a folder. */
  readonly place: string;
  /** What is sent there: names, never values. */
  readonly secrets: readonly string[];
}

export function reachOf(feed: Feed): Reach {
  const { source } = feed;
  const secrets = sourceSecrets(feed).map(({ reference }) => reference);
  if ('folder' in source) return { kind: 'folder', place: source.folder, secrets };
  if ('ftp' in source) return { kind: 'ftp', place: `${source.ftp.host}:${source.ftp.port}`, secrets };
  if ('sftp' in source) return { kind: 'sftp', place: `${source.sftp.host}:${source.sftp.port}`, secrets };
  const { endpoint, bucket, profile } = source.s3;
  const login = profile === undefined ? secrets : [`profile ${profile}`];
  return { kind: 's3', place: endpoint === undefined ? bucket : `${endpoint} ${bucket}`, secrets: login };
}
