import {
  addFingerprints,
  emptyFingerprint,
  type Fingerprint,
  sameFingerprint,
  showFingerprint,
} from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import type { BusinessDate } from '../../../core/feed/business-date.ts';
import type { ChangeKind, TableDiff } from '../../../core/run/receipt.ts';
import type { PublishedTable } from '../../../steps/ports.ts';
import * as sql from './change-sql.ts';
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
  const returned = Object.keys(stages).length > 0 ? await lockAndCheck(db, target, diff, stages) : 0;
  if (target.keepsHistory && (stages.updated || stages.gone)) await db.query(sql.closeVersions(target, stages), [date]);

  let after = emptyFingerprint;
  const write = async (statement: string, kind: ChangeKind) => {
    const written = readSums((await db.query<Sums>(statement, [date]))[0]!);
    requireRows(target, kind, written.rows, diff[kind]);
    after = addFingerprints(after, written);
  };
  if (stages.updated) await write(sql.updateRows(target, stages.updated), 'updated');
  if (stages.inserted)
    await write((returned > 0 ? sql.returnAndInsertRows : sql.insertRows)(target, stages.inserted), 'inserted');
  requireProof(target, after, diff.after);
  if (stages.gone) {
    const [gone] = await db.query<{ rows: number }>(
      target.keepsGone ? sql.stampRows(target, stages.gone) : sql.deleteRows(target, stages.gone),
      target.keepsGone ? [date] : [],
    );
    requireRows(target, 'gone', gone!.rows, diff.gone);
  }
  return { inserted: diff.inserted - returned, updated: diff.updated, returned, gone: diff.gone };
}

/** Σ new rows as the server hashed them against the receipt's. */
export function requireProof(target: Target, found: Fingerprint, expected: Fingerprint): void {
  if (sameFingerprint(found, expected)) return;
  throw new NightfeedError(
    'PROOF_FAILED',
    `${target.name}: wrote ${showFingerprint(found)}; the change set has ${showFingerprint(expected)}`,
  );
}

function requireRows(target: Target, kind: ChangeKind, found: number, expected: number): void {
  if (found === expected) return;
  throw new NightfeedError(
    'PROOF_FAILED',
    `${target.name}: wrote ${found} ${kind} rows; the change set has ${expected}`,
  );
}

interface Locked extends Sums {
  readonly kind: ChangeKind;
  readonly live: boolean;
}

/** How many of the inserted keys are rows that were gone and return. */
async function lockAndCheck(db: Connection, target: Target, diff: TableDiff, stages: Stages): Promise<number> {
  const locked = await db.query<Locked>(sql.lockOldRows(target, stages), []);
  const rowsOf = (kind: ChangeKind, live: boolean) =>
    readSums(locked.find((each) => each.kind === kind && each.live === live)).rows;
  for (const kind of ['updated', 'gone'] as const) {
    const found = rowsOf(kind, true);
    if (found !== diff[kind]) throw drift(target, `${diff[kind]} rows were to be ${kind}; ${found} of them are live`);
  }
  const present = rowsOf('inserted', true);
  if (present > 0) throw drift(target, `${present} of ${diff.inserted} new keys are there already`);
  const old = locked.filter((each) => each.live).map(readSums);
  const before = old.reduce(addFingerprints, emptyFingerprint);
  if (!sameFingerprint(before, diff.before)) {
    throw drift(target, `the old rows are ${showFingerprint(before)}; the base has ${showFingerprint(diff.before)}`);
  }
  return rowsOf('inserted', false);
}

const drift = (target: Target, what: string) => new NightfeedError('DRIFT', `${target.schema}.${target.name}: ${what}`);
