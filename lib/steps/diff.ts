import { addFingerprints, emptyFingerprint, type Fingerprint, subtractFingerprints } from '../core/diff/fingerprint.ts';
import { moveNulls, type NullCounts } from '../core/diff/null-counts.ts';
import { entryOf } from '../core/entry-of.ts';
import { asNightfeedError, type ErrorName } from '../core/errors.ts';
import { readingSpecOf } from '../core/feed/reading-spec.ts';
import { referencedFirst } from '../core/feed/rules/rule.ts';
import { columnsOf } from '../core/feed/spec.ts';
import { endingsOf, shownSigns, signsOf } from '../core/guards/table-signs.ts';
import { comparedColumns } from '../core/run/applied-table.ts';
import { keys } from '../core/run/keys.ts';
import {
  type ChangeKind,
  changeKinds,
  type DiffReceipt,
  type LandedTable,
  type PullReceipt,
  recordBytes,
  type SnapshotManifest,
  type TableDiff,
} from '../core/run/receipt.ts';
import type { EngineDiff } from '../ports/comparison.ts';
import type { Applied } from '../ports/ledger/applied.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { OpenRuns } from '../ports/ledger/open-runs.ts';
import type { Ports } from '../ports/ports.ts';
import { type Base, baseOf, type Production, productionOf, rebuiltBase } from './base/base.ts';
import { identityOfBase } from './base/base-identity.ts';
import { EngineFiles } from './base/engine-files.ts';
import { damageOf, lossOf } from './base/lost-objects.ts';
import { parentsOf } from './base/parents.ts';
import { refuseViolations } from './base/refuse-violations.ts';
import { seenObjects } from './base/seen-objects.ts';
import { isLost, keepManifest, readSnapshotManifest } from './base/snapshot.ts';
import { keep } from './run/keep.ts';
import { type Kept, once } from './run/receipts.ts';
import type { OpenRun } from './run/run-request.ts';
import { summaries, type TableSummary } from './run/summary.ts';

/** The change set between what production holds and what was delivered; its id is what guards and approvals speak of. */
export async function diff(
  open: OpenRun,
  pulled: PullReceipt,
  applied: Applied | null,
  ports: Ports,
): Promise<Kept<DiffReceipt>> {
  const standing = await ports.target.inspect(open.request.feed);
  const seen = await seenObjects(open.request.feed, ports);
  const { tables, target } = open.request.feed;
  const columns = Object.entries(tables).map(([name, table]) => [name, columnsOf(table)]);
  const inputs = {
    ...identityOfBase(applied, target.schema, standing),
    delivery: pulled.delivery,
    columns,
    engine: [open.request.feed.engine, ports.engine.version],
    ...seen,
  };
  const kept = await once(ports, open.run, 'diff', inputs, async () => ({
    ...(await compare(open, pulled, productionOf(applied, standing), applied, ports)),
    ...seen,
  }));
  await ports.reach('diff.receipt');
  return kept;
}

/** Tells the ledger which change set the run is about from now on; its numbers. */
export async function noteChanges(
  { run, fence }: OpenRun,
  { receipt, id }: Kept<DiffReceipt>,
  { ledger }: WithLedger<OpenRuns>,
): Promise<Record<string, TableSummary>> {
  const tables = summaries(receipt);
  await ledger.note(run, fence, { changeSet: id, delivery: receipt.delivery, tables });
  return tables;
}

async function compare(
  open: OpenRun,
  pulled: PullReceipt,
  production: (table: string) => Production,
  applied: Applied | null,
  ports: Ports,
): Promise<DiffReceipt> {
  const found: Record<string, TableDiff> = {};
  for (const name of referencedFirst(open.request.feed.tables, Object.keys(pulled.tables))) {
    const landed = pulled.tables[name]!;
    ports.progress(name, 0, landed.rows);
    found[name] = await diffTable(open, name, landed, production(name), found, ports);
    ports.progress(name, landed.rows, landed.rows);
  }
  const tables = Object.fromEntries(Object.keys(pulled.tables).map((name) => [name, found[name]!]));
  return { base: applied?.delivery ?? null, delivery: pulled.delivery, tables };
}

async function diffTable(
  open: OpenRun,
  name: string,
  landed: LandedTable,
  production: Production,
  earlier: Readonly<Record<string, TableDiff>>,
  ports: Ports,
): Promise<TableDiff> {
  const request = { ...open, feed: open.request.feed };
  const base = await baseOf(request, name, production, ports);
  try {
    return await diffFrom(open, name, landed, base, earlier, ports);
  } catch (thrown) {
    if (!isLost(thrown) && !engineFaults.has(asNightfeedError(thrown).name)) throw thrown;
    const lost = base?.readBack === null ? await lossOf(base.snapshot, thrown, ports) : null;
    if (lost === null) throw (await damageOf(open, landed, ports)) ?? thrown;
    const rebuilt = await rebuiltBase(request, name, production, lost, ports);
    return diffFrom(open, name, landed, rebuilt, earlier, ports);
  }
}

/** What engines make of bytes that were changed. */
const engineFaults: ReadonlySet<ErrorName> = new Set(['ENGINE_FAILED', 'ENGINE_DISAGREES', 'UNFORESEEN']);

