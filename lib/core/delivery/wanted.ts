import type { BusinessDate } from '../feed/business-date.ts';
import { NamePattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import { patternOf } from './candidate.ts';
import { ignoresCase } from './file-names.ts';

/** No store has longer names: S3 limits a whole key to this. */
const MAX_KEY_LENGTH = 1024;

/** Whether a name may matter to a night: as a table's file, the marker or the manifest. */
export function wantedNames(feed: Feed, date: BusinessDate): (name: string) => boolean {
  const { marker, manifest } = feed.ready;
  const agreed = [marker, manifest?.file].filter((pattern) => pattern !== undefined);
  const texts = [
    ...Object.keys(feed.tables).map((table) => patternOf(feed, table, date)),
    ...agreed.map((pattern) => withDate(pattern, date)),
  ];
  const patterns = texts.map((text) => new NamePattern(text, ignoresCase(feed)));
  // Matching takes time with the length of a name; a longer one is reported by whoever lists it.
  return (name) => name.length > MAX_KEY_LENGTH || patterns.some((pattern) => pattern.fits(name));
}
