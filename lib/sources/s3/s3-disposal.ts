import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  type RequestPayer,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { NightfeedError } from '../../core/errors.ts';
import type { Disposal } from '../../ports/disposal.ts';
import { checkFileName } from '../common/file-name.ts';

/** Objects have no other name: one is moved as a copy of exactly the version that was listed, and goes when the copy is there. */
export function s3Disposal(
  s3: S3Client,
  bucket: { readonly Bucket: string; readonly RequestPayer?: RequestPayer },
  folder: string,
  versions: ReadonlyMap<string, string>,
  failure: (thrown: unknown, doing: string) => NightfeedError,
): Disposal {
  const keyIn = (into: string, name: string) => {
    checkFileName(name);
    return `${into.replace(/^\/+|\/+$/g, '')}/${name}`;
  };
  const remove = async (name: string) => {
    checkFileName(name);
    await s3.send(new DeleteObjectCommand({ ...bucket, Key: folder + name }));
  };
  return {
    remove: (name) =>
      remove(name).catch((thrown) => {
        throw failure(thrown, `removal of ${name}`);
      }),
    async move(name, into) {
      try {
        const CopySource = [bucket.Bucket, ...(folder + name).split('/')].map(encodeURIComponent).join('/');
        const CopySourceIfMatch = versions.get(name);
        await s3.send(
          new CopyObjectCommand({
            ...bucket,
            Key: keyIn(into, name),
            CopySource,
            ...(CopySourceIfMatch === undefined ? {} : { CopySourceIfMatch }),
          }),
        );
        await remove(name);
      } catch (thrown) {
        throw failure(thrown, `move of ${name} to ${into}`);
      }
    },
    async sizeIn(into, name) {
      const Key = keyIn(into, name);
      try {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ ...bucket, Prefix: Key, MaxKeys: 1 }));
        return Contents[0]?.Key === Key ? (Contents[0].Size ?? 0) : null;
      } catch (thrown) {
        throw failure(thrown, `look for ${name} in ${into}`);
      }
    },
  };
}
