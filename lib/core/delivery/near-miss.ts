import { NamePattern } from '../feed/pattern.ts';
import { excerpt } from '../shown-text.ts';

/** An entry of the source's folder, of any kind. */
export interface Neighbour {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** A pattern that no file fits: as the feed file has it, and with the date filled in. */
export interface Missed {
  readonly pattern: string;
  readonly written: string;
}

const MAX_NAMES = 5;
const MAX_MISSES = 3;
/** Number of names that are compared with a pattern, because a folder may hold more than there is time for. */
const MAX_TRIES = 5000;

/**
 * Collects, for a message, what lies there instead of what the night awaits, and which names may have been meant. It sees one name at a time,
 * since a folder may hold more names than fit into memory.
 */
export class Neighbours {
  readonly #missed: readonly MissedPattern[];
  readonly #names: string[] = [];
  readonly #near: string[] = [];
  #count = 0;
  #tries = 0;

  constructor(missed: readonly Missed[]) {
    this.#missed = missed.map(({ pattern, written }) => ({
      pattern: new NamePattern(pattern),
      anyCase: new NamePattern(pattern, true),
      anyDate: new NamePattern(written, true),
    }));
  }

  see(neighbour: Neighbour): void {
    if (neighbour.name === '.' || neighbour.name === '..') return;
    this.#count += 1;
    if (this.#names.length < MAX_NAMES) this.#names.push(told(neighbour.name));
    if (this.#near.length >= MAX_MISSES || this.#tries >= MAX_TRIES) return;
    this.#tries += this.#missed.length;
    const miss = this.#missOf(neighbour);
    if (miss !== undefined) this.#near.push(miss);
  }

  /** `exists` is null when the source cannot tell an empty folder from a missing one. */
  explain(exists: boolean | null): string {
    if (exists === false) return 'which does not exist';
    if (this.#count === 0) return exists ? 'which is empty' : 'where there is nothing';
    const more = this.#count - this.#names.length;
    const names = `${this.#names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return [`where there ${this.#count === 1 ? 'is' : 'are'} ${names}`, ...this.#near].join('; ');
  }

  #missOf({ name, kind }: Neighbour): string | undefined {
    const fits = (which: keyof MissedPattern, found: string) =>
      this.#missed.some((missed) => missed[which].fits(found));
    if (fits('pattern', name))
      return kind === 'file' ? undefined : `${told(name)} is a ${kind === 'other' ? 'special file' : kind}`;
    if (fits('anyCase', name))
      return `${told(name)} differs in upper and lower case, which source.ignore_case: true ignores`;
    const final = finalName(name);
    if (final !== name && fits('anyCase', final)) return `${told(name)} looks like a file that is still being sent`;
    return fits('anyDate', name) ? `${told(name)} has another date` : undefined;
  }
}

interface MissedPattern {
  readonly pattern: NamePattern;
  readonly anyCase: NamePattern;
  readonly anyDate: NamePattern;
}

/** What FTP clients, browsers, rsync and editors add to the name of an unfinished file. */
function finalName(name: string): string {
  return name
    .replace(/^\.(.+)\.[A-Za-z0-9]{6}$/, '$1')
    .replace(/^[._~]+/, '')
    .replace(
      /[._-]?(part|partial|filepart|tmp|temp|crdownload|download|upload|uploading|incomplete|inprogress|writing)$/i,
      '',
    );
}

function told(name: string): string {
  return excerpt(name, 80);
}
