import { isDated } from '../../delivery/dated.ts';
import type { FormatDescriptor } from '../descriptors/format-descriptor.ts';
import type { Feed } from '../spec.ts';
import { lookupWarnings } from './lookup-warnings.ts';
import { rawWarnings } from './raw-warnings.ts';
import { separatorWarnings } from './separator-warnings.ts';

/** Parts of a valid feed file that the author may not have meant, one line each. */
export function warningsOf(feed: Feed, formats: readonly FormatDescriptor[]): string[] {
  return [
    ...markerWarnings(feed),
    ...escapedDelimiterWarnings(feed),
    ...separatorWarnings(feed),
    ...lookupWarnings(feed),
    ...rawWarnings(feed, formats),
  ];
}

function markerWarnings(feed: Feed): string[] {
  const { marker } = feed.ready;
  if (marker === undefined || isDated(feed, marker)) return [];
  return [
    `ready.marker: ${JSON.stringify(marker)} has no date, nor has the path of the source, so that yesterday's lies there tonight: it counts only when it was written anew, after the files, and they are looked at twice; {date} in one of both proves the delivery at once`,
  ];
}

/** YAML knows escapes in double quotes alone. */
function escapedDelimiterWarnings({ tables }: Feed): string[] {
  return Object.entries(tables).flatMap(([name, { format }]) => {
    const delimiter: unknown = Object.entries(format).find(([option]) => option === 'delimiter')?.[1];
    if (typeof delimiter !== 'string' || !/^\\(t|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})$/.test(delimiter)) return [];
    return [
      `tables.${name}.format.delimiter: is a backslash and what follows it, ${delimiter.length} characters; for the one character that is meant write it in double quotes: "${delimiter}"`,
    ];
  });
}
