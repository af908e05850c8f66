import { withDate } from './values/date-form.ts';

/** What `files` says: names of files at the source, and behind a `/` which members of these archives are meant. */
export interface FilesPattern {
  readonly file: string;
  readonly members?: string;
}

/** Splits at the first `/` that does not belong to the form of a date. */
export function filesPattern(files: string): FilesPattern {
  const [file] = /^(?:\{[^{}]*\}|[^/])*/.exec(files)!;
  return file.length === files.length ? { file } : { file, members: files.slice(file.length + 1) };
}

/** The members' pattern with the date that the archive's name says, where the feed takes archives of any date. */
export function membersDatedAs(members: string, said: string | null): string {
  const restOfDate = '-01-01';
  return withDate(members, `${said ?? 'none'}${restOfDate}`.slice(0, 'YYYY-MM-DD'.length));
}
