import { NightfeedError } from '../core/errors.ts';
import { contentHash, readingSpecOf } from '../core/feed/reading-spec.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { openHolds } from '../core/guards/approval.ts';
import { evaluateRelease } from '../core/guards/release-guard.ts';
import { type RunId, runName } from '../core/run/keys.ts';
import type { RunOrigin } from '../core/run/origin.ts';
import type { DiffReceipt } from '../core/run/receipt.ts';
import type { ReleasedTable } from '../core/run/release-counts.ts';
import type { Applied } from '../ports/ledger/applied.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { Quarantined } from '../ports/ledger/waiting-rows.ts';
import type { Ports } from '../ports/ports.ts';
import type { EngineRelease, ReleaseInput } from '../ports/quarantine.ts';
import type { StandingTable } from '../ports/target.ts';
import { identityOfBase } from '../steps/base/base-identity.ts';
import { parentsOf } from '../steps/base/parents.ts';
import { refuseViolations } from '../steps/base/refuse-violations.ts';
import { seenObjects } from '../steps/base/seen-objects.ts';
import { readSnapshotManifest } from '../steps/base/snapshot.ts';
import { busy } from '../steps/claim.ts';
import type { Judgement } from '../steps/guard.ts';
import { notify } from '../steps/notify.ts';
import { publish } from '../steps/publish.ts';
import { newAttempt } from '../steps/run/attempt.ts';
import { keepFeed } from '../steps/run/feed-document.ts';
import { requireLake } from '../steps/run/lake.ts';
import { type Kept, once } from '../steps/run/receipts.ts';
import { answered, type NightResult } from '../steps/run/result.ts';
import { retrying } from '../steps/run/retry.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { tidy } from '../steps/tidy.ts';
import { published } from './published.ts';
import { type BaseFor, withBases } from './release-bases.ts';
import { keepRelease } from './release-receipt.ts';
import { inRunSession, type RunSession } from './run-session.ts';

/** Quarantined rows of a run, to be read again under today's feed file. */
export interface ReleaseRequest {
  readonly feed: Feed;
  readonly folder: string;
  readonly owner: Owner;
  readonly run: RunId;
  readonly table: string | null;
  readonly code: string | null;
  /** Who wants it, where that is proved. */
  readonly by?: string;
}

export interface ReleaseResult extends NightResult {
  readonly released: Readonly<Record<string, Omit<ReleasedTable, 'object'>>>;
}

/**
 * Publishes the rows that today's feed file accepts, over what production holds now, as a change set of their own. Rows
 * that a later delivery decided on stay out; those still bad keep waiting, by their new reason. Asked again, there is
 * nothing to do.
 */
export async function release(request: ReleaseRequest, ports: Ports): Promise<ReleaseResult> {
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
      return { ...(await bringIn(request, applied, inputs, found, ports)), released: found };
    });
  });
}

/** What an engine reads, and why its base was read back, if it was. */
interface Input extends ReleaseInput {
  readonly readBack: string | null;
}

type Found = Readonly<Record<string, EngineRelease>>;

/** Whether something leaves the quarantine or waits for another reason. */
function changes(found: EngineRelease, table: string, waiting: readonly Quarantined[]): boolean {
  const before = waiting.filter((each) => each.table === table).map(({ code, rows }) => [code, rows]);
  return contentHash(Object.fromEntries(before)) !== contentHash(found.waiting);
}

async function inputsOf(
  { feed, run, code }: ReleaseRequest,
  tables: readonly string[],
  waiting: readonly Quarantined[],
  baseFor: BaseFor,
  ports: Ports,
): Promise<Input[]> {
  const history = await published(run, ports);
  const night = history[0]!;
  const inputs: Input[] = [];
  for (const name of tables) {
    const table = feed.tables[name];
    const base = table && (await baseFor(name));
    if (!table || !base)
      throw new NightfeedError('USAGE', `the feed file has no table ${name}, whose rows are quarantined`, {
        hint: `Choose the tables with --table; the feed file has ${Object.keys(feed.tables).join(', ')}.`,
      });
    const { snapshot, rejects } = night.receipt.tables[name]!;
    const report = waiting.find((each) => each.table === name)!.object ?? rejects!;
    inputs.push({
      table: name,
      columns: columnsOf(table),
      reading: readingSpecOf(table),
      base: base.snapshot,
      readBack: base.readBack,
      parents: await parentsOf(feed, name, async (other) => (await baseFor(other))?.snapshot ?? null),
      rejects: report,
      files: (await readSnapshotManifest(ports, snapshot)).files,
      code,
      since: history.flatMap((each) => each.of(name)),
    });
  }
  return inputs;
}

