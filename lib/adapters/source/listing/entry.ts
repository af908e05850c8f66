import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/records/excerpt.ts';

/** What one line of a listing says. */
export interface Entry {
  readonly name: string;
  /** `link`: to a file or a folder, which only the server can tell. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** undefined is what the listing does not tell, or not reliably. */
  readonly size?: number | undefined;
  /** ISO instant. */
  readonly modified?: string | undefined;
}

/** A line that nobody understands may be a part of the delivery: nothing is left out without a word. */
export function unreadable(line: string, why: string): NightfeedError {
  return new NightfeedError('LISTING_UNREADABLE', `${why}: ${excerpt(line)}`);
}

/** Longer than any name a file system takes, with all that stands before it. */
const MAX_LINE = 4096;

/** The lines of a listing. Throws SOURCE_SHORT for one that was cut, LISTING_UNREADABLE for a line that is no line. */
export function listingLines(text: string): string[] {
  if (text !== '' && !text.endsWith('\n'))
    throw new NightfeedError('SOURCE_SHORT', 'the listing of the folder ended in the middle of a line');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const long = lines.find((line) => line.length > MAX_LINE);
  if (long !== undefined) throw unreadable(long, `a line of the listing has more than ${MAX_LINE} characters`);
  return lines;
}
