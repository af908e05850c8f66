import { isDated } from '../delivery/dated.ts';
import type { FormatDescriptor } from './descriptors/format-descriptor.ts';
import { lookupWarnings } from './lookup-warnings.ts';
import { rawWarnings } from './raw-warnings.ts';
import { separatorWarnings } from './separator-warnings.ts';
import type { Feed } from './spec.ts';

/** Parts of a valid feed file that the author may not have meant, one line each. */
export function warningsOf(feed: Feed, formats: readonly FormatDescriptor[]): string[] {
  return [...markerWarnings(feed), ...separatorWarnings(feed), ...lookupWarnings(feed), ...rawWarnings(feed, formats)];
}

function markerWarnings(feed: Feed): string[] {
  const { marker } = feed.ready;
  if (marker === undefined || isDated(feed, marker)) return [];
  return [
    `ready.marker: ${JSON.stringify(marker)} has no date, nor has the path of the source, so that yesterday's lies there tonight: it counts only when it was written anew, after the files, and they are looked at twice; {date} in one of both proves the delivery at once`,
  ];
}
