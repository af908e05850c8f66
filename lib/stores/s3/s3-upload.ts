import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Checksum, checksumOf } from './checksum.ts';
import { isExisting, isMissing } from './s3-error.ts';
import { holds, isRepeated, type Place, put } from './s3-put.ts';

/** S3 takes 10,000 parts for an object, each of at least 5 MiB except the last. With 8 MiB an object may have 80 GiB. */
export const PART_BYTES = 8 << 20;
/** Parts that are sent at the same time; an upload needs as many times PART_BYTES of memory. Compressing is slower than four connections. */
export const PARTS_IN_FLIGHT = 4;

/** Creates an object from a stream. The answer is its size, or `null` when the key exists already. */
export async function upload(s3: S3Client, place: Place, body: AsyncIterable<Uint8Array>): Promise<number | null> {
  const whole = new Checksum();
  const parts = cut(body, whole);
  try {
    const { value: first } = await parts.next();
    if (first && first.bytes.length === PART_BYTES) return await uploadParts(s3, place, first, parts, whole);
    const bytes = first?.bytes ?? Buffer.alloc(0);
    return (await put(s3, place, bytes)) ? bytes.length : null;
  } finally {
    await parts.return(undefined);
  }
}

interface Part {
  readonly number: number;
  readonly bytes: Buffer;
}

async function uploadParts(
  s3: S3Client,
  place: Place,
  first: Part,
  rest: AsyncIterable<Part>,
  whole: Checksum,
): Promise<number | null> {
  const form = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...place, ...form }));
  const target = { ...place, UploadId };
  let isCreated = false;
  try {
    const sent = await sendParts(s3, target, first, rest);
    const size = sent.reduce((sum, { size }) => sum + size, 0);
    const parts = sent.map(({ completed }) => completed);
    isCreated = await complete(s3, target, parts, size, whole.base64);
    return isCreated ? size : null;
  } finally {
    // May fail: the bucket's lifecycle removes unfinished uploads.
    if (!isCreated) await s3.send(new AbortMultipartUploadCommand(target)).catch(() => {});
  }
}

type Target = Place & { readonly UploadId: string | undefined };
type Sent = { readonly completed: CompletedPart; readonly size: number };

/** Sends all parts and lists them in order. It ends after the last request has ended, because an upload that is aborted earlier may keep parts. */
async function sendParts(s3: S3Client, target: Target, first: Part, rest: AsyncIterable<Part>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const send = async ({ number, bytes }: Part) => {
    const ChecksumCRC32 = checksumOf(bytes);
    const part = { ...target, PartNumber: number, Body: bytes, ChecksumCRC32 };
    const { ETag } = await s3.send(new UploadPartCommand(part));
    sent[number - 1] = { completed: { PartNumber: number, ETag, ChecksumCRC32 }, size: bytes.length };
  };
  // Several loops share one generator. Each takes the next part after it has sent one; a loop that fails ends the generator for all.
  const loop = async (begin?: Part) => {
    if (begin) await send(begin);
    for await (const part of rest) await send(part);
  };
  const loops = Array.from({ length: PARTS_IN_FLIGHT }, (_, index) => loop(index === 0 ? first : undefined));
  const failed = (await Promise.allSettled(loops)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return sent;
}

/** `false` when the key exists already. */
async function complete(s3: S3Client, target: Target, Parts: CompletedPart[], size: number, checksum: string) {
  const expected = { MpuObjectSize: size, ChecksumCRC32: checksum, ChecksumType: 'FULL_OBJECT' } as const;
  const request = { ...target, MultipartUpload: { Parts }, IfNoneMatch: '*', ...expected };
  try {
    await s3.send(new CompleteMultipartUploadCommand(request));
    return true;
  } catch (error) {
    const isDone = (isExisting(error) || isMissing(error)) && isRepeated(error);
    if (isDone && (await holds(s3, target, size, checksum))) return true;
    if (isExisting(error)) return false;
    throw error;
  }
}

/** Cuts the bytes into parts of exactly PART_BYTES; the last may be shorter. */
async function* cut(body: AsyncIterable<Uint8Array>, whole: Checksum): AsyncGenerator<Part, undefined> {
  let number = 1;
  let bytes = Buffer.allocUnsafe(PART_BYTES);
  let filled = 0;
  for await (const chunk of body) {
    whole.update(chunk);
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + PART_BYTES - filled);
      bytes.set(piece, filled);
      taken += piece.length;
      filled += piece.length;
      if (filled < PART_BYTES) continue;
      yield { number, bytes };
      number += 1;
      bytes = Buffer.allocUnsafe(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield { number, bytes: bytes.subarray(0, filled) };
  return undefined;
}
