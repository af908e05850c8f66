import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Place } from './s3-put.ts';

/**
 * Copies an object of up to 5 GB within S3, unless the target exists. It is a multipart upload of one part, because S3 has had
 * the conditional end of an upload for longer than the conditional copy. When the SDK repeats a request whose answer was lost, S3 may refuse it because
 * the first one succeeded: then the caller starts again.
 */
export async function copyObject(s3: S3Client, from: Place, to: Place): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(to));
  const target = { ...to, UploadId };
  const CopySource = `${from.Bucket}/${from.Key.split('/').map(encodeURIComponent).join('/')}`;
  try {
    const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({ ...target, PartNumber: 1, CopySource }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult!.ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload, IfNoneMatch: '*' }));
  } catch (error) {
    // May fail: the bucket's lifecycle removes unfinished uploads.
    await s3.send(new AbortMultipartUploadCommand(target)).catch(() => {});
    throw error;
  }
}
