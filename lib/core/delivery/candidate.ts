import { NightfeedError } from '../errors.ts';
import type { BusinessDate } from '../feed/business-date.ts';
import { filesPattern, membersDatedAs } from '../feed/files-pattern.ts';
import { NamePattern, type NameReading } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { withDate } from '../feed/values/date-form.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { ambiguous, namesOf } from './ambiguous.ts';
import { ignoresCase, requireDistinct } from './file-names.ts';
import type { SourceFile } from './source-file.ts';

/** A file that fits its table's pattern, and what its name says. */
export interface Candidate {
  readonly file: ArrivedFile;
  readonly reading: NameReading;
}

/** The pattern of a table's files at the source for this date. The date stays a placeholder when the newest of several is taken. */
export function patternOf({ tables }: Feed, table: string, date: BusinessDate): string {
  const { files, pick } = tables[table]!;
  const { file } = filesPattern(files);
  return pick === 'newest' ? file : withDate(file, date);
}

/** Each file with its table, in the order of their names; an archive with each table that takes members of it. Throws AMBIGUOUS_FILE. */
export function candidatesIn(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): Candidate[] {
  const patterns = Object.keys(feed.tables).map((table) => {
    const text = patternOf(feed, table, date);
    return { table, text, pattern: new NamePattern(text, ignoresCase(feed)) };
  });
  const sorted = [...listed].sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = sorted.flatMap(({ name, size, modified, version }) => {
    const fitting = patterns.flatMap(({ table, text, pattern }) => {
      const reading = pattern.read(name);
      return reading === undefined ? [] : [{ table, text, reading }];
    });
    if (fitting.length > 1 && !fitting.every(({ table }) => takesMembers(feed, table))) {
      const tables = fitting.map(({ table }) => table).join(' and ');
      throw ambiguous(`${namesOf([{ name }])} fits the tables ${tables}; a file belongs to one table`);
    }
    return fitting.map(({ table, text, reading: read }) => {
      if (read === 'ambiguous' && feed.tables[table]!.pick === 'newest')
        throw ambiguous(`${namesOf([{ name }])} can be read in two ways as ${text}`, 'Write a pattern with fewer `*`.');
      const reading = read === 'ambiguous' ? { date: null, counter: null } : read;
      const members = membersOf(feed, table, date, reading);
      return {
        file: { table, name, size, modified, ...(version === undefined ? {} : { version }), ...members },
        reading,
      };
    });
  });
  requireDistinct(
    feed,
    found.map(({ file }) => file.name),
  );
  return found;
}

function takesMembers({ tables }: Feed, table: string): boolean {
  return filesPattern(tables[table]!.files).members !== undefined;
}

/** Which members of an archive the table takes. */
function membersOf(feed: Feed, table: string, date: BusinessDate, reading: NameReading): Pick<ArrivedFile, 'members'> {
  const { files, pick } = feed.tables[table]!;
  const { members } = filesPattern(files);
  if (members === undefined) return {};
  const taken = pick === 'newest' ? membersDatedAs(members, reading.date) : withDate(members, date);
  return { members: { taken, ignored: feed.ignore_members ?? [] } };
}

/**
 * Drops broken links, which may lie about. A broken link in the place of a table's file is a part of the
 * delivery that cannot be read. Throws SOURCE_DENIED.
 */
export function followedFiles(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): SourceFile[] {
  const dead = candidatesIn(
    feed,
    date,
    listed.filter(({ unfollowed }) => unfollowed),
  );
  if (dead[0] === undefined) return listed.filter(({ unfollowed }) => !unfollowed);
  throw new NightfeedError(
    'SOURCE_DENIED',
    `${namesOf(dead.map(({ file }) => file))} fits the files of ${dead[0].file.table}, and is a link that leads to no file that may be read here`,
    {
      hint: 'Production is untouched. Have the link mended, or say `links: ignore` in the source to leave links out.',
    },
  );
}

/** Reads the names of files that an earlier night took by the table's pattern of today. */
export function candidatesOf(
  feed: Feed,
  date: BusinessDate,
  table: string,
  files: readonly ArrivedFile[],
): Candidate[] {
  const pattern = new NamePattern(patternOf(feed, table, date), ignoresCase(feed));
  return files.flatMap((file) => {
    const reading = file.table === table ? pattern.read(file.name) : undefined;
    return reading === undefined || reading === 'ambiguous' ? [] : [{ file, reading }];
  });
}
