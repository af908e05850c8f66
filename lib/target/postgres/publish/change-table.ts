import {
  addFingerprints,
  emptyFingerprint,
  type Fingerprint,
  sameFingerprint,
  showFingerprint,
} from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import type { BusinessDate } from '../../../core/feed/business-date.ts';
import { type ChangeKind, changeKinds, type TableDiff } from '../../../core/run/diff-receipt.ts';
import type { PublishedTable } from '../../../ports/target.ts';
import { violatedUnique } from '../connection/errors.ts';
import type { Connection } from '../connection/session.ts';
import { versionedColumns } from '../tables/catalog.ts';
import { historyName } from '../tables/table-ddl.ts';
import type { Target } from '../tables/target.ts';
import * as sql from './change-sql.ts';
import type { Stages } from './stage.ts';
import { readSums, type Sums } from './sums.ts';
import type { RowCounts, WrittenRows } from './written-rows.ts';

/** The tools to apply one table's change set inside the caller's transaction. */
interface Work {
  readonly target: Target;
  readonly diff: TableDiff;
  readonly stages: Stages;
  readonly date: BusinessDate;
  /** Names of the indexes over the key. */
  readonly keys: readonly string[];
  readonly written: WrittenRows;
}

/** Savepoint before the first change. A change that fails goes back to it to find the reason. */
export async function beginChanges(db: Connection): Promise<void> {
  await db.script(`SAVEPOINT ${UNCHANGED}; ${PLACE_BY_PLACE}`);
}

/** Called after the last change, and around statements that do not change rows by key. */
export const planFreely = (db: Connection) => db.script(AS_BEFORE);
export const planPlaceByPlace = (db: Connection) => db.script(PLACE_BY_PLACE);

/**
 * Applies one staged change set, kind by kind, and sums the old and the new rows. Throws DRIFT when the
 * old rows are not those that the change set was computed from, and PROOF_FAILED when the new rows are not those of the change set.
 */
export class TableChange {
  #before = emptyFingerprint;
  #after = emptyFingerprint;
  #returned = 0;
  #stamped = 0;
  readonly #db: Connection;
  readonly #work: Work;

  constructor(db: Connection, work: Work) {
    this.#db = db;
    this.#work = work;
  }

