import type { Entry } from './entry.ts';

/**
 * A line of `ls -l` in any language; undefined for any other line. The time has no year or no zone, so it is not used; it only shows
 * where the name begins, one blank after it.
 */
export function unixLine(line: string): Entry | undefined {
  const rights = RIGHTS.exec(line);
  if (!rights || /[\r\u2028\u2029]/.test(line)) return undefined;
  const found = sizeAndName(line, rights[0].length);
  if (!found) return undefined;
  const [, kind] = rights as unknown as [string, string];
  const bytes = found.size.replaceAll(THOUSANDS, '');
  return {
    name: kind === 'l' ? found.name.split(' -> ')[0]! : found.name,
    kind: kinds[kind] ?? 'other',
    // `4.0K`, and the two numbers of a device, are not bytes.
    size: /^\d{1,15}$/.test(bytes) ? Number(bytes) : undefined,
  };
}

/**
 * The first number after `from` that is followed by a time and a name. Each number is examined once; one regular expression for all of
 * this would start again at every blank.
 */
function sizeAndName(line: string, from: number): { size: string; name: string } | undefined {
  for (const { 0: size, index } of line.slice(from).matchAll(SIZES)) {
    WHEN_AND_NAME.lastIndex = from + index + size.length;
    const name = WHEN_AND_NAME.exec(line)?.[1];
    if (name !== undefined) return { size, name };
  }
  return undefined;
}

/** The first line of `ls -l`: the word for `total`, in any language, and the number of blocks. */
export function isTotal(line: string): boolean {
  return /^[\p{L}\p{M}][\p{L}\p{M} ]{0,29}:? ?\d[\d.,]*[KMGTP]?$/u.test(line.trim());
}

const kinds: Readonly<Record<string, Entry['kind']>> = { '-': 'file', d: 'folder', l: 'link' };

const THOUSANDS = /[.,'’\u00a0\u202f](?=\d{3}(?!\d))/gu;
const TIME = String.raw`\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?`;
const YEAR = String.raw`\d{4}年?`;
const MONTH = String.raw`(?:\p{L}[\p{L}\p{M}]{0,14}\.?|\d{1,2}月|\d{1,2}월)`;
const DAY = String.raw`\d{1,2}(?:[.,日일]|st|nd|rd|th)?`;
const WHEN = `(?:${TIME}(?: +${YEAR})?|${YEAR})`;
const DATES = [
  // Nov 20 14:03, Sept 3 2025, nov. 20, 2025, 11月 20 14:03, and BSD's Nov 20 14:03:05 2025
  `${MONTH} *${DAY},? +${WHEN}`,
  // 20 Nov 14:03, 20. Nov 2025
  `${DAY} +${MONTH} +${WHEN}`,
  // 2026-11-20 14:03, and --full-time
  String.raw`\d{4}[-/.]\d{2}[-/.]\d{2} +${TIME}(?: +[+-]\d{4})?`,
  // --time-style=iso
  String.raw`\d{4}-\d{2}-\d{2}`,
  String.raw`\d{2}-\d{2} +${TIME}`,
];
/** Rights, with the dot of SELinux, the plus of an access list or the at of macOS. */
const RIGHTS = /^([-bcdDlpPsnC])[-rwxsStTlL]{9}[.+@]?\s/;
/** Numbers before the time: links, numeric owners, sizes. A device has two numbers instead of a size. */
const SIZES = /(?<=\s)\d+(?:[.,'’\u00a0\u202f]\d+)*(?:[KMGTP]|, *\d+)?/gu;
const WHEN_AND_NAME = new RegExp(` +(?:${DATES.join('|')}) (.+)$`, 'uy');
