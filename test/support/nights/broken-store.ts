import type { IncomingMessage } from 'node:http';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import type { Aws } from '../aws/aws.ts';
import type { Bucket } from '../aws/bucket.ts';
import { type Fault, type HttpFront, httpFront } from '../vendors/http-front.ts';

interface BrokenStore {
  readonly store: Store;
  readonly front: HttpFront;
}

/**
 * A bucket by a way that breaks, until the test ends. `decide` sees each request, with the number of earlier ones of its
 * method. Emulators only: a signature names the host that it was made for.
 */
export async function brokenStore(
  aws: Aws,
  bucket: Bucket,
  decide: (request: IncomingMessage & { url: string }, earlier: number) => Fault | undefined,
  config: S3ClientConfig = {},
): Promise<BrokenStore> {
  const methods: (string | undefined)[] = [];
  const front = await httpFront(aws.client.endpoint!, (request) => {
    const earlier = methods.filter((method) => method === request.method).length;
    methods.push(request.method);
    return decide(request as IncomingMessage & { url: string }, earlier);
  });
  onTestFinished(() => front.close());
  return { front, store: s3Store(bucket.name, { ...aws.client, endpoint: front.url, maxAttempts: 2, ...config }) };
}

/** S3's way to say no. */
export function refusal(status: number, code: string): Fault {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said the front</Message></Error>`;
  return { kind: 'answer', status, body };
}
