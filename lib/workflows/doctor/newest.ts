import { datedTexts } from '../../core/delivery/dated.ts';
import { pickFiles } from '../../core/delivery/picking.ts';
import { wantedNames } from '../../core/delivery/wanted.ts';
import { type BusinessDate, dayAfter, dayBefore } from '../../core/feed/business-date.ts';
import { withDate } from '../../core/feed/values/date-form.ts';
import type { DatedFiles, Open } from './at-source.ts';
import type { DoctorRequest } from './request.ts';

/** Each day may be a folder of its own, and a listing of its own. */
export const DAYS_BACK = 14;

/** The newest date from the day after this one backwards that has a file of the feed; each folder is listed once. */
export async function newestWithFiles({ feed, date }: DoctorRequest, open: Open): Promise<DatedFiles | undefined> {
  const folderOf = (day: BusinessDate) =>
    datedTexts(feed.source)
      .map((text) => withDate(text, day))
      .join('\n');
  for (const days of Map.groupBy(daysAround(date), folderOf).values()) {
    const source = await open(days[0]!);
    const wanted = days.map((day) => wantedNames(feed, day));
    const listed = (await source.list((name) => wanted.some((fits) => fits(name)))).filter(
      ({ unfollowed }) => !unfollowed,
    );
    for (const day of days) {
      const { files } = pickFiles(feed, day, listed);
      if (files.length > 0) return { source, date: day, files };
    }
    // Servers limit the connections of a login.
    await source.close();
  }
  return undefined;
}

/** Newest first. A vendor may date a delivery by the day that it is for. */
function daysAround(date: BusinessDate): BusinessDate[] {
  const days = [dayAfter(date), date];
  for (let day = date; days.length < DAYS_BACK + 2; ) {
    day = dayBefore(day);
    days.push(day);
  }
  return days;
}
