import { NightfeedError } from '../core/errors.ts';
import { type RunId, runName } from '../core/run/keys.ts';
import type { TableSummary } from '../core/run/night-result.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { RunRow, Runs } from '../ports/ledger/runs.ts';
import type { Quarantined, QuarantineFilter, WaitingRows } from '../ports/ledger/waiting-rows.ts';
import type { Ports, Using } from '../ports/ports.ts';
import type { QuarantinedRecord } from '../ports/quarantine.ts';
import { changesOf } from '../steps/base/earlier.ts';
import { requireThere } from '../steps/retention/removed-by-keep.ts';
import { RUNS_LOOKED_AT } from './runs.ts';

/** Counts of waiting rows, as `quarantine list` shows them: the contract of `--json`. */
export async function listQuarantine(
  filter: QuarantineFilter,
  { ledger }: WithLedger<LedgerPresence & Runs & WaitingRows>,
) {
  const found = (await ledger.exists()) ? await ledger.quarantined(filter) : [];
  const quarantine = found.map(({ run, table, code, rows }) => ({
    run: runName(run),
    feed: run.feed,
    date: run.date,
    table,
    code,
    rows,
  }));
  return {
    quarantine,
    rows: quarantine.reduce((sum, { rows }) => sum + rows, 0),
    held: await heldRejects(filter, ledger),
  };
}

/** Rejects of held runs. They get into the quarantine only when the run is published, but people can look at them before. */
async function heldRejects({ feed, run, table, code }: QuarantineFilter, ledger: LedgerPresence & Runs) {
  if (code !== undefined || !(await ledger.exists())) return [];
  const of = run?.feed ?? feed;
  const rows = await ledger.runs({ ...(of === undefined ? {} : { feed: of }), limit: RUNS_LOOKED_AT });
  const held = rows.filter((row) => row.state === 'held' && (!run || runName(row.run) === runName(run)));
  return held.flatMap((row) =>
    Object.entries((row.tables ?? {}) as Record<string, TableSummary>).flatMap(([name, { rejected }]) =>
      rejected > 0 && (table === undefined || table === name)
        ? [{ run: runName(row.run), feed: row.run.feed, date: row.run.date, table: name, rows: rejected }]
        : [],
    ),
  );
}

export type QuarantineList = Awaited<ReturnType<typeof listQuarantine>>;

export type RecordPorts = ReportPorts & WithLedger<LedgerPresence & Runs & WaitingRows>;
type ReportPorts = Pick<Ports, 'store'> & Using<'engine', 'rejects'>;

/** The waiting records of a run, or the rejects of a held run, table by table in the order of their reports. Throws RUN_UNKNOWN, REMOVED_BY_KEEP, OBJECT_MISSING. */
export async function* quarantinedRecords(
  { run, table, code }: { readonly run: RunId; readonly table?: string; readonly code?: string },
  ports: RecordPorts,
): AsyncGenerator<QuarantinedRecord & { readonly table: string }> {
  const row = (await ports.ledger.exists()) ? await ports.ledger.find(run) : null;
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${runName(run)}`);
  if (row.state === 'held') return yield* heldRecords(row, { table, code }, ports);
  const waiting = await ports.ledger.quarantined({ run, ...(table ? { table } : {}), ...(code ? { code } : {}) });
  for (const [name, [first]] of Map.groupBy(waiting, (each) => each.table)) {
    const report = await reportOf(first!, row, ports);
    await requireThere([report], ports);
    for await (const record of ports.engine.rejects(report, code ?? null)) yield { table: name, ...record };
  }
}

async function* heldRecords(
  row: RunRow,
  { table, code }: { readonly table: string | undefined; readonly code: string | undefined },
  ports: ReportPorts,
): AsyncGenerator<QuarantinedRecord & { readonly table: string }> {
  const { tables } = (await changesOf(row, ports)).receipt;
  for (const [name, { rejects }] of Object.entries(tables)) {
    if (rejects === null || (table !== undefined && table !== name)) continue;
    for await (const record of ports.engine.rejects(rejects, code ?? null)) yield { table: name, ...record };
  }
}

async function reportOf(
  { object, table }: Quarantined,
  row: Parameters<typeof changesOf>[0],
  ports: Pick<Ports, 'store'>,
): Promise<string> {
  return object ?? (await changesOf(row, ports)).receipt.tables[table]!.rejects!;
}
