import { runName } from '../core/run/keys.ts';
import { type StepTimes, secondsOf } from '../core/run/step-times.ts';
import { laterSteps } from '../core/workflow/workflows.ts';
import type { RunRow } from '../ports/ledger/runs.ts';

/** A run as `status` and `history` list it: the contract of `--json`. Times are ISO instants. */
export type ListedRun = ReturnType<typeof listedRun>;

export function listedRun(row: RunRow) {
  const { run, state, abandoned, fence, tables = {}, holds, warnings = [], error, origin, openedAt, endedAt } = row;
  return {
    run: runName(run),
    feed: run.feed,
    date: run.date,
    state,
    /** It counts as running, and nobody works on it any more. */
    abandoned,
    attempt: fence,
    tables,
    holds,
    warnings,
    error,
    origin,
    opened_at: openedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
    step_times: listedSteps(row.steps ?? {}),
  };
}

/** In the order of the night. */
function listedSteps(steps: StepTimes) {
  const listed = laterSteps.flatMap((name) => {
    const time = steps[name];
    if (!time) return [];
    const { began, ended, attempts } = time;
    return [[name, { began_at: began, ended_at: ended, seconds: secondsOf(time), attempts }] as const];
  });
  return Object.fromEntries(listed);
}

/** The newest run of each feed, and those before it that still wait for somebody; `rows` are the newest first. */
export function newestAndOpen(rows: readonly RunRow[]): RunRow[] {
  const isNewest = ({ run }: RunRow, index: number) => rows.findIndex((other) => other.run.feed === run.feed) === index;
  return rows.filter((row, index) => isNewest(row, index) || row.state === 'held' || row.state === 'running');
}

/** So many are looked at; a run that waits longer ago was superseded long since. */
export const RUNS_LOOKED_AT = 1000;
