import { NightfeedError } from '../errors.ts';
import { type BusinessDate, withDate } from '../feed/business-date.ts';
import { matchesPattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import type { Promised } from './manifest.ts';
import { patternOf } from './picking.ts';
import type { ArrivedFile, SourceFile } from './receipt.ts';

/** By file name. */
type Promises = ReadonlyMap<string, Promised>;

/** The manifest among the files of the source. Throws AMBIGUOUS_FILE when there are several. */
export function manifestIn(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): SourceFile | undefined {
  const { manifest } = feed.ready;
  if (!manifest) return undefined;
  const pattern = withDate(manifest.file, date);
  const found = listed.filter((file) => matchesPattern(pattern, file.name));
  if (found.length <= 1) return found[0];
  const names = found.map((file) => JSON.stringify(file.name)).join(' and ');
  throw new NightfeedError('AMBIGUOUS_FILE', `${names} fit the manifest's pattern ${pattern}; expected one file`);
}

/** Names of the files that the manifest promises to our tables, and that are not there. */
export function missingOf(feed: Feed, date: BusinessDate, promised: Promises, files: readonly ArrivedFile[]): string[] {
  const patterns = Object.keys(feed.tables).map((table) => patternOf(feed, table, date));
  const named = [...promised.keys()].filter((name) => patterns.some((pattern) => matchesPattern(pattern, name)));
  return named.filter((name) => !files.some((file) => file.name === name));
}

/** Throws MANIFEST_MISMATCH. */
export function checkPromises(files: readonly ArrivedFile[], promised: Promises): void {
  for (const { name, size, promised: promise } of files) {
    const told = JSON.stringify(name);
    if (!promise) {
      const names = [...promised.keys()].slice(0, 10).join(', ');
      throw new NightfeedError('MANIFEST_MISMATCH', `${told} is not in the manifest, which names ${names}`);
    }
    if (promise.size !== undefined && promise.size !== size)
      throw new NightfeedError('MANIFEST_MISMATCH', `${told} has ${size} bytes; the manifest says ${promise.size}`);
  }
}
