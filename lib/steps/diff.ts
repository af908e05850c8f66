import { asNightfeedError, type ErrorName } from '../core/errors.ts';
import { readingSpecOf } from '../core/feed/reading-spec.ts';
import { referencedFirst } from '../core/feed/rules/rule.ts';
import { columnsOf } from '../core/feed/spec.ts';
import { endingsOf, shownSigns, signsOf } from '../core/guards/table-signs.ts';
import type { DiffReceipt, TableDiff } from '../core/run/diff-receipt.ts';
import { keys } from '../core/run/keys.ts';
import type { TableSummary } from '../core/run/night-result.ts';
import { notesOf } from '../core/run/notes.ts';
import type { LandedTable, PullReceipt } from '../core/run/pull-receipt.ts';
import { rejectedFiles } from '../core/run/run-files.ts';
import type { StreamingDiff } from '../ports/comparison.ts';
import type { Applied } from '../ports/ledger/applied.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Notes } from '../ports/ledger/open-runs.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { type Base, type BasePorts, baseOf, type Production, productionOf, rebuiltBase } from './base/base.ts';
import { identityOfBase } from './base/base-identity.ts';
import { damageOf, lossOf } from './base/lost-objects.ts';
import { parentsOf } from './base/parents.ts';
import { refuseViolations } from './base/refuse-violations.ts';
import { seenObjects } from './base/seen-objects.ts';
import { isLost, readSnapshotManifest } from './base/snapshot.ts';
import { keepTable } from './changes/keep-table.ts';
import type { Observed } from './pull.ts';
import { type Kept, once } from './run/receipts.ts';
import type { OpenRun } from './run/run-request.ts';
import { summaries } from './run/summary.ts';

export type DiffPorts = BasePorts &
  Pick<Ports, 'reach' | 'progress'> &
  Using<'engine', 'version' | 'diff'> &
  Using<'target', 'inspect' | 'targetObjects'>;

/** What pull left. */
interface Delivered {
  readonly pulled: PullReceipt;
  readonly observed?: Observed;
}

/** Compares the delivery with what production holds. Guards and approvals refer to the change set by its id. */
export async function diff(
  open: OpenRun,
  delivered: Delivered,
  applied: Applied | null,
  ports: DiffPorts,
): Promise<Kept<DiffReceipt>> {
  const standing = await ports.target.inspect(open.request.feed);
  const seen = await seenObjects(open.request.feed, ports);
  const { tables, target } = open.request.feed;
  const columns = Object.entries(tables).map(([name, table]) => [name, columnsOf(table)]);
  const inputs = {
    ...identityOfBase(applied, target.schema, standing),
    delivery: delivered.pulled.delivery,
    columns,
    engine: [open.request.feed.engine, ports.engine.version],
    ...seen,
  };
  const kept = await once(ports, open.run, 'diff', inputs, async () => ({
    ...(await compare(open, delivered, productionOf(applied, standing), applied, ports)),
    ...seen,
  }));
  await ports.reach('diff.receipt');
  return kept;
}

/** Records in the ledger the run's change set and its numbers. */
export async function noteChanges(
  { run, fence }: OpenRun,
  { receipt, id }: Kept<DiffReceipt>,
  { ledger }: WithLedger<Notes>,
): Promise<Record<string, TableSummary>> {
  const tables = summaries(receipt);
  const files = { rejected: rejectedFiles(receipt) };
  await ledger.note(run, fence, { changeSet: id, delivery: receipt.delivery, tables, files });
  return tables;
}

async function compare(
  open: OpenRun,
  { pulled, observed }: Delivered,
  production: (table: string) => Production,
  applied: Applied | null,
  ports: DiffPorts,
): Promise<DiffReceipt> {
  const found: Record<string, TableDiff> = {};
  for (const name of referencedFirst(open.request.feed.tables, Object.keys(pulled.tables))) {
    const landed = pulled.tables[name]!;
    ports.progress(name, 0, landed.rows);
    const table = { name, landed, observed: observed?.get(name) };
    found[name] = await diffTable(open, table, production(name), found, ports);
    ports.progress(name, landed.rows, landed.rows);
  }
  const tables = Object.fromEntries(Object.keys(pulled.tables).map((name) => [name, found[name]!]));
  return { base: applied?.delivery ?? null, delivery: pulled.delivery, tables };
}

