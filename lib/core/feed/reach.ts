import { sourceSecrets } from './secrets.ts';
import type { Feed } from './spec.ts';

/** Which server a feed file calls and which secrets it sends there, for the person who reviews a change of the file. */
export interface Reach {
  readonly kind: 'folder' | 'ftp' | 'sftp' | 's3';
  /** The server with its port, the bucket of AWS's S3, or the folder. */
  readonly place: string;
  /** Names of the secrets that are sent there, never values. */
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
