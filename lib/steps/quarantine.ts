import { NightfeedError } from '../core/errors.ts';
import { type RunId, runName } from '../core/run/keys.ts';
import { changesOf } from './earlier.ts';
import type { Ports } from './ports.ts';
import type { Quarantined, QuarantinedRecord, QuarantineFilter } from './quarantine-port.ts';

/** Counts of waiting rows, as `quarantine list` shows them: the contract of `--json`. */
export async function listQuarantine(filter: QuarantineFilter, { ledger }: Pick<Ports, 'ledger'>) {
  const found = (await ledger.exists()) ? await ledger.quarantined(filter) : [];
  const quarantine = found.map(({ run, table, code, rows }) => ({
    run: runName(run),
    feed: run.feed,
    date: run.date,
    table,
    code,
    rows,
  }));
  return { quarantine, rows: quarantine.reduce((sum, { rows }) => sum + rows, 0) };
}

export type QuarantineList = Awaited<ReturnType<typeof listQuarantine>>;

/** Waiting records of a run, table by table in the order of their reports. Throws RUN_UNKNOWN, OBJECT_MISSING. */
export async function* quarantinedRecords(
  { run, table, code }: { readonly run: RunId; readonly table?: string; readonly code?: string },
  ports: Ports,
): AsyncGenerator<QuarantinedRecord & { readonly table: string }> {
  const row = (await ports.ledger.exists()) ? await ports.ledger.find(run) : null;
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${runName(run)}`);
  const waiting = await ports.ledger.quarantined({ run, ...(table ? { table } : {}), ...(code ? { code } : {}) });
  for (const [name, [first]] of Map.groupBy(waiting, (each) => each.table)) {
    for await (const record of ports.engine.rejects(await reportOf(first!, row, ports), code ?? null))
      yield { table: name, ...record };
  }
}

async function reportOf(
  { object, table }: Quarantined,
  row: Parameters<typeof changesOf>[0],
  ports: Ports,
): Promise<string> {
  return object ?? (await changesOf(row, ports)).receipt.tables[table]!.rejects!;
}