/** A table of the delivery. */
interface Arrived {
  readonly name: string;
  readonly landed: LandedTable;
  readonly observed: StreamingDiff | undefined;
}

async function diffTable(
  open: OpenRun,
  arrived: Arrived,
  production: Production,
  earlier: Readonly<Record<string, TableDiff>>,
  ports: DiffPorts,
): Promise<TableDiff> {
  const { name, landed } = arrived;
  const request = { ...open, feed: open.request.feed };
  const base = await baseOf(request, name, production, ports);
  try {
    return await diffFrom(open, arrived, base, earlier, ports);
  } catch (thrown) {
    if (!isLost(thrown) && !engineFaults.has(asNightfeedError(thrown).name)) throw thrown;
    const lost = base?.from === 'lake' ? await lossOf(base.snapshot, thrown, ports) : null;
    if (lost === null) throw (await damageOf(open, landed, ports)) ?? thrown;
    const rebuilt = await rebuiltBase(request, name, production, lost, ports);
    return diffFrom(open, arrived, rebuilt, earlier, ports);
  }
}

/** Errors of engines that damaged bytes can cause. */
const engineFaults: ReadonlySet<ErrorName> = new Set(['ENGINE_FAILED', 'ENGINE_DISAGREES', 'UNFORESEEN']);

async function diffFrom(
  open: OpenRun,
  { name, landed, observed }: Arrived,
  from: Base | null,
  earlier: Readonly<Record<string, TableDiff>>,
  ports: DiffPorts,
): Promise<TableDiff> {
  const base = from?.snapshot ?? null;
  const table = open.request.feed.tables[name]!;
  const reading = readingSpecOf(table);
  const columns = columnsOf(table);
  const parents = await parentsOf(open.request.feed, name, async (other) => {
    const tonight = earlier[other];
    return tonight ? readSnapshotManifest(ports, tonight.snapshot) : null;
  });
  const into = keys.changes(open.run, open.attempt, name, '');
  return ports.engine.diff(
    { table: name, columns, asked: open.request.feed, base, next: { landed, reading }, parents, into, observed },
    async (found) => {
      refuseViolations(name, reading.rules ?? [], found.broken);
      await ports.reach('diff.engine');
      const signs = signsOf(landed.files, base?.endings);
      const notes = notesOf(landed.files);
      return keepTable(
        open,
        {
          name,
          columns,
          base: from,
          found,
          records: {
            id: landed.snapshot,
            reading,
            files: landed.files.map(({ header, recordEnd, parts, lines, keys }) => ({
              header,
              recordEnd,
              parts,
              lines,
              keys,
            })),
            drops: null,
            ...(found.filtered > 0 ? { filtered: found.filtered } : {}),
            endings: endingsOf(landed.files),
          },
          samples: {
            key: keys.samples(open.run, open.attempt, name),
            rows: { ...found.samples, signs: shownSigns(landed.files) },
          },
          schema: landed.schema,
          signs: {
            ...(found.samples.unreadable?.isLast ? { footer: true } : {}),
            ...(found.repeats ? { repeats: found.repeats } : {}),
            ...(signs ? { signs } : {}),
            ...(base && isResent(landed.snapshot, base.id) ? { resent: true } : {}),
            ...(landed.leftOut
              ? { files: { picked: landed.files.map((file) => file.name), left_out: landed.leftOut } }
              : {}),
            ...(notes.length > 0 ? { notes } : {}),
          },
        },
        ports,
      );
    },
  );
}

/** Whether two ids, `<date>-<content>-<reading>`, have the same content and different dates. A release appends to the id. */
function isResent(next: string, base: string): boolean {
  const partsOf = (id: string) => ({ date: id.slice(0, DATE_LENGTH), content: id.slice(DATE_LENGTH).split('-')[1] });
  const [one, other] = [partsOf(next), partsOf(base)];
  return one.date !== other.date && one.content !== undefined && one.content === other.content;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;
