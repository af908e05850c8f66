import type { ListedRun } from '../../../lib/workflows/runs.ts';
import type { Output } from './output.ts';
import { tableLines } from './table.ts';

/** A line on where the time went, broken where the terminal ends. */
export function printStepTimes(output: Output, times: string): void {
  if (times === '') return;
  const lines = tableLines([[times]], [{ paint: (text) => output.paint('dim', text) }], output.room);
  for (const line of lines) output.print(line);
}

/** Where the time of a run went, such as `pull 1.2 s (2 attempts), diff since 02:13:40`; empty when it is not known. */
export function showStepTimes({ state, step_times: times = untimed }: ListedRun): string {
  return Object.entries(times)
    .map(([step, { began_at, seconds, attempts }]) => {
      const took = seconds === null ? openEnded(state, began_at) : `${seconds.toFixed(1)} s`;
      return `${step} ${took}${attempts > 1 ? ` (${attempts} attempts)` : ''}`;
    })
    .join(', ');
}

/** What a run is at, such as `pull since 02:13:40`; empty between two steps. */
export function showStepAtWork({ step_times: times = untimed }: ListedRun): string {
  const [step, time] = Object.entries(times).find(([, { ended_at }]) => ended_at === null) ?? [];
  return step && time ? `${step} since ${clock(time.began_at)}` : '';
}

/** A pipeline of an older version does not say it. */
const untimed: ListedRun['step_times'] = {};

function openEnded(state: ListedRun['state'], began: string): string {
  return state === 'running' ? `since ${clock(began)}` : `begun at ${clock(began)}, without an end`;
}

const clock = (instant: string) => instant.slice(11, 19);
