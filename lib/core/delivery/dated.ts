import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';

/** Two days that differ in year, month and day. */
const days = ['2001-02-03', '2001-02-04', '2001-03-03', '2002-02-03'] as const;

/** Whether every date has its own file of this name, because the whole date is in the name or in the source's path. */
export function isDated({ source }: Pick<Feed, 'source'>, pattern: string): boolean {
  const texts = days.map((day) => withDate(`${pathOf(source)}/${pattern}`, day));
  return new Set(texts).size === days.length;
}

function pathOf(source: Feed['source']): string {
  if ('folder' in source) return source.folder;
  if ('ftp' in source) return source.ftp.path;
  return 'sftp' in source ? source.sftp.path : source.s3.path;
}
