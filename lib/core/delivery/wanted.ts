import type { BusinessDate } from '../feed/business-date.ts';
import { NamePattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import { patternOf } from './candidate.ts';
import { ignoresCase } from './file-names.ts';

/** No store has longer names: S3 ends the whole key there. */
const MAX_KEY_LENGTH = 1024;

/** Tells the names that a night may have to do with: those of the tables' files, of the marker and of the manifest. */
export function wantedNames(feed: Feed, date: BusinessDate): (name: string) => boolean {
  const { marker, manifest } = feed.ready;
  const agreed = [marker, manifest?.file].filter((pattern) => pattern !== undefined);
  const texts = [
    ...Object.keys(feed.tables).map((table) => patternOf(feed, table, date)),
    ...agreed.map((pattern) => withDate(pattern, date)),
  ];
  const patterns = texts.map((text) => new NamePattern(text, ignoresCase(feed)));
  // Reading a name takes time with its length; whoever lists a longer one is told so.
  return (name) => name.length > MAX_KEY_LENGTH || patterns.some((pattern) => pattern.fits(name));
}
