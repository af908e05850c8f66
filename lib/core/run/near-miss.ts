import { matchesPattern } from '../feed/pattern.ts';
import { excerpt } from '../records/excerpt.ts';

/** What lies in the source's folder, whatever it is. */
export interface Around {
  /** null where the source cannot tell an empty folder from none. */
  readonly exists: boolean | null;
  readonly entries: readonly { readonly name: string; readonly kind: 'file' | 'folder' | 'link' | 'other' }[];
}

/** A pattern that no file fits: as written in the feed file, and for the date. */
export interface Missed {
  readonly pattern: string;
  readonly written: string;
}

const MAX_NAMES = 5;
const MAX_MISSES = 3;

/** For a message: what lies there instead of what is waited for, and what of it may have been meant. */
export function explainAround({ exists, entries: all }: Around, missed: readonly Missed[]): string {
  const entries = all.filter(({ name }) => name !== '.' && name !== '..');
  if (exists === false) return 'which does not exist';
  if (entries.length === 0) return exists ? 'which is empty' : 'where there is nothing';
  const names = entries.slice(0, MAX_NAMES).map(({ name }) => told(name));
  const more = entries.length - names.length;
  const near = entries.flatMap((entry) => missOf(entry, missed) ?? []).slice(0, MAX_MISSES);
  const there = `where there ${entries.length === 1 ? 'is' : 'are'} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return near.length > 0 ? `${there}; ${near.join('; ')}` : there;
}

function missOf({ name, kind }: Around['entries'][number], missed: readonly Missed[]): string | undefined {
  const isNear = (test: (each: Missed) => boolean) => missed.some(test);
  const fits = (found: string) => isNear(({ pattern }) => matchesPattern(pattern, found));
  if (fits(name)) return kind === 'file' ? undefined : `${told(name)} is a ${kind === 'other' ? 'special file' : kind}`;
  if (isNear(({ pattern }) => matchesPattern(pattern, name, true)))
    return `${told(name)} differs in upper and lower case, which source.ignore_case: true ignores`;
  const final = finalName(name);
  if (final !== name && isNear(({ pattern }) => matchesPattern(pattern, final, true)))
    return `${told(name)} looks like a file that is still being sent`;
  if (isNear(({ written }) => matchesPattern(written, name, true))) return `${told(name)} has another date`;
  return undefined;
}

/** What FTP clients, browsers, rsync and editors put around the name of a file that is not whole. */
function finalName(name: string): string {
  return name
    .replace(/^\.(.+)\.[A-Za-z0-9]{6}$/, '$1')
    .replace(/^[._~]+/, '')
    .replace(
      /[._-]?(part|partial|filepart|tmp|temp|crdownload|download|upload|uploading|incomplete|inprogress|writing)$/i,
      '',
    );
}

function told(name: string): string {
  return excerpt(name, 80);
}
