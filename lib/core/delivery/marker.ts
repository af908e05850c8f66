import type { BusinessDate } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { excerpt } from '../shown-text.ts';
import { isDated } from './dated.ts';
import { fits, requireDistinct } from './file-names.ts';
import type { SourceFile } from './source-file.ts';

/** The file that the vendor writes last. */
export interface Marker {
  readonly file: SourceFile;
  /** Its name belongs to this date alone, so its presence proves that the delivery is complete. */
  readonly dated: boolean;
}

/** The marker among the files of the source; the one written last, if there are several. */
export function markerIn(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): Marker | undefined {
  const { marker } = feed.ready;
  if (marker === undefined) return undefined;
  const pattern = withDate(marker, date);
  const found = listed.filter((file) => fits(feed, pattern, file.name));
  requireDistinct(
    feed,
    found.map(({ name }) => name),
  );
  const file = found.sort((a, b) => timeOf(b) - timeOf(a))[0];
  return file && { file, dated: isDated(feed, marker) };
}

/**
 * Why a marker without a date does not count for these files; undefined when it counts. Such a marker stays from one delivery to the
 * next, so it counts only when the vendor wrote it anew, after the files.
 */
export function staleness(
  { file, dated }: Marker,
  files: readonly ArrivedFile[],
  before: SourceFile | undefined,
): string | undefined {
  if (dated) return undefined;
  const told = `the marker ${excerpt(file.name)} has no date and`;
  if (file.modified === null)
    return `${told} the source does not tell when it was written; put {date} into ready.marker`;
  if (before && timeOf(file) <= timeOf(before))
    return `${told} was not written anew since the last delivery (to read that one again, run its own date)`;
  const younger = files.find((each) => timeOf(each) > timeOf(file));
  return (
    younger &&
    `${told} is older than ${excerpt(younger.name)}; one that the vendor does not write anew proves nothing: put {date} into ready.marker, or take it out`
  );
}

function timeOf({ modified }: SourceFile): number {
  return modified === null ? Number.NEGATIVE_INFINITY : Date.parse(modified);
}
