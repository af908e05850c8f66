import { datedTexts } from '../../../delivery/dated.ts';
import type { FeedSource } from '../../descriptors/source-descriptor.ts';
import { withDate } from '../../values/date-form.ts';
import type { After } from '../after.ts';

interface Complaints {
  addIssue(issue: { code: 'custom'; message: string; path: string[] }): void;
}

/** Days on which a path with a date is written out. */
const DAYS = ['2001-02-03', '2026-11-20'] as const;

/** Requires that files move away from where the source looks: else the next night would take them again. */
export function checkAfter(
  { after, source }: { readonly after?: After | undefined; readonly source: FeedSource },
  context: Complaints,
): void {
  if (typeof after !== 'object') return;
  const isSame = (text: string) => DAYS.some((day) => plain(withDate(text, day)) === plain(withDate(after.move, day)));
  if (!datedTexts(source).some(isSame)) return;
  const message = `${JSON.stringify(after.move)} is where the source looks, so moved files would be taken again; expected another folder`;
  context.addIssue({ code: 'custom', message, path: ['after', 'move'] });
}

/** A path without what means nothing in it. */
function plain(path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return names.join('/');
}
