import {
  addFingerprints,
  emptyFingerprint,
  type Fingerprint,
  sameFingerprint,
  showFingerprint,
} from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import type { BusinessDate } from '../../../core/feed/business-date.ts';
import { type ChangeKind, changeKinds, type TableDiff } from '../../../core/run/receipt.ts';
import type { PublishedTable } from '../../../steps/ports.ts';
import { versionedColumns } from './catalog.ts';
import * as sql from './change-sql.ts';
import { sqlState, UNIQUE_VIOLATION } from './errors.ts';
import type { Connection } from './session.ts';
import type { Stages } from './stage.ts';
import { readSums, type Sums } from './sums.ts';
import type { Target } from './target.ts';

/**
 * Applies one staged change set inside the caller's transaction. Throws DRIFT when the old rows are not those that the
 * change set was computed from, PROOF_FAILED when the new rows are not those that it holds.
 */
export async function changeTable(
  db: Connection,
  target: Target,
  diff: TableDiff,
  stages: Stages,
  date: BusinessDate,
): Promise<PublishedTable> {
  const change = new Change(db, target, diff, stages, date);
  await db.script(`SAVEPOINT ${UNCHANGED}; ${PLACE_BY_PLACE}`);
  const { updated, inserted, gone, retained } = stages;
  if (target.keepsHistory && (updated || gone)) {
    const columns = await versionedColumns(db, target);
    await db.query(sql.closeVersions(target, stages, columns), [date]);
  }
  if (updated) await change.replace('updated', [dated(sql.updateRows(target, updated))]);
  const returned = inserted ? await change.insert(inserted) : 0;
  const [stamped = 0] = gone ? await change.replace('gone', goneStatements(target, gone, retained)) : [];
  await db.script(AS_BEFORE);

  requireBase(target, change.before, diff.before);
  requireProof(target, change.after, diff.after);
  const written = { inserted: diff.inserted - returned, updated: diff.updated, returned, gone: diff.gone };
  return target.keepsSome ? { ...written, retained: stamped } : written;
}

/** Rows that were stamped are live no more, so that a deletion after it takes only the others. */
function goneStatements(target: Target, gone: string, retained: string | undefined): Statement[] {
  const deletion = { text: sql.deleteRows(target, gone), isDated: false };
  if (retained) return [dated(sql.stampRows(target, retained)), deletion];
  return [target.keepsGone ? dated(sql.stampRows(target, gone)) : deletion];
}

/** `isDated`: it takes the business date. */
interface Statement {
  readonly text: string;
  readonly isDated: boolean;
}

const dated = (text: string): Statement => ({ text, isDated: true });

/** Writes kind by kind, and sums what was there before and what is there after. */
class Change {
  before = emptyFingerprint;
  after = emptyFingerprint;
  readonly #db: Connection;
  readonly #target: Target;
  readonly #diff: TableDiff;
  readonly #stages: Stages;
  readonly #date: BusinessDate;

  constructor(db: Connection, target: Target, diff: TableDiff, stages: Stages, date: BusinessDate) {
    this.#db = db;
    this.#target = target;
    this.#diff = diff;
    this.#stages = stages;
    this.#date = date;
  }

  /** Writes rows that must be live, as the base has them; how many by each statement. */
  async replace(kind: 'updated' | 'gone', statements: readonly Statement[]): Promise<number[]> {
    const expected = this.#diff[kind];
    const counts: number[] = [];
    for (const statement of statements) counts.push(await this.#write(statement));
    const written = counts.reduce((sum, count) => sum + count, 0);
    if (written === expected) return counts;
    const live = await this.#liveBefore();
    if (live[kind].rows !== expected)
      throw drift(this.#target, `${expected} rows were to be ${kind}; ${live[kind].rows} of them are live`);
    requireBase(this.#target, addFingerprints(live.updated, live.gone), this.#diff.before);
    throw lost(this.#target, kind, written, expected);
  }

  /** Writes rows that must not be live; resolves to how many of them were gone and return. */
  async insert(stage: string): Promise<number> {
    const expected = this.#diff.inserted;
    let returned = this.#target.keepsGone ? await this.#takeBack(stage) : 0;
    await this.#db.script(`SAVEPOINT ${BEFORE_INSERT}`);
    let fresh = await this.#add(stage, returned);
    if (fresh === 'taken' && !this.#target.keepsGone) {
      // A table that deletes now may hold stamped rows from when it did not; hardly any does, so nobody looks for them first.
      await this.#db.script(`ROLLBACK TO SAVEPOINT ${BEFORE_INSERT}`);
      returned = await this.#takeBack(stage);
      fresh = await this.#add(stage, returned);
    }
    if (fresh !== 'taken' && returned + fresh === expected) return returned;
    const present = (await this.#liveBefore()).inserted.rows;
    if (present > 0) throw drift(this.#target, `${present} of ${expected} new keys are there already`);
    if (fresh === 'taken') throw drift(this.#target, `somebody else wrote a row with a new row's key`);
    throw lost(this.#target, 'inserted', returned + fresh, expected);
  }

  #takeBack(stage: string): Promise<number> {
    return this.#write(dated(sql.returnRows(this.#target, stage)));
  }

  #add(stage: string, returned: number): Promise<number | 'taken'> {
    const statement = dated(sql.insertRows(this.#target, stage, { skipPresent: returned > 0 }));
    return this.#write(statement).catch((error: unknown) => {
      if (sqlState(error) === UNIQUE_VIOLATION) return 'taken' as const;
      throw error;
    });
  }

  async #write({ text, isDated }: Statement): Promise<number> {
    const [written] = await this.#db.query<Written>(text, isDated ? [this.#date] : []);
    const { old, new: now } = written!;
    if (old) this.before = addFingerprints(this.before, readSums(old));
    if (now) this.after = addFingerprints(this.after, readSums(now));
    return Number((now ?? old)!.rows);
  }

  /** Undoes the change, and looks at the live rows that it names: were they the base's, or lost on the way? */
  async #liveBefore(): Promise<Record<ChangeKind, Fingerprint>> {
    await this.#db.script(`ROLLBACK TO SAVEPOINT ${UNCHANGED}`);
    const live = { inserted: emptyFingerprint, updated: emptyFingerprint, gone: emptyFingerprint };
    for (const kind of changeKinds) {
      const stage = this.#stages[kind];
      if (!stage) continue;
      const [found] = await this.#db.query<{ live: Sums }>(sql.hashStaged(this.#target, stage), []);
      live[kind] = readSums(found!.live);
    }
    return live;
  }
}

const UNCHANGED = 'unchanged';
const BEFORE_INSERT = 'before_insert';
/**
 * The stage is read in key order and production row by row through its key, each page once and right before it is written.
 * Left alone, the planner reads and hashes all of production for one per cent of it, and compiles what runs for a second.
 */
const PLACE_BY_PLACE = 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off';
const AS_BEFORE =
  'SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL jit TO DEFAULT';

/** Sums over the rows that a statement replaced and wrote. */
interface Written {
  readonly old?: Sums;
  readonly new?: Sums;
}

function requireBase(target: Target, found: Fingerprint, expected: Fingerprint): void {
  if (sameFingerprint(found, expected)) return;
  throw drift(target, `the old rows are ${showFingerprint(found)}; the base has ${showFingerprint(expected)}`);
}

/** Σ new rows as the server hashed them against the receipt's. */
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
