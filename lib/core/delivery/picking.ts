import type { BusinessDate } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { ambiguous, namesOf } from './ambiguous.ts';
import { candidatesIn } from './candidate.ts';
import { type Choice, chooseNewest, type Holding, type Question } from './newest.ts';
import type { LeftOut, SourceFile } from './source-file.ts';

/** The files that a night takes. */
export interface Picks {
  /** Sorted by name. */
  readonly files: readonly ArrivedFile[];
  readonly leftOut: readonly LeftOut[];
  /** Tables whose generation production holds already, as other files. Only their bytes tell whether something changed. */
  readonly rewritten: readonly string[];
  /** By table: why the newest generation at the source does not count. */
  readonly held: Readonly<Record<string, string>>;
}

/** The files of a delivery among those that the source lists. Throws AMBIGUOUS_FILE. */
export function pickFiles(feed: Feed, date: BusinessDate, listed: readonly SourceFile[], holding?: Holding): Picks {
  const candidates = candidatesIn(feed, date, listed);
  const choices = Object.keys(feed.tables).map((table) =>
    choose({ feed, date, table, holding, candidates: candidates.filter(({ file }) => file.table === table) }),
  );
  const chosen = new Set(choices.flatMap(({ files }) => files));
  return {
    files: candidates.map(({ file }) => file).filter((file) => chosen.has(file)),
    leftOut: choices.flatMap(({ leftOut = [] }) => leftOut),
    rewritten: choices.flatMap(({ table, isRewritten }) => (isRewritten ? [table] : [])),
    held: Object.fromEntries(choices.flatMap(({ table, held }) => (held === undefined ? [] : [[table, held]]))),
  };
}

function choose(question: Question): Choice {
  const { feed, table, candidates } = question;
  const { pick = 'all' } = feed.tables[table]!;
  if (pick === 'newest') return chooseNewest(question);
  if (pick === 'only' && candidates.length > 1) {
    const hint = 'Take one of them away; or set `pick: newest` with a date or {n} in `files`.';
    throw ambiguous(
      `${namesOf(candidates.map(({ file }) => file))} fit ${table}, which takes one file (pick: only)`,
      hint,
    );
  }
  return { table, files: candidates.map(({ file }) => file) };
}
