import { MAX_FILES } from '../../../core/delivery/source-file.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';

/** What was met in an archive, by name; for each of its files what is known of it. */
export class Entries<Facts> {
  readonly #found = new Map<string, Facts | undefined>();

  /** Throws ARCHIVE_SHAPE for a name that was there before, or for one too many. */
  begin(name: string): void {
    if (this.#found.has(name))
      throw new NightfeedError('ARCHIVE_SHAPE', `${excerpt(name)} is twice in the archive; expected each name once`);
    if (this.#found.size === MAX_FILES)
      throw new NightfeedError('ARCHIVE_SHAPE', `more than ${MAX_FILES} entries in the archive`);
    this.#found.set(name, undefined);
  }

  end(name: string, facts: Facts): void {
    this.#found.set(name, facts);
  }

  get(name: string): Facts | undefined {
    return this.#found.get(name);
  }

  get size(): number {
    return this.#found.size;
  }
}
