import { NightfeedError } from '../../core/errors.ts';
import { contentHash, readingSpecOf } from '../../core/feed/reading-spec.ts';
import { columnsOf } from '../../core/feed/spec.ts';
import type { NightResult } from '../../core/run/night-result.ts';
import type { ReleasedTable } from '../../core/run/release-counts.ts';
import type { AppliedState } from '../../ports/ledger/applied.ts';
import type { Lakes } from '../../ports/ledger/lakes.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Runs } from '../../ports/ledger/runs.ts';
import type { Quarantined, WaitingRows } from '../../ports/ledger/waiting-rows.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import type { EngineRelease } from '../../ports/quarantine.ts';
import type { BasePorts } from '../../steps/base/base.ts';
import { parentsOf } from '../../steps/base/parents.ts';
import { refuseViolations } from '../../steps/base/refuse-violations.ts';
import { readSnapshotManifest } from '../../steps/base/snapshot.ts';
import type { ReadingPorts } from '../../steps/landing/open-again.ts';
import { notify } from '../../steps/notify.ts';
import { requireThere } from '../../steps/retention/removed-by-keep.ts';
import { requireLake } from '../../steps/run/lake.ts';
import { answered } from '../../steps/run/result.ts';
import { published } from '../published.ts';
import { againUnder } from './again.ts';
import { type BaseFor, withBases } from './bases.ts';
import type { ReleasedRows, ReleaseRequest, ReleaseTable } from './request.ts';
import { publishRelease, type ReleaseStepPorts } from './steps.ts';

export interface ReleaseResult extends NightResult {
  readonly released: Readonly<Record<string, Omit<ReleasedTable, 'object'>>>;
}

/** It asks no vendor, and opens a run only when rows are to be published. */
export type ReleasePorts = BasePorts &
  ReleaseStepPorts &
  ReadingPorts &
  Pick<Ports, 'progress'> &
  Using<'engine', 'release'> &
  WithLedger<AppliedState & Lakes & Runs & WaitingRows>;

/**
 * Publishes the quarantined rows that today's feed file accepts, as a change set over what production holds now. Rows on which a later
 * delivery decided stay out. Rows that are still bad keep waiting, with their new reason. The same call again changes nothing.
 */
export async function release(request: ReleaseRequest, ports: ReleasePorts): Promise<ReleaseResult> {
  await notify(ports);
  const { run, table, code } = request;
  await requireLake(run.feed, ports);
  const waiting = await ports.ledger.quarantined({ run, ...(table ? { table } : {}) });
  const asked = waiting.filter((each) => code === null || each.code === code);
  const applied = await ports.ledger.applied(run.feed);
  if (asked.length === 0 || !applied) return { ...answered(null, 'unchanged'), released: {} };
  const tables = [...new Set(asked.map((each) => each.table))];
  return withBases(request.feed, applied, ports, async (baseFor) => {
    const inputs = await inputsOf(request, tables, waiting, baseFor, ports);
    return reading(inputs, ports, async (found) => {
      const isChanged = Object.entries(found).some(([name, each]) => changes(each, name, waiting));
      for (const { table: name, reading } of inputs) refuseViolations(name, reading.rules ?? [], found[name]!.broken);
      if (!isChanged) return { ...answered(null, 'unchanged'), released: found };
      return { ...(await publishRelease({ request, applied, inputs, found }, ports)), released: found };
    });
  });
}

/** Whether a row leaves the quarantine, or waits with another reason. */
function changes(found: EngineRelease, table: string, waiting: readonly Quarantined[]): boolean {
  const before = waiting.filter((each) => each.table === table).map(({ code, rows }) => [code, rows]);
  return contentHash(Object.fromEntries(before)) !== contentHash(found.waiting);
}

async function inputsOf(
  { feed, run, code }: ReleaseRequest,
  tables: readonly string[],
  waiting: readonly Quarantined[],
  baseFor: BaseFor,
  ports: ReadingPorts & WithLedger<Runs>,
): Promise<ReleaseTable[]> {
  const history = await published(run, ports);
  const night = history[0]!;
  const inputs: ReleaseTable[] = [];
  for (const name of tables) {
    const table = feed.tables[name];
    const base = table && (await baseFor(name));
    if (!table || !base)
      throw new NightfeedError('USAGE', `the feed file has no table ${name}, whose rows are quarantined`, {
        hint: `Choose the tables with --table; the feed file has ${Object.keys(feed.tables).join(', ')}.`,
      });
    const { snapshot, rejects } = night.receipt.tables[name]!;
    await requireThere([snapshot], ports);
    const manifest = await readSnapshotManifest(ports, snapshot);
    const report = waiting.find((each) => each.table === name)!.object ?? rejects!;
    await requireThere([report, ...manifest.files.flatMap(({ parts }) => parts[0]?.key ?? [])], ports);
    inputs.push({
      table: name,
      columns: columnsOf(table),
      reading: readingSpecOf(table),
      base: base.snapshot,
      from: base,
      parents: await parentsOf(feed, name, async (other) => (await baseFor(other))?.snapshot ?? null),
      rejects: report,
      files: manifest.files,
      again: await againUnder(table, { run, table: name, snapshot: manifest.id, reading: manifest.reading }, ports),
      code,
      since: history.flatMap((each) => each.of(name)),
    });
  }
  return inputs;
}

/** Reads table after table, and calls `use` while the files of all of them still exist. */
async function reading<T>(
  [first, ...rest]: readonly ReleaseTable[],
  ports: Pick<Ports, 'progress'> & Using<'engine', 'release'>,
  use: (found: ReleasedRows['found']) => Promise<T>,
): Promise<T> {
  if (!first) return use({});
  ports.progress(first.table, 0, 1);
  return ports.engine.release(first, (found) =>
    reading(rest, ports, (others) => use({ [first.table]: found, ...others })),
  );
}
