import { type ErrorName, NightfeedError } from '../../core/errors.ts';
import { shownText } from '../../core/shown-text.ts';
import { receivedText } from '../common/received-text.ts';

/** Properties that the SDK puts on errors. All are absent when no answer came. */
interface S3Answer {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

interface Secrets {
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
}

/** Any failure of S3 as a NightfeedError. The keys are removed from text that the server may have echoed. */
export function s3Failure(thrown: unknown, doing: string, { accessKey, secretKey }: Secrets): NightfeedError {
  const said = receivedText(thrown instanceof Error ? thrown.message : String(thrown), [accessKey, secretKey]);
  if (thrown instanceof NightfeedError)
    return new NightfeedError(thrown.name, `${doing}: ${said}`, { hint: thrown.hint });
  const { name: code = '', $metadata, $response } = thrown as S3Answer;
  const region = $response?.headers?.['x-amz-bucket-region'];
  const name = nameOf(code, $metadata?.httpStatusCode, said);
  const where =
    WRONG_REGION.has(code) && region !== undefined ? `; the bucket is in region ${shownText(region, MAX_NAME)}` : '';
  const hint = hints[name];
  return new NightfeedError(
    name,
    `${doing}: ${said.startsWith(code) ? said : `${shownText(code, MAX_NAME)} ${said}`}${where}`,
    {
      ...(hint === undefined ? {} : { hint }),
      // The message has S3's answer already, without the keys. As a cause the answer would still contain them.
      ...($metadata?.httpStatusCode === undefined ? { cause: thrown } : {}),
    },
  );
}

/** Characters: more than any name of an error or a region of S3 has. */
const MAX_NAME = 80;

const hints: Partial<Record<ErrorName, string>> = {
  SOURCE_LOGIN: 'Sign in to AWS, or check profile or access_key and secret_key, then run the same command again.',
  SOURCE_DENIED: 'Check bucket, region and path, and have the vendor allow s3:ListBucket and s3:GetObject there.',
};

/** S3 does not accept our identity. The SDK reports the first two without asking S3. */
const UNKNOWN = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
]);

const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

/** With these S3 asks the client to try later; all other codes from 400 to 499 are refusals. */
const BUSY = new Set(['SlowDown', 'RequestTimeout', 'TooManyRequests', 'RequestTimeoutException']);

function nameOf(code: string, status: number | undefined, said: string): ErrorName {
  if (UNKNOWN.has(code)) return 'SOURCE_LOGIN';
  // 412: the object was replaced since it was listed; 416: by a shorter one.
  if (code === 'NoSuchKey' || status === 412 || status === 416) return 'SOURCE_CHANGED';
  // The SDK compares what it read with the checksum that S3 keeps. A damaged file has to be read again from its beginning.
  if (/^checksum mismatch/i.test(said)) return 'SOURCE_CHANGED';
  if (/^Region is missing/.test(said)) return 'SOURCE_DENIED';
  if (status === undefined || status >= 500 || status < 300 || BUSY.has(code)) return 'SOURCE_UNREACHABLE';
  return 'SOURCE_DENIED';
}
