import { expect } from 'vitest';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import type { IntakeFeed } from './intake-feed.ts';
import type { IntakeLab } from './intake-lab.ts';
import type { Files } from './intake-night.ts';

type Row = (string | null)[];

/** What a night must come to. */
export type Outcome =
  /** Production holds the base's rows but for these, by number of the row; null is a row that is gone. */
  | {
      readonly kind: 'accepted';
      readonly rows: Readonly<Record<number, Row | null>>;
      readonly note?: string;
      /** Guard that warns. */
      readonly warning?: string;
      readonly rejects?: Record<string, number>;
    }
  /** The delivery's row 3 is rejected, and everything else of `badRow` is taken. */
  | { readonly kind: 'rejected'; readonly code: string; readonly keyKnown: boolean; readonly rows?: number }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'held'; readonly guard: string };

export const accepted = (rows: Readonly<Record<number, Row | null>> = {}, rejects = {}): Outcome => ({
  kind: 'accepted',
  rows,
  rejects,
});
export const noted = (note: string, rows: Readonly<Record<number, Row | null>> = {}, rejects = {}): Outcome => ({
  kind: 'accepted',
  rows,
  note,
  rejects,
});
export const warned = (warning: string, rows: Readonly<Record<number, Row | null>>): Outcome => ({
  kind: 'accepted',
  rows,
  warning,
});
/** The row is known by its key: it stays, and other rows may go. */
export const rejected = (code: string, rows = 1): Outcome => ({ kind: 'rejected', code, keyKnown: true, rows });
/** Nobody knows which row it was: nothing may go. */
export const unreadable = (code: string): Outcome => ({ kind: 'rejected', code, keyKnown: false });
export const refused = (error: string): Outcome => ({ kind: 'refused', error });
export const held = (guard: string): Outcome => ({ kind: 'held', guard });

export interface Subject {
  /** Of the feed file, but for `files`. */
  readonly table: Record<string, unknown>;
  /** What the first night publishes. */
  readonly base: Files;
}

/**
 * A delivery of `t.csv`. A marked one reaches something of its own in Spark, and runs there in every test run; the others do so
 * only in the long ones.
 */
export type Case = readonly [about: string, bytes: string | Buffer, outcome: Outcome, mark?: 'spark'];

interface Group {
  readonly subject: Subject;
  readonly cases: readonly Case[];
}

/** Groups of cases by what they are about. */
export type Cases = Readonly<Record<string, readonly Group[]>>;

/** Deliveries, each of them after this base. */
export const over = (subject: Subject, cases: readonly Case[]): Group => ({ subject, cases });

const guards = { min_rows: 1, gone: '20%', updated: '50%', rejected: '20%', rows: ['-25%', '+50%'] };

/** A table in which one row more or less is no reason to hold. */
export function tableOf(columns: Record<string, unknown>, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { files: 't.csv*', columns, on_delete: 'delete', guards, ...more };
}

/** Publishes the base, then runs the night of these files, and checks what became of production. */
export async function check(lab: IntakeLab, subject: Subject, files: Files, expected: Outcome): Promise<void> {
  await nightOf(lab, subject, files, expected, 'auto');
}

/** The same with this engine, which must find what the usual ones find. The base's night is not its own. */
export async function checkOn(
  engine: Feed['engine'],
  lab: IntakeLab,
  subject: Subject,
  files: Files,
  expected: Outcome,
): Promise<void> {
  const found = await (await nightOf(lab, subject, files, expected, engine)).found();
  expect(found).toEqual(await (await nightOf(lab, subject, files, expected, 'auto')).found());
}

/** The feed after it. */
async function nightOf(
  lab: IntakeLab,
  subject: Subject,
  files: Files,
  expected: Outcome,
  engine: Feed['engine'],
): Promise<IntakeFeed> {
  const feed = await standing(lab, subject);
  const before = await feed.rows();
  const untouched = await feed.everything();
  const night = await feed.night(files, { engine });
  const said = JSON.stringify(night);
  if (engine !== 'auto') expect(night.engine, said).toBe(engine);

  if (expected.kind === 'refused' || expected.kind === 'held') {
    expect(night.state, said).toBe(expected.kind);
    if (expected.kind === 'refused') expect(night.error?.name, said).toBe(expected.error);
    else expect(night.holds, said).toContain(expected.guard);
    expect(await feed.everything()).toEqual(untouched);
    return feed;
  }
  feeds.get(lab)!.delete(keyOf(subject));
  expect(night.state, said).toMatch(/^(published|unchanged)$/);
  expect(await feed.isProved()).toBe(true);
  if (expected.kind === 'accepted') {
    expect(night.rejected, said).toEqual(expected.rejects ?? {});
    expect(inAnyOrder(await feed.rows())).toEqual(inAnyOrder(withChanges(before, expected.rows)));
    expect(night.notes.join('; '), said).toContain(expected.note ?? '');
    expect(night.warnings.join('; '), said).toContain(expected.warning ?? '');
    if (expected.note === undefined) expect(night.notes).toEqual([]);
    return feed;
  }
  expect(night.rejected, said).toEqual({ [expected.code]: expected.rows ?? 1 });
  expect(night.suspended > 0, said).toBe(!expected.keyKnown);
  const live = Object.fromEntries((await feed.rows()).map((row) => [row[0]!, row]));
  const old = Object.fromEntries(before.map((row) => [row[0]!, row]));
  const [bad, changed, dropped] = [before[BAD]![0]!, before[CHANGED]![0]!, before[DROPPED]![0]!];
  expect(live[bad], 'the last good version stays').toEqual(old[bad]);
  expect(live[changed], 'good rows are taken').not.toEqual(old[changed]);
  expect(live[dropped], 'a row may go only while every reject is known').toEqual(
    expected.keyKnown ? undefined : old[dropped],
  );
  const others = (rows: Record<string, Row>) =>
    Object.entries(rows).filter(([key]) => ![bad, changed, dropped].includes(key));
  expect(others(live)).toEqual(others(old));
  return feed;
}

/** Places in the base of the rows of a `badRow` delivery. */
const BAD = 2;
const CHANGED = 4;
const DROPPED = 19;

/** The base's lines with a bad one instead of row 3, a good change in row 5, and without row 20. */
export function badLines(lines: readonly string[], bad: string, change: (line: string) => string): string[] {
  return lines.flatMap((line, index) =>
    index === BAD ? [bad] : index === CHANGED ? [change(line)] : index === DROPPED ? [] : [line],
  );
}

const inAnyOrder = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

function withChanges(rows: readonly Row[], changes: Readonly<Record<number, Row | null>>): Row[] {
  const numbered = rows.flatMap((row, index) => {
    const change = changes[index + 1];
    return change === undefined ? [row] : change === null ? [] : [change];
  });
  const added = Object.entries(changes).flatMap(([at, row]) => (Number(at) > rows.length && row ? [row] : []));
  return [...numbered, ...added];
}

const feeds = new WeakMap<IntakeLab, Map<string, IntakeFeed>>();

/** A night that changed nothing leaves the feed to the next case. */
async function standing(lab: IntakeLab, subject: Subject): Promise<IntakeFeed> {
  const known = feeds.get(lab) ?? new Map<string, IntakeFeed>();
  feeds.set(lab, known);
  const key = keyOf(subject);
  const feed = known.get(key) ?? (await lab.feed(subject.table, subject.base));
  known.set(key, feed);
  return feed;
}

function keyOf({ table, base }: Subject): string {
  return JSON.stringify([
    table,
    Object.entries(base).map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]),
  ]);
}