async function diffFrom(
  open: OpenRun,
  name: string,
  landed: LandedTable,
  from: Base | null,
  earlier: Readonly<Record<string, TableDiff>>,
  ports: Ports,
): Promise<TableDiff> {
  const base = from?.snapshot ?? null;
  const readBack = from?.readBack ?? null;
  const table = open.request.feed.tables[name]!;
  const reading = readingSpecOf(table);
  const columns = columnsOf(table);
  const parents = await parentsOf(open.request.feed, name, async (other) => {
    const tonight = earlier[other];
    return tonight ? readSnapshotManifest(ports, tonight.snapshot) : null;
  });
  const into = keys.changes(open.run, open.attempt, name, '');
  return ports.engine.diff(
    { table: name, columns, asked: open.request.feed, base, next: { landed, reading }, parents, into },
    async (found) => {
      refuseViolations(name, reading.rules ?? [], found.broken);
      await ports.reach('diff.engine');
      const files = new EngineFiles(ports);
      const changes: Partial<Record<ChangeKind, string | string[]>> = {};
      for (const kind of changeKinds) {
        const written: string[] = [];
        for (const [index, file] of [found.files[kind] ?? []].flat().entries())
          written.push((await files.put(file, `${into}${kind}${index === 0 ? '' : `-${index}`}.parquet`))!);
        if (written.length > 0) changes[kind] = written.length === 1 ? written[0]! : written;
      }
      const rejects = await files.put(
        found.files.rejects,
        keys.changes(open.run, open.attempt, name, 'rejects.parquet'),
      );
      const drops = await files.put(found.files.drops, keys.snapshot(open.run, open.attempt, name, 'drops.ndjson'));
      const carried = await files.put(
        found.files.carried,
        keys.snapshot(open.run, open.attempt, name, 'carried.parquet'),
      );
      const rejected = Object.values(found.rejected).reduce((sum, count) => sum + count, 0);
      const nulls = found.nulls.whole ?? moveNulls(base?.nulls ?? {}, found.nulls.before, found.nulls.after);
      const manifest: SnapshotManifest = {
        id: landed.snapshot,
        table: name,
        reading,
        compared: comparedColumns(table).map((column) => column.name),
        stored: columns.map((column) => column.name),
        files: landed.files.map(({ header, recordEnd, parts, lines, keys }) => ({
          header,
          recordEnd,
          parts,
          lines,
          keys,
        })),
        drops: drops ? { key: drops, count: rejected } : null,
        carried: carried
          ? { key: carried, count: found.carried + found.suspended, columns: columns.map((column) => column.name) }
          : null,
        ...(found.filtered > 0 ? { filtered: found.filtered } : {}),
        endings: endingsOf(landed.files),
        fingerprint: moveOn(base?.fingerprint ?? emptyFingerprint, found),
        nulls,
      };
      const signs = signsOf(landed.files, base?.endings);
      const samples = keys.samples(open.run, open.attempt, name);
      await keep(ports, samples, JSON.stringify({ ...found.samples, signs: shownSigns(landed.files) }));
      const snapshot = keys.snapshot(open.run, open.attempt, name, 'manifest.json');
      await keepManifest(ports, snapshot, manifest, files);
      return {
        engine: found.engine,
        reason: readBack === null ? found.reason : `${found.reason}: ${readBack}`,
        ...(readBack === null ? {} : { readBack }),
        rows: found.accepted + rejected + found.filtered,
        accepted: found.accepted,
        rejected: found.rejected,
        filtered: found.filtered,
        broken: found.broken,
        base: base?.fingerprint.rows ?? 0,
        inserted: found.inserted,
        updated: found.updated,
        gone: found.gone,
        unchanged: found.accepted - found.inserted - found.updated,
        suspended: found.suspended,
        carried: found.carried,
        before: found.before,
        after: found.after,
        bytes: { base: recordBytes(base?.files ?? []), next: recordBytes(landed.files) },
        nulls: besideBase(nulls, base),
        samples,
        changes,
        sums: files.sumsOf(Object.values(changes).flat()),
        rejects,
        snapshot,
        schema: landed.schema,
        ...(found.samples.unreadable?.isLast ? { footer: true } : {}),
        ...(found.repeats ? { repeats: found.repeats } : {}),
        ...(signs ? { signs } : {}),
        ...(base && isResent(landed.snapshot, base.id) ? { resent: true } : {}),
        ...(landed.leftOut
          ? { files: { picked: landed.files.map((file) => file.name), left_out: landed.leftOut } }
          : {}),
      };
    },
  );
}

/** Whether two ids, `<date>-<content>-<reading>`, have the same content at different dates; a release adds to the end. */
function isResent(next: string, base: string): boolean {
  const partsOf = (id: string) => ({ date: id.slice(0, DATE_LENGTH), content: id.slice(DATE_LENGTH).split('-')[1] });
  const [one, other] = [partsOf(next), partsOf(base)];
  return one.date !== other.date && one.content !== undefined && one.content === other.content;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** The fingerprint of the new snapshot: moved on from the base's by the change set, or computed afresh. */
function moveOn(base: Fingerprint, found: EngineDiff): Fingerprint {
  return found.whole ?? addFingerprints(subtractFingerprints(base, found.before), found.after);
}

export function besideBase(nulls: NullCounts, base: SnapshotManifest | null): TableDiff['nulls'] {
  return Object.fromEntries(
    Object.entries(nulls).map(([name, next]) => [name, { base: entryOf(base?.nulls, name) ?? null, next }]),
  );
}
