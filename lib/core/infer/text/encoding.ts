/** How the bytes of a sample may be stored, and why that is thought. */
export interface GuessedEncoding {
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252';
  readonly reason: string;
}

/** What all bytes tell that were seen. */
interface SeenBytes {
  readonly isUtf8: boolean;
  /** Some mean nothing in windows-1252. */
  readonly hasUnassigned: boolean;
}

/**
 * Guesses from the first bytes of a file, cut anywhere, and from what all others tell. A file without a mark that is no UTF-8 is taken
 * for the encoding that is by far the most common then.
 */
export function guessEncoding(sample: Buffer, { isUtf8, hasUnassigned }: SeenBytes): GuessedEncoding {
  const mark = sample.toString('hex', 0, 3);
  if (mark === 'efbbbf') return { encoding: 'utf-8', reason: 'it begins with the mark of UTF-8' };
  if (isMarkedWide(mark)) return { encoding: 'utf-16', reason: 'it begins with the mark of UTF-16' };
  if (wideKindOf(sample)) return { encoding: 'utf-16', reason: 'every second byte is zero' };
  if (isUtf8) return { encoding: 'utf-8', reason: 'all of its bytes are UTF-8' };
  const look = hasUnassigned
    ? 'some are not those of windows-1252 either: ask the vendor which encoding it is'
    : 'look at the letters beyond ASCII';
  return { encoding: 'windows-1252', reason: `its bytes are no UTF-8; ${look}` };
}

/** Which of the two kinds of UTF-16 the first bytes of a file show; undefined for neither. */
export function wideKindOf(sample: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const mark = sample.toString('hex', 0, 3);
  const isWide = isMarkedWide(mark) || zeros(sample, 0) > ZERO_SHARE || zeros(sample, 1) > ZERO_SHARE;
  if (!isWide || mark === 'efbbbf') return undefined;
  return mark.startsWith('feff') || (sample[0] === 0 && sample[1] !== 0) ? 'utf-16be' : 'utf-16le';
}

const isMarkedWide = (mark: string) => mark.startsWith('fffe') || mark.startsWith('feff');

/** Share of the bytes at even or odd places from which text is taken for UTF-16. */
const ZERO_SHARE = 0.4;

function zeros(sample: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < sample.length; at += 2) if (sample[at] === 0) count += 1;
  return sample.length < 4 ? 0 : count / Math.ceil((sample.length - from) / 2);
}

/** Without the bytes of a character that the end of the sample cut. */
export function wholeCharacters(sample: Buffer): Buffer {
  let end = sample.length;
  while (end > 0 && sample.length - end < 3 && (sample[end - 1]! & 0xc0) === 0x80) end -= 1;
  const isLead = end > 0 && sample[end - 1]! >= 0xc0;
  if (!isLead) return sample;
  const lead = sample[end - 1]!;
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return sample.length - end + 1 < needed ? sample.subarray(0, end - 1) : sample;
}
