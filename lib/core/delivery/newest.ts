import { type BusinessDate, ownDayOf } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { ambiguous, namesOf } from './ambiguous.ts';
import { type Candidate, candidatesOf } from './candidate.ts';
import { named, newestOf, orderOf } from './generation.ts';
import type { LeftOut } from './source-file.ts';

/** The night whose delivery production holds, and the files that it took. */
export interface Holding {
  readonly date: BusinessDate;
  readonly files: readonly ArrivedFile[];
}

/** The files of a table that a night takes. */
export interface Question {
  readonly feed: Feed;
  readonly date: BusinessDate;
  readonly table: string;
  readonly candidates: readonly Candidate[];
  readonly holding: Holding | undefined;
}

export interface Choice {
  readonly table: string;
  readonly files: readonly ArrivedFile[];
  readonly leftOut?: readonly LeftOut[];
  readonly isRewritten?: boolean;
  readonly held?: string;
}

/** The files of the newest generation, unless production holds it. Throws AMBIGUOUS_FILE. */
export function chooseNewest({ feed, date, table, candidates, holding }: Question): Choice {
  const present = candidates.filter((each) => !isLater(each, feed, date));
  const newest = newestOf(present);
  if (newest[0] && !named(newest[0])) checkTimes(newest[0], present, table, feed.ready.stable);
  const before = candidatesOf(feed, date, table, holding?.files ?? []);
  const standing = standingOf(newest, before, date, holding);
  const isThere = standing === 'news' || standing === 'rewritten';
  const taken = new Set(isThere ? newest : []);
  const files = [...taken].map(({ file }) => file);
  const leftOut = candidates
    .filter((each) => !taken.has(each))
    .map((each): LeftOut => {
      const { name, size, modified } = each.file;
      const why = isLater(each, feed, date) ? 'later' : isThere ? 'older' : 'held';
      return { table, name, size, modified, why };
    });
  const held = isThere || !newest[0] ? {} : { held: explainHeld(newest, standing, before, holding!) };
  return { table, files, leftOut, isRewritten: standing === 'rewritten', ...held };
}

/** Whether a name has a date after the night's own day. */
function isLater({ reading }: Candidate, feed: Feed, date: BusinessDate): boolean {
  return reading.date !== null && reading.date > ownDayOf(feed, date).slice(0, reading.date.length);
}

/** Whether a missing file would belong to the generation that this night takes. */
export function isAwaited(each: Candidate, feed: Feed, date: BusinessDate, taken: readonly ArrivedFile[]): boolean {
  const { table } = each.file;
  if (feed.tables[table]!.pick !== 'newest' || !named(each)) return true;
  const [newest] = candidatesOf(feed, date, table, taken);
  return !isLater(each, feed, date) && (!newest || orderOf(each, newest) !== 'older');
}

/** Throws AMBIGUOUS_FILE when only file times could tell the newest file, and they do not. */
function checkTimes(newest: Candidate, present: readonly Candidate[], table: string, stable: number): void {
  const isTooClose = ({ file }: Candidate) => {
    if (file.modified === null || newest.file.modified === null) return true;
    const seconds = Math.abs(Date.parse(newest.file.modified) - Date.parse(file.modified)) / 1000;
    return seconds === 0 || seconds < stable;
  };
  const close = present.filter((each) => each !== newest && isTooClose(each));
  if (close.length === 0) return;
  throw ambiguous(
    `${namesOf([newest, ...close].map(({ file }) => file))} of ${table} were written within ${stable} s of each other, or at times that the source does not tell; which is the newest nobody can say`,
    'Put a date or {n} for a counter into `files`; or take the other file away.',
  );
}

type Standing = 'news' | 'rewritten' | 'held' | 'older';

/** Under the date that brought it, the generation that production holds counts. Under a later date only a newer one does. */
function standingOf(
  newest: readonly Candidate[],
  before: readonly Candidate[],
  date: BusinessDate,
  holding: Holding | undefined,
): Standing {
  const [first, last] = [newest[0], newestOf(before)[0]];
  if (!first || !last || !holding || holding.date > date) return 'news';
  const order = orderOf(first, last);
  if (order === 'older') return 'older';
  if (order === 'newer' || holding.date === date) return 'news';
  return areSame(newest, before) ? 'held' : 'rewritten';
}

/** A file without a known time may have been written again. */
function areSame(a: readonly Candidate[], b: readonly Candidate[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ file }) =>
      b.some(
        ({ file: { name, size, modified, version } }) =>
          file.modified !== null &&
          file.name === name &&
          file.size === size &&
          file.modified === modified &&
          file.version === version,
      ),
    )
  );
}

function explainHeld(
  newest: readonly Candidate[],
  standing: Standing,
  before: readonly Candidate[],
  { date }: Holding,
): string {
  if (standing === 'held')
    return `production has held ${namesOf(newest.map(({ file }) => file))}, the newest, since ${date}`;
  return `${namesOf(newest.map(({ file }) => file))} is older than ${namesOf(newestOf(before).map(({ file }) => file))}, which production has held since ${date}`;
}