  /** Has to come before any other change, because closed versions keep the rows as they were. */
  async closeVersions(): Promise<void> {
    const { target, stages, date, written } = this.#work;
    if (!target.keepsHistory || !(stages.updated || stages.gone)) return;
    const columns = await versionedColumns(this.#db, target);
    const inserted = await this.#db.write(sql.closeVersions(target, stages, columns), [date]);
    written.mean(`${target.schema}.${historyName(target.name)}`, { inserted });
  }

  async write(kind: ChangeKind): Promise<void> {
    const { target, stages } = this.#work;
    const stage = stages[kind];
    if (!stage) return;
    if (kind === 'inserted') this.#returned = await this.#insert(stage);
    else if (kind === 'updated') await this.#replace('updated', [update(sql.updateRows(target, stage))]);
    else [this.#stamped = 0] = await this.#replace('gone', goneStatements(target, stage, stages.retained));
  }

  /** Has to come after all kinds of change. */
  result(): PublishedTable {
    const { target, diff } = this.#work;
    requireBase(target, this.#before, diff.before);
    requireProof(target, this.#after, diff.after);
    const [returned, retained] = [this.#returned, this.#stamped];
    const rows = { inserted: diff.inserted - returned, updated: diff.updated, returned, gone: diff.gone };
    return target.keepsSome ? { ...rows, retained } : rows;
  }

  /** Writes rows that must be live and equal to the base. Answers the number of rows by statement. */
  async #replace(kind: 'updated' | 'gone', statements: readonly Statement[]): Promise<number[]> {
    const { target, diff } = this.#work;
    const expected = diff[kind];
    const counts: number[] = [];
    for (const statement of statements) counts.push(await this.#write(statement));
    const written = counts.reduce((sum, count) => sum + count, 0);
    if (written === expected) return counts;
    const live = await this.#liveBefore();
    if (live[kind].rows !== expected)
      throw drift(target, `${expected} rows were to be ${kind}; ${live[kind].rows} of them are live`);
    requireBase(target, addFingerprints(live.updated, live.gone), diff.before);
    throw lost(target, kind, written, expected);
  }

  /** Writes rows that must not be live. Answers how many of them were gone and return. */
  async #insert(stage: string): Promise<number> {
    const { target, diff, written } = this.#work;
    const expected = diff.inserted;
    let returned = target.keepsGone ? await this.#takeBack(stage) : 0;
    const fresh = await written.attempt(BEFORE_INSERT, async (undo) => {
      const added = await this.#add(stage, returned);
      if (added !== 'taken' || target.keepsGone) return added;
      // A table that deletes now may hold stamped rows from before. This is rare, so they are only looked for when an insert fails.
      await undo();
      returned = await this.#takeBack(stage);
      return this.#add(stage, returned);
    });
    if (fresh !== 'taken' && returned + fresh === expected) return returned;
    const present = (await this.#liveBefore()).inserted.rows;
    if (present > 0) throw drift(target, `${present} of ${expected} new keys are there already`);
    if (fresh === 'taken') throw drift(target, `somebody else wrote a row with a new row's key`);
    throw lost(target, 'inserted', returned + fresh, expected);
  }

  #takeBack(stage: string): Promise<number> {
    return this.#write(update(sql.returnRows(this.#work.target, stage)));
  }

  #add(stage: string, returned: number): Promise<number | 'taken'> {
    const text = sql.insertRows(this.#work.target, stage, { skipPresent: returned > 0 });
    return this.#write({ text, isDated: true, does: 'inserted' }).catch((error: unknown) => {
      if (this.#work.keys.includes(violatedUnique(error) ?? '')) return 'taken' as const;
      throw error;
    });
  }

  async #write({ text, isDated, does }: Statement): Promise<number> {
    const { target, date, written } = this.#work;
    const [found] = await this.#db.query<Written>(text, isDated ? [date] : []);
    const { old, new: now } = found!;
    if (old) this.#before = addFingerprints(this.#before, readSums(old));
    if (now) this.#after = addFingerprints(this.#after, readSums(now));
    const rows = Number((now ?? old)!.rows);
    written.mean(`${target.schema}.${target.name}`, { [does]: rows });
    return rows;
  }

  /** Undoes all changes and examines the live rows that this change names, to tell whether they differed from the base or were lost on the way. */
  async #liveBefore(): Promise<Record<ChangeKind, Fingerprint>> {
    const { target, stages } = this.#work;
    await this.#db.script(`ROLLBACK TO SAVEPOINT ${UNCHANGED}`);
    const live = { inserted: emptyFingerprint, updated: emptyFingerprint, gone: emptyFingerprint };
    for (const kind of changeKinds) {
      const stage = stages[kind];
      if (!stage) continue;
      const [found] = await this.#db.query<{ live: Sums }>(sql.hashStaged(target, stage), []);
      live[kind] = readSums(found!.live);
    }
    return live;
  }
}

/** Stamped rows are no longer live, so a deletion afterwards takes only the others. */
function goneStatements(target: Target, gone: string, retained: string | undefined): Statement[] {
  const deletion: Statement = { text: sql.deleteRows(target, gone), isDated: false, does: 'deleted' };
  if (retained) return [update(sql.stampRows(target, retained)), deletion];
  return [target.keepsGone ? update(sql.stampRows(target, gone)) : deletion];
}

interface Statement {
  readonly text: string;
  /** The statement takes the business date. */
  readonly isDated: boolean;
  readonly does: keyof RowCounts;
}

const update = (text: string): Statement => ({ text, isDated: true, does: 'updated' });

const UNCHANGED = 'unchanged';
const BEFORE_INSERT = 'before_insert';
/**
 * Reads the staging table in key order and production row by row through its key, each page once and right before it is written.
 * By default the planner would read and hash all of production to change one per cent, and compile a statement that runs for a second.
 */
const PLACE_BY_PLACE = 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off';
const AS_BEFORE =
  'SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL jit TO DEFAULT';

/** Sums over the rows that a statement replaced, and over those that it wrote. */
interface Written {
  readonly old?: Sums;
  readonly new?: Sums;
}

function requireBase(target: Target, found: Fingerprint, expected: Fingerprint): void {
  if (sameFingerprint(found, expected)) return;
  throw drift(target, `the old rows are ${showFingerprint(found)}; the base has ${showFingerprint(expected)}`);
}

/** Compares the sum of the new rows, as the server hashed them, with the receipt's. */
export function requireProof(target: Target, found: Fingerprint, expected: Fingerprint): void {
  if (sameFingerprint(found, expected)) return;
  throw new NightfeedError(
    'PROOF_FAILED',
    `${target.name}: wrote ${showFingerprint(found)}; the change set has ${showFingerprint(expected)}`,
  );
}

const lost = (target: Target, kind: ChangeKind, written: number, expected: number) =>
  new NightfeedError('PROOF_FAILED', `${target.name}: wrote ${written} ${kind} rows; the change set has ${expected}`);

const drift = (target: Target, what: string) => new NightfeedError('DRIFT', `${target.schema}.${target.name}: ${what}`);
