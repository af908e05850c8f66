import { runName } from '../core/run/keys.ts';
import { type StepTimes, secondsOf } from '../core/run/step-times.ts';
import { laterSteps } from '../core/workflow/workflows.ts';
import type { RunRow } from '../ports/ledger/runs.ts';

/** A run as `status` and `history` list it: a contract, in `--json`. Times are ISO instants. */
export type ListedRun = ReturnType<typeof listedRun>;

export function listedRun(row: RunRow) {
  const { run, state, abandoned, fence, tables = {}, holds, warnings = [], error, origin, openedAt, endedAt } = row;
  return {
    run: runName(run),
    feed: run.feed,
    date: run.date,
    state,
    /** Its state is `running`, and no process works on it any more. */
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

/** The steps in their order; an adoption exports first. */
function listedSteps(steps: StepTimes) {
  const listed = ['export', ...laterSteps].flatMap((name) => {
    const time = steps[name];
    if (!time) return [];
    const { began, ended, attempts } = time;
    return [[name, { began_at: began, ended_at: ended, seconds: secondsOf(time), attempts }] as const];
  });
  return Object.fromEntries(listed);
}

/** The newest run of each feed, and earlier ones that are held or running. `rows` has the newest first. */
export function newestAndOpen(rows: readonly RunRow[]): RunRow[] {
  const isNewest = ({ run }: RunRow, index: number) => rows.findIndex((other) => other.run.feed === run.feed) === index;
  return rows.filter((row, index) => isNewest(row, index) || row.state === 'held' || row.state === 'running');
}

/** So many runs are examined. A held run that is older was superseded long ago. */
export const RUNS_LOOKED_AT = 1000;
