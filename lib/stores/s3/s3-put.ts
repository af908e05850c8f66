import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { checksumOf } from './checksum.ts';
import { isConflict, isExisting, type S3Failure } from './s3-error.ts';

/** Where an object lies. */
export interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** A conflict ends together with the other request, within some tenths of a second. */
const CONFLICT_ATTEMPTS = 10;
const CONFLICT_PAUSE_MS = 50;

/** Creates an object in one request; `false` when the key exists already. */
export async function put(s3: S3Client, place: Place, body: Uint8Array): Promise<boolean> {
  const checksum = checksumOf(body);
  for (let attempt = 1; ; attempt++) {
    try {
      await s3.send(new PutObjectCommand({ ...place, Body: body, IfNoneMatch: '*', ChecksumCRC32: checksum }));
      return true;
    } catch (error) {
      if (isExisting(error)) return isRepeated(error) && (await holds(s3, place, body.length, checksum));
      if (!isConflict(error) || attempt === CONFLICT_ATTEMPTS) throw error;
      await sleep(CONFLICT_PAUSE_MS * attempt * (0.5 + Math.random()));
    }
  }
}

/** Whether the SDK repeated the request because no answer came. Then S3 may refuse it because the first one succeeded. */
export function isRepeated(error: unknown): boolean {
  return ((error as S3Failure).$metadata?.attempts ?? 1) > 1;
}

/** Whether the object has these bytes, as far as size and checksum can tell. */
export async function holds(s3: S3Client, place: Place, size: number, checksum: string): Promise<boolean> {
  const found = await s3.send(new HeadObjectCommand({ ...place, ChecksumMode: 'ENABLED' }));
  return found.ContentLength === size && found.ChecksumCRC32 === checksum;
}