/** All tables, each while the files of those before it are still there. */
async function reading<T>(
  [first, ...rest]: readonly ReleaseInput[],
  ports: Ports,
  use: (found: Found) => Promise<T>,
): Promise<T> {
  if (!first) return use({});
  ports.progress(first.table, 0, 1);
  return ports.engine.release(first, (found) =>
    reading(rest, ports, (others) => use({ [first.table]: found, ...others })),
  );
}

async function bringIn(
  request: ReleaseRequest,
  applied: Applied,
  inputs: readonly Input[],
  found: Found,
  ports: Ports,
): Promise<NightResult> {
  const open = await claim(request, ports);
  return inRunSession(open, ports, async (session) => {
    const seen = await seenObjects(request.feed, ports);
    const standing = await ports.target.inspect(request.feed);
    const identity = { ...identityOf(request, applied, standing, inputs, ports), ...seen };
    const changes = await session.step('diff', () =>
      once(ports, open.run, 'diff', identity, async () => ({
        ...(await keepRelease(open, { of: request.run, applied, inputs, found }, ports)),
        ...seen,
      })),
    );
    await ports.reach('diff.receipt');
    await session.learn(changes);
    const judgement = await judgeIt(open, changes, ports);
    session.judged(judgement);
    return judgement.pass ? publishRelease(session, changes, judgement, ports) : session.end('held');
  });
}

async function judgeIt(
  { request, run, fence }: OpenRun,
  { receipt, id }: Kept<DiffReceipt>,
  ports: Ports,
): Promise<Judgement> {
  const { holds, warnings } = evaluateRelease(request.feed, run.date, receipt);
  await ports.ledger.note(run, fence, { warnings });
  const approvals = holds.length > 0 ? await ports.ledger.approvals(run, id) : [];
  return { holds, warnings, pass: openHolds(holds, approvals).length === 0 };
}

async function publishRelease(
  session: RunSession,
  changes: Kept<DiffReceipt>,
  { warnings }: Judgement,
  ports: Ports,
): Promise<NightResult> {
  session.wrote(await session.step('publish', () => publish(session.open, changes, warnings, ports)));
  await session.step('notify', () => notify(ports));
  await session.step('tidy', () => tidy(session.open, changes, ports));
  return session.published();
}

/** What decides on the outcome: the same again finds the receipt. */
function identityOf(
  { feed, run }: ReleaseRequest,
  applied: Applied,
  standing: Readonly<Record<string, StandingTable>>,
  inputs: readonly Input[],
  ports: Ports,
) {
  return {
    ...identityOfBase(applied, feed.target.schema, standing),
    release: runName(run),
    rows: inputs.map(({ table, rejects, code, reading }) => [table, rejects, code, reading]),
    columns: inputs.map(({ table }) => columnsOf(feed.tables[table]!)),
    engine: ports.engine.version,
  };
}

async function claim(request: ReleaseRequest, ports: Ports): Promise<OpenRun> {
  const { feed, folder, owner, run, table, code, by } = request;
  const feedHash = await keepFeed(feed, ports);
  const origin: RunOrigin = { kind: 'release', run: runName(run), table, code, ...(by === undefined ? {} : { by }) };
  const claimed = await retrying(ports, () =>
    ports.ledger.claimRelease({ feed: feed.feed, owner, feedHash, folder, origin }),
  );
  if (claimed.kind === 'busy') throw busy(claimed);
  if (claimed.kind === 'settled') {
    throw new NightfeedError('BUSY', `${runName(claimed.run)} is held, and a release would come after it`, {
      hint: 'Approve or reject that run first, then run the same command again.',
    });
  }
  await ports.reach('claim.done');
  const { fence } = claimed;
  return {
    request: { feed, folder, owner, date: claimed.run.date },
    run: claimed.run,
    fence,
    attempt: newAttempt(`a${fence}`),
  };
}
