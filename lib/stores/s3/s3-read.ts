import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandOutput, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { NightfeedError } from '../../core/errors.ts';
import { Checksum } from './checksum.ts';
import { statusOf } from './s3-error.ts';
import type { Place } from './s3-put.ts';

/** Failures in a row, without a byte between them, after which reading fails. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/**
 * The bytes of an object. When the connection breaks, or S3 closes it because the reader is slow, reading goes on over a new one where it
 * stopped. It ends only after as many bytes as the object has, with the checksum of the object where S3 keeps a CRC-32.
 */
export async function* readObject(s3: S3Client, place: Place): AsyncGenerator<Uint8Array, void> {
  const checksum = new Checksum();
  let object: GetObjectCommandOutput | undefined;
  let bytes: AsyncIterator<Uint8Array> | undefined;
  let position = 0;
  let failures = 0;
  const isWhole = () => position === object?.ContentLength;
  try {
    for (;;) {
      let chunk: Uint8Array | undefined;
      try {
        if (!bytes) {
          const rest = object && { IfMatch: object.ETag, Range: `bytes=${position}-` };
          const request = new GetObjectCommand({ ...place, ...rest, ChecksumMode: 'ENABLED' });
          const answer = await s3.send(request).catch((error) => unlessMissing(s3, place, error));
          object ??= answer;
          bytes = (answer.Body as Readable)[Symbol.asyncIterator]();
        }
        const next = await bytes.next();
        if (next.done && !isWhole()) throw new Error(`only ${position} of ${object?.ContentLength} bytes came`);
        chunk = next.value;
      } catch (error) {
        bytes = undefined;
        failures += 1;
        // Before the first answer the SDK has tried several times already. An error with a status is S3's final answer.
        if (!object || statusOf(error) !== undefined || failures === ATTEMPTS) throw error;
        if (!isWhole()) await sleep(PAUSE_MS * failures);
      }
      if (chunk) {
        failures = 0;
        position += chunk.length;
        checksum.update(chunk);
        yield chunk;
      } else if (isWhole()) break;
    }
  } finally {
    await bytes?.return?.();
  }
  compare(place, object?.ChecksumCRC32, checksum.base64);
}

/** S3 may say "denied" of a missing object, too, where not everything may be listed. A listing of its key tells the two apart. */
async function unlessMissing(s3: S3Client, { Bucket, Key }: Place, error: unknown): Promise<never> {
  if (statusOf(error) !== 403) throw error;
  const found = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 })).catch(() => null);
  if (found === null || found.Contents?.[0]?.Key === Key) throw error;
  throw Object.assign(new Error('it is not there'), {
    name: 'NoSuchKey',
    $metadata: { httpStatusCode: 404 },
    cause: error,
  });
}

function compare({ Key }: Place, kept: string | undefined, read: string): void {
  // `xxx-3` is a checksum of the checksums of three parts, which cannot be compared.
  if (kept === undefined || kept.includes('-') || kept === read) return;
  throw new NightfeedError(
    'STORE_UNAVAILABLE',
    `cannot read ${Key}: its bytes came as CRC-32 ${read}, S3 keeps ${kept}`,
  );
}
