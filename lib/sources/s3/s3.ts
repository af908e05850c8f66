import { Readable } from 'node:stream';
import { type _Object, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { checkFileName, isFileName } from '../common/file-name.ts';
import { LIMITS, type Limits } from '../common/limits.ts';
import { ListingSize } from '../common/listing-size.ts';
import { slow } from '../common/pace.ts';
import { within } from '../common/within.ts';
import { keepingPace, limitAnswers } from './s3-answers.ts';
import { s3Disposal } from './s3-disposal.ts';
import { s3Failure } from './s3-failure.ts';

export interface S3Config {
  readonly bucket: string;
  /** Folder in the bucket. */
  readonly path: string;
  /** When absent, the SDK chooses. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly requesterPays?: boolean;
  /** A request ends after this long without a byte or an answer. */
  readonly timeoutMilliseconds?: number;
  readonly limits?: Limits;
}

const DEFAULT_TIMEOUT = 30_000;
const CONNECTION_TIMEOUT = 10_000;
/** Attempts by the SDK for one request. Our callers try again as well. */
const REQUEST_ATTEMPTS = 2;
/** S3 stores other than AWS accept any region, but require one. */
const ANY_REGION = 'us-east-1';

/**
 * The objects of a folder in an S3 bucket. Objects appear whole and are replaced whole. The ETag identifies the version: a read gets the
 * version that was listed last, or throws SOURCE_CHANGED. A folder without objects counts as an empty one.
 */
export function s3Source(config: S3Config): Source {
  const s3 = clientOf(config);
  const limits = config.limits ?? LIMITS;
  limitAnswers(s3, limits);
  const folder = folderOf(config.path);
  const bucket = { Bucket: config.bucket, ...(config.requesterPays ? ({ RequestPayer: 'requester' } as const) : {}) };
  const versions = new Map<string, string>();
  const seen = ({ Size, LastModified, ETag }: _Object, name: string): SourceFile => {
    const version = ETag?.replaceAll('"', '');
    if (ETag !== undefined) versions.set(name, ETag);
    return {
      name,
      size: Size ?? 0,
      modified: LastModified?.toISOString() ?? null,
      ...(version === undefined ? {} : { version }),
    };
  };
  const failure = (thrown: unknown, doing: string) => s3Failure(thrown, `s3://${config.bucket}, ${doing}`, config);

  /** Passes each object of the folder on. */
  async function seeObjects(see: (name: string, object: _Object) => void): Promise<void> {
    // Without it a key with a control character would make the answer invalid XML.
    const paging = { Delimiter: '/', EncodingType: 'url', MaxKeys: limits.keysOfPage } as const;
    const request = { ...bucket, Prefix: folder, ...paging };
    const size = new ListingSize(limits);
    // A new one for each page, because listeners of the signal keep the whole request in memory.
    let abort = new AbortController();
    const pages = async () => {
      for (let token: string | undefined, isFirst = true; isFirst || token; isFirst = false) {
        abort = new AbortController();
        const command = new ListObjectsV2Command({ ...request, ...(token ? { ContinuationToken: token } : {}) });
        const page = await s3.send(command, { abortSignal: abort.signal });
        const { Contents = [], CommonPrefixes = [], EncodingType } = page;
        size.addNames(Math.max(limits.namesOfPage, Contents.length + CommonPrefixes.length));
        for (const object of Contents) {
          const told = object.Key ?? '';
          const key = EncodingType === 'url' ? decoded(told) : told;
          size.addBytes(key.length);
          see(key.slice(folder.length), object);
        }
        token = page.NextContinuationToken;
      }
    };
    const giveUp = () => {
      abort.abort();
      return slow(`the listing took longer than ${limits.listingMilliseconds / 1000} s`);
    };
    await within(limits.listingMilliseconds, giveUp, pages).catch((thrown) => {
      throw failure(thrown, `list of ${excerpt(folder)}`);
    });
  }

  async function list(isWanted: (name: string) => boolean): Promise<SourceFile[]> {
    const size = new ListingSize(limits);
    const files: SourceFile[] = [];
    await seeObjects((name, object) => {
      if (!isFileName(name) || !isWanted(name)) return;
      size.addFile(name);
      files.push(seen(object, name));
    });
    return files;
  }

  /** Uses a listing, because the answer to HEAD has no body that could tell why S3 refuses. Keys are sorted, so the exact key comes first. */
  async function stat(name: string): Promise<SourceFile> {
    checkFileName(name);
    const Prefix = folder + name;
    const request = new ListObjectsV2Command({ ...bucket, Prefix, MaxKeys: 1, EncodingType: 'url' });
    const { Contents = [], EncodingType } = await s3.send(request);
    const [object] = Contents;
    const key = EncodingType === 'url' ? decoded(object?.Key ?? '') : object?.Key;
    if (key !== Prefix) throw new NightfeedError('SOURCE_CHANGED', `${excerpt(name)} is gone`);
    return seen(object!, name);
  }

  async function* bytesOf(name: string, from: number): AsyncGenerator<Buffer> {
    try {
      checkFileName(name);
      const IfMatch = versions.get(name);
      const request = new GetObjectCommand({
        ...bucket,
        Key: folder + name,
        ChecksumMode: 'ENABLED',
        ...(IfMatch === undefined ? {} : { IfMatch }),
        ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
      });
      const { Body } = await s3.send(request);
      yield* keepingPace(Body as Readable, limits);
    } catch (thrown) {
      throw failure(thrown, `read of ${excerpt(name)}`);
    }
  }

  return {
    list: (isWanted = () => true) => list(isWanted),
    stat: (name) =>
      stat(name).catch((thrown) => {
        throw failure(thrown, `look at ${excerpt(name)}`);
      }),
    read: (name, from = 0) => Readable.from(bytesOf(name, from), { objectMode: false }),
    place: `s3://${config.bucket}/${folder}`,
    around: async (see) => {
      await seeObjects((name) => {
        // The folder itself, where somebody made it as an object.
        if (name !== '') see({ name, kind: 'file' });
      });
      return null;
    },
    disposal: s3Disposal(s3, bucket, folder, versions, failure),
    clock: async () => null,
    close: async () => s3.destroy(),
    notes: config.endpoint?.startsWith('http:')
      ? [`the connection to ${config.endpoint} is not encrypted; https is the endpoint to ask the vendor for`]
      : [],
  };
}

function clientOf({ region, profile, endpoint, accessKey, secretKey, timeoutMilliseconds }: S3Config): S3Client {
  const ownRegion = region ?? (endpoint === undefined ? undefined : ANY_REGION);
  return new S3Client({
    maxAttempts: REQUEST_ATTEMPTS,
    requestHandler: {
      socketTimeout: timeoutMilliseconds ?? DEFAULT_TIMEOUT,
      connectionTimeout: Math.min(CONNECTION_TIMEOUT, timeoutMilliseconds ?? DEFAULT_TIMEOUT),
    },
    ...(ownRegion === undefined ? {} : { region: ownRegion }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKey === undefined || secretKey === undefined
      ? {}
      : { credentials: { accessKeyId: accessKey.trim(), secretAccessKey: secretKey.trim() } }),
  });
}

/** The key prefix of a folder: no slash at its beginning, one at its end. */
function folderOf(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `${trimmed}/`;
}

function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
