import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Aws } from './aws.ts';

const CHUNK_BYTES = 1 << 20;

export interface Bucket {
  readonly name: string;
  readonly client: S3Client;
  /** With all that is in it. */
  remove(): Promise<void>;
}

/** A new bucket with a name of its own. */
export async function freshBucket(aws: Aws): Promise<Bucket> {
  const client = new S3Client(aws.client);
  const name = `nightfeed-test-${randomUUID()}`;
  const { region } = aws.client;
  // The one region that S3 does not take for a constraint.
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  await client.send(new CreateBucketCommand({ Bucket: name, ...place }));
  return {
    name,
    client,
    async remove() {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: name })) {
        const Objects = Contents.map(({ Key }) => ({ Key }));
        if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } }));
      }
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}

/** With the versions that a bucket keeps of removed objects. */
export async function emptyBucket(client: S3Client, Bucket: string): Promise<void> {
  let IsTruncated: boolean | undefined;
  do {
    const { Versions = [], DeleteMarkers = [], ...page } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    IsTruncated = page.IsTruncated;
  } while (IsTruncated);
}

/** A body in chunks, as streams bring it. */
export async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
}
