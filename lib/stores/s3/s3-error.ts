import { type ErrorName, NightfeedError } from '../../core/errors.ts';

/** Properties that the SDK puts on errors. All are absent when no answer came. */
export interface S3Failure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** Errors that end only when somebody changes something. S3 sends them with 400 or 301; the SDK throws the first without asking S3. */
const REFUSALS = new Set([
  'CredentialsProviderError',
  'NoSuchBucket',
  'InvalidBucketName',
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'ExpiredToken',
  'InvalidToken',
]);

/** An error of S3 as one that the store port names. A NightfeedError stays as it is. */
export function s3Error(error: unknown, action: 'read' | 'list' | 'write' | 'remove', what: string): NightfeedError {
  if (error instanceof NightfeedError) return error;
  const { name = '', $metadata } = error as S3Failure;
  const said = error instanceof Error ? error.message : String(error);
  const message = `cannot ${action} ${what}: ${said === name ? name : `${name} ${said}`.trim()}`;
  return new NightfeedError(nameOf(name, $metadata?.httpStatusCode, action), message, { cause: error });
}

export function isExisting(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** Another conditional request on the same key is under way. The same request, sent again, tells how that one ended. */
export function isConflict(error: unknown): boolean {
  return (error as S3Failure).name === 'ConditionalRequestConflict';
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && (error as S3Failure).name !== 'NoSuchBucket';
}

export function statusOf(error: unknown): number | undefined {
  return (error as S3Failure | undefined)?.$metadata?.httpStatusCode;
}

function nameOf(name: string, status: number | undefined, action: string): ErrorName {
  if (status === 401 || status === 403 || REFUSALS.has(name) || name.startsWith('KMS.')) return 'STORE_DENIED';
  // 412: the object was replaced after the reading began.
  if (action === 'read' && (status === 404 || status === 412)) return 'OBJECT_MISSING';
  return 'STORE_UNAVAILABLE';
}
