import { runName } from '../../lib/core/run/keys.ts';
import type { RunRow } from '../../lib/steps/ports.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';

export async function history(output: Output, { limit }: { limit: number }): Promise<number> {
  return list(output, limit, (rows) => rows);
}

/** The newest run of each feed. */
export async function status(output: Output): Promise<number> {
  return list(output, 1000, (rows) =>
    rows.filter((row, index) => rows.findIndex((other) => other.run.feed === row.run.feed) === index),
  );
}

async function list(output: Output, limit: number, choose: (rows: RunRow[]) => RunRow[]): Promise<number> {
  const { ports, close } = await openWorkplace(output);
  try {
    const rows = (await ports.ledger.exists()) ? choose(await ports.ledger.runs({ limit })) : [];
    output.answer({ runs: rows.map(forScripts) });
    if (rows.length === 0) output.print('No runs yet.');
    for (const row of rows) output.print(forPeople(output, row));
    return 0;
  } finally {
    await close();
  }
}

function forScripts(row: RunRow) {
  const { state, fence, tables = {}, holds, error } = row;
  const run = {
    run: runName(row.run),
    feed: row.run.feed,
    date: row.run.date,
    state,
    attempt: fence,
    tables,
    holds,
    error,
  };
  return { ...run, opened_at: row.openedAt, ended_at: row.endedAt };
}

function forPeople(output: Output, row: RunRow): string {
  const when = (row.endedAt ?? row.openedAt).toISOString().slice(0, 19).replace('T', ' ');
  const guards = [...new Set(row.holds.map((hold) => hold.guard))].join(', ');
  const why = row.error?.name ?? (row.state === 'published' && guards ? `approved: ${guards}` : guards);
  return `  ${when}  ${runName(row.run).padEnd(28)} ${row.state.padEnd(11)} ${output.paint('dim', why)}`.trimEnd();
}
