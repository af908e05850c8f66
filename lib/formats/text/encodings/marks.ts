import type { EncodingName } from './names.ts';

/** The encoding whose byte order mark a file starts with. */
export function markedEncoding(start: Buffer): keyof typeof marks | undefined {
  const hex = start.toString('hex', 0, LONGEST);
  return (Object.keys(marks) as (keyof typeof marks)[]).find((encoding) => hex.startsWith(marks[encoding]));
}

/** That of UTF-32LE starts like that of UTF-16LE, so it comes first. */
const marks = {
  'utf-32le': 'fffe0000',
  'utf-32be': '0000feff',
  'utf-8': 'efbbbf',
  'utf-16le': 'fffe',
  'utf-16be': 'feff',
  gb18030: '84319533',
} as const satisfies Partial<Record<EncodingName, string>>;

const LONGEST = 4;
