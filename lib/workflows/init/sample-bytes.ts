import type { SourceFile } from '../../core/delivery/source-file.ts';
import type { Source } from '../../ports/source.ts';
import { decompressed } from '../../steps/landing/decompression.ts';

/** Bytes of a file from its beginning, and whether they are all. */
export interface SampledBytes {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** What it is made of; each begins and ends with a line. */
  readonly parts: readonly Buffer[];
  /** What was not looked at; for comments. */
  readonly notes: readonly string[];
}

/**
 * The first bytes of a file, unpacked, and of a file that is not packed also bytes of its middle and its end, cut at line ends. At most
 * `most` bytes are kept.
 */
export async function sampleBytes(source: Source, file: SourceFile, most: number): Promise<SampledBytes> {
  const third = Math.floor(most / 3);
  const isPlain = !decompressed(file.name, none()).isContainer;
  if (!isPlain || file.size <= most) return beginning(source, file, most);
  const { bytes: head } = await beginning(source, file, third);
  // Its lines end with two bytes, and a window may begin between the two of a character.
  if (/^(fffe|feff)/.test(head.toString('hex', 0, 2))) return beginning(source, file, most);
  const middle = await window(source, file, Math.floor((file.size - third) / 2), third);
  const tail = await window(source, file, file.size - third, third);
  const parts = [upToLine(head), upToLine(fromLine(middle)), fromLine(tail)];
  const notes = [`of its ${megabytes(file.size)} MB, ${megabytes(most)} were looked at: head, middle and end`];
  return { bytes: Buffer.concat(parts), isWhole: false, parts, notes };
}

async function beginning(source: Source, { name }: SourceFile, most: number): Promise<SampledBytes> {
  const received = source.read(name);
  try {
    const { bytes, isWhole } = await upTo(decompressed(name, received).bytes, most);
    const notes = isWhole ? [] : [`only its first ${megabytes(most)} MB were looked at`];
    return { bytes, isWhole, parts: [bytes], notes };
  } finally {
    received.destroy();
  }
}

async function window(source: Source, { name }: SourceFile, from: number, length: number): Promise<Buffer> {
  const received = source.read(name, from);
  try {
    return (await upTo(received, length)).bytes;
  } finally {
    received.destroy();
  }
}

async function upTo(chunks: AsyncIterable<Buffer>, most: number): Promise<Pick<SampledBytes, 'bytes' | 'isWhole'>> {
  const found: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    found.push(chunk);
    length += chunk.length;
    if (length > most) return { bytes: Buffer.concat(found).subarray(0, most), isWhole: false };
  }
  return { bytes: Buffer.concat(found), isWhole: true };
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);

const LF = 10;

/** A share of each part, cut at line ends: beginnings, and of the last part its end. */
export function shareOf({ parts }: SampledBytes, share: number): Buffer {
  const beginnings = parts.slice(0, -1).map((part) => upToLine(part.subarray(0, Math.floor(part.length * share))));
  const last = parts.at(-1)!;
  return Buffer.concat([...beginnings, fromLine(last.subarray(Math.floor(last.length * (1 - share))))]);
}

function upToLine(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(LF) + 1);
}

function fromLine(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf(LF) + 1);
}

async function* none(): AsyncGenerator<Buffer> {}

/** All bytes of a file, unpacked; for a format that has to be read from its end. */
export function allBytes(source: Source, { name }: SourceFile): AsyncIterable<Buffer> {
  return decompressed(name, source.read(name)).bytes;
}
