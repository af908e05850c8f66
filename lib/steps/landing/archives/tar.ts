import { damaged } from '../../../core/archives/tar-fault.ts';
import {
  isTarHeader,
  TAR_BLOCK,
  type TarFacts,
  type TarHeader,
  tarFacts,
  tarHeader,
  tarPath,
} from '../../../core/archives/tar-header.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { ByteReader } from '../byte-reader.ts';
import { Entries } from './entries.ts';
import { type ArchivedFile, Member } from './member.ts';
import { notPacked } from './not-packed.ts';

/**
 * The files of a tar archive while it arrives. Each header has a checksum; the files have none. Two blocks of zeros have to end it, or
 * it may have been cut between two files.
 * Throws EMPTY_FILE, NOT_TAR, TAR_TRUNCATED, TAR_CORRUPT, ARCHIVE_SHAPE and ARCHIVE_PATH.
 */
export async function* tarMembers(received: AsyncIterable<Buffer>): AsyncGenerator<ArchivedFile> {
  const input = new ByteReader(
    received,
    () =>
      new NightfeedError('TAR_TRUNCATED', 'the tar archive ends early: the two blocks of zeros at its end are missing'),
  );
  if (!(await input.more())) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  const found = new Entries<true>();
  let facts: TarFacts = {};
  for (let isFirst = true; ; isFirst = false) {
    const block = isFirst ? await firstBlock(input) : await input.take(TAR_BLOCK);
    if (isZero(block)) break;
    const header = tarHeader(block);
    if (header.kind !== 'file' && header.kind !== 'folder') {
      facts = { ...facts, ...(await told(input, header)) };
      continue;
    }
    const name = tarPath(header, facts);
    const size = facts.size ?? header.size;
    facts = {};
    found.begin(name);
    if (header.kind === 'folder' && size > 0) throw damaged('a folder has content');
    const member = new Member(name, content(input, name, size));
    try {
      if (header.kind === 'file') yield member;
      found.end(name, await member.end());
    } finally {
      await member.close();
    }
  }
  if (Object.keys(facts).length > 0) throw damaged('facts of an entry stand before its end');
  if (!isZero(await input.take(TAR_BLOCK))) throw damaged('one block of zeros stands within it');
  while (await input.more())
    if (!isZero(await input.some(Number.POSITIVE_INFINITY))) throw damaged('something follows its end');
}

async function firstBlock(input: ByteReader): Promise<Buffer> {
  const block = await input.upTo(TAR_BLOCK);
  if (block.length === TAR_BLOCK && (isZero(block) || isTarHeader(block))) return block;
  throw new NightfeedError('NOT_TAR', 'the name says tar, but the content is not a tar archive');
}

async function* content(input: ByteReader, name: string, size: number): AsyncGenerator<Buffer, true> {
  yield* notPacked(name, bytes(input, size));
  const padding = await input.take(-size & (TAR_BLOCK - 1));
  if (!isZero(padding)) throw damaged('something stands between two entries');
  return true;
}

async function* bytes(input: ByteReader, size: number): AsyncGenerator<Buffer> {
  for (let missing = size; missing > 0; ) {
    const chunk = await input.some(missing);
    missing -= chunk.length;
    yield chunk;
  }
}

/** A name or facts of the entry behind them. Such of all entries may hold a comment, but no name and no size. */
async function told(input: ByteReader, { kind, size }: TarHeader): Promise<TarFacts> {
  if (size > MAX_TOLD_BYTES) throw damaged(`${size} bytes about an entry; at most ${MAX_TOLD_BYTES} are allowed`);
  const text = await input.take(size);
  if (!isZero(await input.take(-size & (TAR_BLOCK - 1)))) throw damaged('something stands between two entries');
  if (kind === 'name') return { name: text.toString('utf8').replace(/\0+$/, '') };
  if (kind === 'linkName') return {};
  const facts = tarFacts(text);
  if (kind === 'facts') return facts;
  if (Object.keys(facts).length > 0) throw damaged('a name or a size is given for all entries');
  return {};
}

const MAX_TOLD_BYTES = 1_000_000;

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
