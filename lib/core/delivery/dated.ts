import type { FeedSource } from '../feed/descriptors/source-descriptor.ts';
import { withDate } from '../feed/values/date-form.ts';

/** Days of which the first differs from each other one in the day, the month or the year alone. */
const days = ['2001-02-03', '2001-02-04', '2001-03-03', '2002-02-03'] as const;

/** Whether every date has its own file of this name, because the whole date is in the name or in the source's path. */
export function isDated({ source }: { readonly source: FeedSource }, pattern: string): boolean {
  const texts = days.map((day) => withDate([...datedTexts(source), pattern].join('/'), day));
  return new Set(texts).size === days.length;
}

/** Where dates may stand, whatever the kind: texts of the source itself, and the `path` among the options of its kind. */
export function datedTexts(source: FeedSource): string[] {
  return Object.values(source)
    .map((option) => (typeof option === 'object' ? (option as { readonly path?: unknown } | null)?.path : option))
    .filter((text) => typeof text === 'string');
}
