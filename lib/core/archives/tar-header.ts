import { NightfeedError } from '../errors.ts';
import { excerpt } from '../shown-text.ts';
import { memberName } from './member-name.ts';
import { damaged } from './tar-fault.ts';

/** Everything in a tar archive comes in blocks of so many bytes. */
export const TAR_BLOCK = 512;

/** `names` and `facts` speak of the entry behind them: its long name, or lines of `key=value`. */
type TarKind = 'file' | 'folder' | 'name' | 'linkName' | 'facts' | 'factsOfAll';

export interface TarHeader {
  readonly kind: TarKind;
  /** As written: only that of a file or a folder is meant as a path. */
  readonly name: string;
  readonly size: number;
}

/** Reads a header block: ustar, GNU, or one from before both. Throws TAR_CORRUPT, ARCHIVE_PATH and ARCHIVE_SHAPE. */
export function tarHeader(block: Buffer): TarHeader {
  if (sumOf(block) !== sumSaid(block)) throw damaged('the checksum of a header is wrong');
  const magic = block.toString('latin1', 257, 265);
  if (![POSIX, GNU, OLD].includes(magic)) throw damaged('a header is of no known kind');
  const own = textAt(block, 0, 100);
  const prefix = magic === POSIX ? textAt(block, 345, 155) : '';
  const name = prefix === '' ? own : `${prefix}/${own}`;
  return { kind: kindOf(block, name), name, size: numberAt(block, 124, 12) };
}

/** Whether a block that may be damaged was a header. */
export function isTarHeader(block: Buffer): boolean {
  return block.toString('latin1', 257, 262) === 'ustar' || sumOf(block) === sumSaid(block);
}

/** Whether a file of any kind begins as a tar archive: no other one has both this word and this sum by chance. */
export function isUstar(start: Buffer): boolean {
  if (start.length < TAR_BLOCK || start.toString('latin1', 257, 262) !== 'ustar') return false;
  return sumOf(start) === sumSaid(start);
}

/** What the block before an entry tells of it. */
export interface TarFacts {
  readonly name?: string;
  readonly size?: number;
}

/** Reads lines of `length key=value`. Throws TAR_CORRUPT and ARCHIVE_SHAPE. */
export function tarFacts(lines: Buffer): TarFacts {
  let facts: TarFacts = {};
  for (let at = 0; at < lines.length; ) {
    const digits = /^[1-9]\d{0,9}(?= )/.exec(lines.toString('latin1', at, at + 11))?.[0];
    const end = at + Number(digits);
    if (digits === undefined || end > lines.length || lines[end - 1] !== LINE_FEED)
      throw damaged('a line of facts of an entry is malformed');
    const line = lines.toString('utf8', at + digits.length + 1, end - 1);
    const split = line.indexOf('=');
    if (split < 1) throw damaged('a line of facts of an entry has no name');
    facts = { ...facts, ...factOf(line.slice(0, split), line.slice(split + 1)) };
    at = end;
  }
  return facts;
}

/** The path of a file or folder. Throws ARCHIVE_PATH. */
export function tarPath({ name, kind }: TarHeader, facts: TarFacts): string {
  const path = memberName(facts.name ?? name);
  return kind === 'folder' && !path.endsWith('/') ? `${path}/` : path;
}

const POSIX = 'ustar\0' + '00';
const GNU = 'ustar  \0';
const OLD = '\0'.repeat(8);
const LINE_FEED = 0x0a;
const SUM_AT = 148;
const SUM_BYTES = 8;

/** Its own field counts as blanks. */
function sumOf(block: Buffer): number {
  let sum = SUM_BYTES * 0x20;
  for (let at = 0; at < TAR_BLOCK; at += 1) if (at < SUM_AT || at >= SUM_AT + SUM_BYTES) sum += block[at]!;
  return sum;
}

function sumSaid(block: Buffer): number | undefined {
  const text = OCTAL.exec(block.toString('latin1', SUM_AT, SUM_AT + SUM_BYTES))?.[1];
  return text === undefined ? undefined : Number.parseInt(text, 8);
}

function kindOf(block: Buffer, name: string): TarKind {
  const flag = block.toString('latin1', 156, 157);
  const isFolder = name.endsWith('/');
  if (flag === '0' || flag === '\0' || flag === '7') return isFolder ? 'folder' : 'file';
  const known = kinds[flag];
  if (known !== undefined) return known;
  if ('12346'.includes(flag))
    throw new NightfeedError('ARCHIVE_PATH', `${excerpt(name)} in the archive is a link or a device`);
  if (flag === 'S') throw sparse(name);
  throw new NightfeedError(
    'ARCHIVE_SHAPE',
    `${excerpt(name)} in the archive is of the kind ${excerpt(flag)}; expected files and folders`,
  );
}

const kinds: Readonly<Record<string, TarKind>> = {
  '5': 'folder',
  L: 'name',
  K: 'linkName',
  x: 'facts',
  g: 'factsOfAll',
};

function factOf(key: string, value: string): TarFacts {
  if (key === 'path') return { name: value };
  if (key.startsWith('GNU.sparse.') || key === 'SCHILY.realsize') throw sparse(key);
  if (key !== 'size') return {};
  if (!/^\d{1,15}$/.test(value)) throw damaged(`${excerpt(value)} is no size`);
  return { size: Number(value) };
}

function textAt(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 ? at + length : Math.min(end, at + length));
}

/** Octal digits between blanks and zero bytes, or a binary number where the first bit is set. */
function numberAt(block: Buffer, at: number, length: number): number {
  if (block[at]! === BINARY) {
    const bytes = block.subarray(at + 1, at + length);
    const value = BigInt(`0x${bytes.toString('hex')}`);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a size is too large');
    return Number(value);
  }
  const text = OCTAL.exec(block.toString('latin1', at, at + length))?.[1];
  if (text === undefined) throw damaged('a number in a header is malformed');
  return Number.parseInt(text, 8);
}

const BINARY = 0x80;
const OCTAL = /^ *([0-7]+)[ \0]*$/;

function sparse(name: string): NightfeedError {
  return new NightfeedError('ARCHIVE_SHAPE', `${excerpt(name)}: the archive has a sparse file; expected plain files`);
}
