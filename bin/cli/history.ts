import type { RunRow } from '../../lib/steps/ledger-port.ts';
import { type ListedRun, listedRun, newestOfEach } from '../../lib/steps/runs.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';

export async function history(output: Output, { limit }: { limit: number }): Promise<number> {
  return list(output, limit, (rows) => rows);
}

/** The newest run of each feed. */
export async function status(output: Output): Promise<number> {
  return list(output, 1000, newestOfEach);
}

async function list(output: Output, limit: number, choose: (rows: RunRow[]) => RunRow[]): Promise<number> {
  const { ports, close } = await openWorkplace(output);
  try {
    const rows = (await ports.ledger.exists()) ? choose(await ports.ledger.runs({ limit })) : [];
    return reportRuns(output, rows.map(listedRun));
  } finally {
    await close();
  }
}

export function reportRuns(output: Output, runs: readonly ListedRun[]): number {
  output.answer({ runs });
  if (runs.length === 0) output.print('No runs yet.');
  for (const run of runs) output.print(lineOf(output, run));
  return 0;
}

function lineOf(output: Output, { run, state, holds, error, opened_at, ended_at }: ListedRun): string {
  const when = (ended_at ?? opened_at).slice(0, 19).replace('T', ' ');
  const guards = [...new Set(holds.map((hold) => hold.guard))].join(', ');
  const why = error?.name ?? (state === 'published' && guards ? `approved: ${guards}` : guards);
  return `  ${when}  ${run.padEnd(28)} ${state.padEnd(11)} ${output.paint('dim', why)}`.trimEnd();
}
