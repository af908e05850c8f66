import { NightfeedError } from '../errors.ts';
import { fold, matchesPattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { excerpt } from '../shown-text.ts';
import { ambiguous, namesOf } from './ambiguous.ts';
import { isLongName, MAX_NAME_BYTES, type SourceFile } from './source-file.ts';

type OfSource = Pick<Feed, 'source'>;

/** Whether this source ignores case. */
export function ignoresCase({ source }: OfSource): boolean {
  return source.ignore_case ?? false;
}

export function fits(feed: OfSource, pattern: string, name: string): boolean {
  return matchesPattern(pattern, name, ignoresCase(feed));
}

/** Key of a name: equal keys mean the same name at this source. */
export function keyOf(feed: OfSource, name: string): string {
  return ignoresCase(feed) ? fold(name) : name;
}

/** Throws FILE_NAME. */
export function requireShort(files: readonly Pick<SourceFile, 'name'>[]): void {
  const long = files.find(({ name }) => isLongName(name));
  if (long === undefined) return;
  const message = `${excerpt(long.name)} has ${Buffer.byteLength(long.name)} bytes; allowed are ${MAX_NAME_BYTES}`;
  throw new NightfeedError('FILE_NAME', message);
}

/** Throws AMBIGUOUS_FILE for names that differ only in case, when the source ignores case. */
export function requireDistinct(feed: OfSource, names: Iterable<string>): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(keyOf(feed, name));
    if (other !== undefined && other !== name)
      throw ambiguous(
        `${namesOf([{ name: other }, { name }])} differ only in case, which source.ignore_case ignores`,
        'Ask the vendor which of them is meant.',
      );
    seen.set(keyOf(feed, name), name);
  }
}
