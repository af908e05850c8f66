import { isUtf8 } from 'node:buffer';

/** How the bytes of a sample may be stored, and why that is thought. */
export interface GuessedEncoding {
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252';
  readonly reason: string;
}

/** Guesses from the first bytes of a file, cut anywhere. A file without a mark that is no UTF-8 is taken for the encoding that is by far the most common then. */
export function guessEncoding(sample: Buffer): GuessedEncoding {
  const mark = sample.toString('hex', 0, 3);
  if (mark === 'efbbbf') return { encoding: 'utf-8', reason: 'it begins with the mark of UTF-8' };
  if (mark.startsWith('fffe') || mark.startsWith('feff'))
    return { encoding: 'utf-16', reason: 'it begins with the mark of UTF-16' };
  if (zeros(sample, 0) > ZERO_SHARE || zeros(sample, 1) > ZERO_SHARE)
    return { encoding: 'utf-16', reason: 'every second byte is zero' };
  if (isUtf8(wholeCharacters(sample))) return { encoding: 'utf-8', reason: 'all of its bytes are UTF-8' };
  const look = unassigned.test(sample.toString('latin1'))
    ? 'some are not those of windows-1252 either: ask the vendor which encoding it is'
    : 'look at the letters beyond ASCII';
  return { encoding: 'windows-1252', reason: `its bytes are no UTF-8; ${look}` };
}

/** Bytes that mean nothing in windows-1252. */
const unassigned = /[\x81\x8d\x8f\x90\x9d]/;

/** Share of the bytes at even or odd places from which text is taken for UTF-16. */
const ZERO_SHARE = 0.4;

function zeros(sample: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < sample.length; at += 2) if (sample[at] === 0) count += 1;
  return sample.length < 4 ? 0 : count / Math.ceil((sample.length - from) / 2);
}

/** Without the bytes of a character that the end of the sample cut. */
function wholeCharacters(sample: Buffer): Buffer {
  let end = sample.length;
  while (end > 0 && sample.length - end < 3 && (sample[end - 1]! & 0xc0) === 0x80) end -= 1;
  const isLead = end > 0 && sample[end - 1]! >= 0xc0;
  if (!isLead) return sample;
  const lead = sample[end - 1]!;
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return sample.length - end + 1 < needed ? sample.subarray(0, end - 1) : sample;
}
