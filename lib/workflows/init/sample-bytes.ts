import type { SourceFile } from '../../core/delivery/source-file.ts';
import type { Source } from '../../ports/source.ts';
import { decompressed } from '../../steps/landing/decompression.ts';

/** Bytes of a file from its beginning, and whether they are all. */
export interface SampledBytes {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
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
  const middle = await window(source, file, Math.floor((file.size - third) / 2), third);
  const tail = await window(source, file, file.size - third, third);
  return { bytes: Buffer.concat([upToLine(head), upToLine(fromLine(middle)), fromLine(tail)]), isWhole: false };
}

async function beginning(source: Source, { name }: SourceFile, most: number): Promise<SampledBytes> {
  const received = source.read(name);
  try {
    return await upTo(decompressed(name, received).bytes, most);
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

async function upTo(chunks: AsyncIterable<Buffer>, most: number): Promise<SampledBytes> {
  const found: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    found.push(chunk);
    length += chunk.length;
    if (length > most) return { bytes: Buffer.concat(found).subarray(0, most), isWhole: false };
  }
  return { bytes: Buffer.concat(found), isWhole: true };
}

const LF = 10;

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
