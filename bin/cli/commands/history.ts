import { parseRunName } from '../../../lib/core/run/keys.ts';
import { explainOrigin } from '../../../lib/core/run/origin.ts';
import { shownText } from '../../../lib/core/shown-text.ts';
import type { MissedDate } from '../../../lib/ports/ledger/expected-nights.ts';
import type { RunRow } from '../../../lib/ports/ledger/runs.ts';
import { type LeftFile, leftAtVendor } from '../../../lib/workflows/left-files.ts';
import { type Undelivered, undelivered } from '../../../lib/workflows/relay.ts';
import { runDetail } from '../../../lib/workflows/run-detail.ts';
import { type ListedRun, listedRun, newestAndOpen, RUNS_LOOKED_AT } from '../../../lib/workflows/runs.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace, type Workplace } from '../compose.ts';
import { reportDetail } from '../output/detail-report.ts';
import type { Output } from '../output/output.ts';
import { showStepAtWork } from '../output/step-times.ts';
import { type Column, tableLines } from '../output/table.ts';

export async function history(cli: Cli, { limit }: { limit: number }): Promise<number> {
  return list(cli, limit, (rows) => rows);
}

/** All that is known of one run. */
export async function detail(cli: Cli, name: string): Promise<number> {
  const { output } = cli;
  const { ports, close } = await openWorkplace(cli, { feed: parseRunName(name)?.feed });
  try {
    return reportDetail(output, await runDetail(name, ports));
  } finally {
    await close();
  }
}

/** The newest run of each feed, those that wait for somebody, and messages that a channel did not take. */
export async function status(cli: Cli): Promise<number> {
  return list(cli, RUNS_LOOKED_AT, newestAndOpen, undelivered, leftAtVendor);
}

async function list(
  cli: Cli,
  limit: number,
  choose: (rows: RunRow[]) => RunRow[],
  messages: (ports: Workplace['ports']) => Promise<Undelivered[] | undefined> = async () => undefined,
  files: (ports: Workplace['ports']) => Promise<LeftFile[]> = async () => [],
): Promise<number> {
  const { output } = cli;
  const { ports, close } = await openWorkplace(cli);
  try {
    if (!(await ports.ledger.exists())) return reportRuns(output, []);
    const rows = choose(await ports.ledger.runs({ limit }));
    const missed = await ports.ledger.missed({ limit: Math.min(limit, MISSED_LISTED) });
    return reportRuns(output, rows.map(listedRun), {
      waiting: await messages(ports),
      missed,
      left: await files(ports),
    });
  } finally {
    await close();
  }
}

/** So many missed dates are shown, the newest. */
const MISSED_LISTED = 50;

interface Beside {
  readonly waiting?: readonly Undelivered[] | undefined;
  readonly missed?: readonly MissedDate[];
  readonly left?: readonly LeftFile[];
}

export function reportRuns(
  output: Output,
  runs: readonly ListedRun[],
  { waiting, missed = [], left = [] }: Beside = {},
): number {
  const undelivered = waiting === undefined ? {} : { undelivered: waiting };
  const listed = missed.map(({ feed, date, foundAt, foundBy }) => ({
    feed,
    date,
    found_at: foundAt.toISOString(),
    found_by: foundBy,
  }));
  output.answer({
    runs,
    ...undelivered,
    ...(missed.length > 0 ? { missed: listed } : {}),
    ...(left.length > 0 ? { left } : {}),
  });
  if (runs.length === 0) output.print('No runs yet.');
  const why: Column = { paint: (text) => output.paint('dim', text) };
  const lines = tableLines(runs.map(rowOf), [{}, { least: 27 }, { least: 10 }, why], output.room);
  for (const line of lines) output.print(line);
  for (const { run, state, channel, reason, tried_at } of waiting ?? []) {
    output.print(
      `  ${output.paint('yellow', channel)} was not told that ${run} is ${state}; tried at ${tried_at.slice(0, 19)}Z`,
    );
    output.print(`    ${reason}`);
  }
  for (const { feed, date, found_at } of listed)
    output.print(
      `  ${output.paint('yellow', 'missed')} ${feed} ${date}: nobody ran it; found at ${found_at.slice(0, 19)}Z`,
    );
  if (left.length > 0)
    output.print(
      `  ${output.paint('yellow', 'after')}: ${left.length} published files are still at the vendor's; the next run tries again`,
    );
  for (const { run, file, reason } of left.slice(0, 10))
    output.print(`    ${run} ${shownText(file, 200)}: ${shownText(reason, 300)}`);
  return 0;
}

function rowOf(listed: ListedRun): readonly string[] {
  const { run, state, abandoned, holds, warnings, error, origin, opened_at, ended_at } = listed;
  const when = (ended_at ?? opened_at).slice(0, 19).replace('T', ' ');
  const guards = [...new Set(holds.map((hold) => hold.guard))].join(', ');
  const unusual = [...new Set(warnings.map((warning) => warning.guard))].join(', ');
  const held = state === 'published' && guards ? `approved: ${guards}` : guards;
  const what = origin && explainOrigin(origin);
  const left = abandoned && 'its process ended; run the same command again';
  const atWork = state === 'running' && !abandoned && showStepAtWork(listed);
  const why = error?.name ?? [left, atWork, held, unusual && `unusual: ${unusual}`, what].filter(Boolean).join('; ');
  return [when, run, state, why];
}
