import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  type _Error,
  DeleteObjectsCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { NightfeedError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import { existing } from '../common/existing.ts';
import { checkKey, checkPrefix } from '../common/key.ts';
import { fromOrigin, OriginFailed } from '../common/origin.ts';
import { copyObject } from './s3-copy.ts';
import { isExisting, isMissing, s3Error } from './s3-error.ts';
import { put } from './s3-put.ts';
import { readObject } from './s3-read.ts';
import { upload } from './s3-upload.ts';

const READ_BYTES = 1 << 20;
/** The most objects that S3 removes in one request. */
const REMOVED_AT_ONCE = 1000;
/** How long a connection may be silent. A reader that pauses longer loses its connection, and gets a new one when it goes on. */
const SOCKET_TIMEOUT_MS = 60_000;
const CONNECTION_TIMEOUT_MS = 5_000;
/** With the SDK's growing pauses, six attempts last about ten seconds. S3 is rarely unavailable for longer. */
const REQUEST_ATTEMPTS = 6;

/**
 * The lake in an S3 bucket, under the same keys. Objects are created conditionally (`If-None-Match: *`). A killed writer leaves an
 * unfinished upload, which the bucket's lifecycle removes. The SDK chooses region, endpoint and credentials, unless `config` says
 * otherwise.
 * `write` and `writeFile` refuse an existing key as OBJECT_EXISTS: each attempt has its own prefix.
 * Throws OBJECT_MISSING, STORE_DENIED when somebody has to change something, and STORE_UNAVAILABLE for any other error of S3.
 */
export function s3Store(bucket: string, config: S3ClientConfig = {}): Store {
  const s3 = new S3Client({
    maxAttempts: REQUEST_ATTEMPTS,
    requestHandler: { socketTimeout: SOCKET_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...config,
  });
  const placeOf = (key: string) => ({ Bucket: bucket, Key: checkKey(key) });
  const bytesOf = (key: string) => translated(readObject(s3, placeOf(key)), key);

  async function write(key: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    const place = placeOf(key);
    const size = await upload(s3, place, fromOrigin(body)).catch((error) => {
      throw error instanceof OriginFailed ? error.cause : s3Error(error, 'write', key);
    });
    if (size === null) throw existing(key);
    return size;
  }

  return {
    // Names of buckets are unique in the world.
    async identity() {
      const place = `s3://${bucket}`;
      return { id: place, place };
    },

    async create(key, body) {
      const place = placeOf(key);
      return await put(s3, place, Buffer.from(body)).catch((error) => {
        throw s3Error(error, 'write', key);
      });
    },

    write,

    writeFile: (key, path) => write(key, createReadStream(path, { highWaterMark: READ_BYTES })),

    async copy(from, to) {
      await copyObject(s3, placeOf(from), placeOf(to)).catch((error) => {
        if (isExisting(error)) throw existing(to);
        throw isMissing(error) ? s3Error(error, 'read', from) : s3Error(error, 'write', to);
      });
    },

    async readText(key) {
      try {
        return await text(bytesOf(key));
      } catch (error) {
        if (isMissing((error as Error).cause)) return null;
        throw error;
      }
    },

    read: (key) => Readable.from(bytesOf(key), { objectMode: false, highWaterMark: READ_BYTES }),

    async localPath(key, scratch) {
      const path = join(scratch, checkKey(key));
      if (await stat(path).catch(() => undefined)) return path;
      const unfinished = join(scratch, randomUUID());
      try {
        await pipeline(bytesOf(key), createWriteStream(unfinished));
        await mkdir(dirname(path), { recursive: true });
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw localError(error, key);
      }
      return path;
    },

    async list(prefix) {
      const request = { Bucket: bucket, Prefix: checkPrefix(prefix) };
      const found: { key: string; size: number; modified: Date }[] = [];
      try {
        for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, request)) {
          for (const { Key, Size, LastModified } of Contents) {
            found.push({ key: Key!, size: Size!, modified: LastModified! });
          }
        }
      } catch (error) {
        throw s3Error(error, 'list', prefix === '' ? 'the lake' : prefix);
      }
      return found;
    },

    async remove(keys) {
      // Spark creates an object whose key ends with a slash for each folder.
      const objects = keys.map((key) => ({ Key: key.endsWith('/') ? checkPrefix(key) : checkKey(key) }));
      for (let start = 0; start < objects.length; start += REMOVED_AT_ONCE) {
        const batch = objects.slice(start, start + REMOVED_AT_ONCE);
        const request = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: batch, Quiet: true } });
        const { Errors = [] } = await s3.send(request).catch((error) => {
          throw s3Error(error, 'remove', `${batch[0]!.Key} and others`);
        });
        if (Errors[0]) throw notRemoved(Errors[0]);
      }
    },

    room: async () => null,
  };
}

async function* translated(bytes: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bytes;
  } catch (error) {
    throw s3Error(error, 'read', key);
  }
}

/** S3 removes many objects with one request: its answer succeeds, and lists the objects that it could not remove. */
function notRemoved({ Key, Code, Message }: _Error): NightfeedError {
  const status = Code === 'AccessDenied' ? { httpStatusCode: 403 } : {};
  return s3Error(Object.assign(new Error(Message), { name: Code, $metadata: status }), 'remove', String(Key));
}

function localError(error: unknown, key: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error;
  return new NightfeedError('STORE_FULL', `no space for a local copy of ${key}`, {
    cause: error,
    hint: 'Give the task more ephemeral storage, then run the same command again.',
  });
}
