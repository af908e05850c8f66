import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Place } from './s3-put.ts';

/**
 * Create-only, of objects up to 5 GB, whose bytes stay in S3. An upload of one part, as its end has been conditional for longer
 * than a copy. A request that the SDK sent again after a lost answer may be refused by its own success: who copies begins anew.
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
    // Best effort: the bucket's lifecycle removes what stays.
    await s3.send(new AbortMultipartUploadCommand(target)).catch(() => {});
    throw error;
  }
}
