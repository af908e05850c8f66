import { NightfeedError } from '../errors.ts';
import type { BusinessDate } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { excerpt, excerpts } from '../shown-text.ts';
import { ambiguous, namesOf } from './ambiguous.ts';
import { candidatesIn } from './candidate.ts';
import { fits, keyOf, requireDistinct } from './file-names.ts';
import type { Promised } from './manifest.ts';
import { isAwaited } from './newest.ts';
import type { SourceFile } from './source-file.ts';

/** Facts of the manifest by file name. */
type Promises = ReadonlyMap<string, Promised>;

/** The manifest among the files of the source. Throws AMBIGUOUS_FILE when there are several. */
export function manifestIn(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): SourceFile | undefined {
  const { manifest } = feed.ready;
  if (!manifest) return undefined;
  const pattern = withDate(manifest.file, date);
  const found = listed.filter((file) => fits(feed, pattern, file.name));
  if (found.length <= 1) return found[0];
  throw ambiguous(`${namesOf(found)} fit the manifest's pattern ${pattern}; expected one file`);
}

/** Adds to each file what the manifest promises of it. Throws AMBIGUOUS_FILE. */
export function withPromises(feed: Feed, files: readonly ArrivedFile[], promised: Promises | undefined): ArrivedFile[] {
  if (!promised) return [...files];
  requireDistinct(feed, promised.keys());
  const byKey = new Map([...promised].map(([name, promise]) => [keyOf(feed, name), promise]));
  return files.map((file) => {
    const promise = byKey.get(keyOf(feed, file.name));
    return promise ? { ...file, promised: promise } : file;
  });
}

/** Names of missing files that the manifest promises to this night. */
export function missingOf(
  feed: Feed,
  date: BusinessDate,
  promised: Promises,
  listed: readonly SourceFile[],
  taken: readonly ArrivedFile[],
): string[] {
  const there = new Set(listed.map(({ name }) => keyOf(feed, name)));
  const absent = [...promised.keys()].filter((name) => !there.has(keyOf(feed, name)));
  const awaited = candidatesIn(
    feed,
    date,
    absent.map((name) => ({ name, size: 0, modified: null })),
  ).filter((each) => isAwaited(each, feed, date, taken));
  return [...new Set(awaited.map(({ file }) => file.name))];
}

/** Throws MANIFEST_MISMATCH. */
export function checkPromises(files: readonly ArrivedFile[], promised: Promises): void {
  for (const { name, size, promised: promise } of files) {
    const told = excerpt(name);
    if (!promise) {
      const names = excerpts([...promised.keys()], { told: 10 });
      throw new NightfeedError('MANIFEST_MISMATCH', `${told} is not in the manifest, which names ${names}`);
    }
    if (promise.size !== undefined && promise.size !== size)
      throw new NightfeedError('MANIFEST_MISMATCH', `${told} has ${size} bytes; the manifest says ${promise.size}`);
  }
}
