import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';

/** What one line of a listing says. */
export interface Entry {
  readonly name: string;
  /** A `link` may lead to a file or a folder; only the server can tell. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** undefined when the listing does not tell the size, or not exactly. */
  readonly size?: number | undefined;
  /** ISO instant. */
  readonly modified?: string | undefined;
}

/** A line that cannot be read may be a file of the delivery, so it is an error and never skipped. */
export function unreadable(line: string, why: string): NightfeedError {
  return new NightfeedError('LISTING_UNREADABLE', `${why}: ${excerpt(line)}`);
}
