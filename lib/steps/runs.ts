import { runName } from '../core/run/keys.ts';
import type { RunRow } from './ledger-port.ts';

/** A run as `status` and `history` list it: the contract of `--json`. Times are ISO instants. */
export type ListedRun = ReturnType<typeof listedRun>;

export function listedRun(row: RunRow) {
  const { run, state, fence, tables = {}, holds, warnings = [], error, origin, openedAt, endedAt } = row;
  return {
    run: runName(run),
    feed: run.feed,
    date: run.date,
    state,
    attempt: fence,
    tables,
    holds,
    warnings,
    error,
    origin,
    opened_at: openedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
  };
}

/** The newest run of each feed; `rows` are the newest first. */
export function newestOfEach(rows: readonly RunRow[]): RunRow[] {
  return rows.filter((row, index) => rows.findIndex((other) => other.run.feed === row.run.feed) === index);
}
