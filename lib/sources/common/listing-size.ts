import { NightfeedError } from '../../core/errors.ts';
import type { Limits } from './limits.ts';

/** Counts names and bytes of one listing. Throws LISTING_TOO_LONG as soon as they exceed the limits. */
export class ListingSize {
  readonly #limits: Limits;
  readonly #counts = { bytes: 0, names: 0, files: 0, fileBytes: 0 };

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  addBytes(bytes: number): void {
    this.#add('bytes', bytes, this.#limits.listingBytes, 'bytes');
  }

  addNames(names: number): void {
    this.#add('names', names, this.#limits.names, 'names');
  }

  /** Counts a name that the feed's patterns match. */
  addFile(name: string): void {
    this.#add('files', 1, this.#limits.files, 'files that fit the patterns of the feed');
    this.#add('fileBytes', name.length, this.#limits.fileBytes, 'bytes of names that fit the patterns of the feed');
  }

  #add(what: 'bytes' | 'names' | 'files' | 'fileBytes', more: number, most: number, named: string): void {
    this.#counts[what] += more;
    if (this.#counts[what] <= most) return;
    throw new NightfeedError(
      'LISTING_TOO_LONG',
      `the listing of the folder has more than ${this.#counts[what]} ${named}; at most ${most} are allowed`,
    );
  }
}
