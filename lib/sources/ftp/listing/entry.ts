import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';

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
