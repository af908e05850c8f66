import { followedFiles } from '../core/delivery/candidate.ts';
import { requireShort } from '../core/delivery/file-names.ts';
import { Neighbours } from '../core/delivery/near-miss.ts';
import { type Readiness, readinessOf } from '../core/delivery/readiness.ts';
import { newerThanRewritten } from '../core/delivery/rewritten.ts';
import { wantedNames } from '../core/delivery/wanted.ts';
import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { deadlineOf, showTime } from '../core/feed/business-date.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { ArriveReceipt } from '../core/run/arrive-receipt.ts';
import type { RunId } from '../core/run/keys.ts';
import { arrivedFiles } from '../core/run/run-files.ts';
import type { RunState } from '../core/run/state.ts';
import { isVerifyDue } from '../core/run/verify.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Notes } from '../ports/ledger/open-runs.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { Source } from '../ports/source.ts';
import { holdingOf } from './arrival/holding.ts';
import { lastMarker } from './arrival/last-marker.ts';
import { readDeliveryManifest } from './arrival/manifest.ts';
import { Settling } from './arrival/settling.ts';
import { findReceipt, once } from './run/receipts.ts';
import { retrying } from './run/retry.ts';
import { type OpenRun, type RunRequest, readingOf } from './run/run-request.ts';

/** For callers that look at the source. */
export type LookPorts = Pick<Ports, 'openSource' | 'store' | 'sightings' | 'now' | 'elapsed' | 'sleep' | 'say'> &
  WithLedger<LedgerPresence & Runs & AppliedState>;
export type ArrivePorts = LookPorts & Pick<Ports, 'reach'> & WithLedger<Notes>;

/** Seconds between two looks while a delivery is absent. */
const POLL_SECONDS = 30;

/** Waits for the complete delivery and lists it; throws LATE when the deadline passes first. A run that was held keeps its listing. */
export async function arrive(open: OpenRun, ports: ArrivePorts): Promise<ArriveReceipt> {
  return (await arrivedBefore(open, ports)) ?? (await accept(open, await waitForDelivery(open, ports), ports));
}

/** Looks once, for a process that cannot wait, and keeps the sighting for the next process. */
export async function arriveAtOnce(open: OpenRun, ports: ArrivePorts): Promise<Sight> {
  const before = await arrivedBefore(open, ports);
  if (before) return { kind: 'ready', receipt: before };
  const sight = await atSource(open.request, ports, async (source) => {
    tellNotes(source, ports);
    return watch(open.request, ports, source, await Settling.of(open, ports));
  });
  if (sight.kind === 'ready') await accept(open, sight.receipt, ports);
  return sight;
}

/**
 * Whether nothing has to be done about a settled run: the source shows the same files as then, and their bytes need not be read again.
 * When files were removed since, that does not make another delivery.
 */
export async function isUnchanged(request: RunRequest, settled: Settled, ports: LookPorts): Promise<boolean> {
  if (settled.reading !== readingOf(request.feed) || !(await isStanding(request.feed, settled.run, ports)))
    return false;
  const seen = await atSource(request, ports, (source) => look(request, ports, source));
  if (seen.kind === 'absent') return true;
  if (seen.receipt.listing !== settled.listing) return false;
  if (!isVerifyDue(request.feed, settled.state, settled.endedAt, ports.now())) return true;
  ports.say('the source shows the same files; their bytes are read again');
  return false;
}

/** Whether a delivery of this date is there whole, though it may still be growing. */
export async function isThere(request: RunRequest, ports: LookPorts): Promise<boolean> {
  const seen = await atSource(request, ports, (source) => look(request, ports, source));
  return seen.kind !== 'absent';
}

/** Whether the feed's tables, in the schema that the feed names now, have what was published for that date, by the ledger. */
async function isStanding(
  { feed, target, tables }: Feed,
  run: RunId,
  { ledger }: WithLedger<AppliedState>,
): Promise<boolean> {
  const applied = await ledger.applied(feed);
  if (applied?.run.date !== run.date) return true;
  return Object.keys(tables).every((name) => applied.tables[name]?.schema === target.schema);
}

interface Settled {
  readonly run: RunId;
  readonly state: RunState;
  readonly endedAt: Date | null;
  readonly listing?: string | null;
  readonly reading?: string | null;
}

/** The result of one look. `waiting` says after how many seconds to look again. */
export type Sight = Extract<Readiness, { kind: 'ready' }> | { readonly kind: 'waiting'; readonly seconds: number };

/** The listing of this run in the ledger. Only a run that was held has to keep it. */
async function arrivedBefore(
  { request, run }: OpenRun,
  ports: Pick<Ports, 'store'> & WithLedger<Runs>,
): Promise<ArriveReceipt | undefined> {
  if (!request.resumes) return undefined;
  const listing = (await ports.ledger.find(run))?.listing;
  return listing === undefined ? undefined : (await findReceipt(ports, run, 'arrive', listing))?.receipt;
}

async function accept(
  { request, run, fence }: OpenRun,
  seen: ArriveReceipt,
  ports: Pick<Ports, 'store' | 'reach'> & WithLedger<Notes>,
): Promise<ArriveReceipt> {
  const { receipt } = await once(ports, run, 'arrive', seen.listing, async () => seen);
  await ports.ledger.note(run, fence, {
    listing: receipt.listing,
    reading: readingOf(request.feed),
    files: { listed: arrivedFiles(receipt) },
  });
  await ports.reach('arrive.receipt');
  return receipt;
}

async function waitForDelivery(open: OpenRun, ports: LookPorts): Promise<ArriveReceipt> {
  return atSource(open.request, ports, async (source) => {
    tellNotes(source, ports);
    const looks = await Settling.of(open, ports);
    for (;;) {
      const sight = await watch(open.request, ports, source, looks);
      if (sight.kind === 'ready') return sight.receipt;
      await ports.sleep(sight.seconds * 1000);
    }
  });
}

/** Looks once and reports it to the user. Throws LATE when waiting makes no sense. */
async function watch(request: RunRequest, ports: LookPorts, source: Source, looks: Settling): Promise<Sight> {
  const deadline = deadlineOf(request.feed, request.date);
  const seen = await look(request, ports, source, looks).catch((thrown: unknown) => asNightfeedError(thrown));
  if (seen instanceof NightfeedError) {
    // A server that is overloaded now may be faster before the deadline.
    if (seen.name !== 'SOURCE_SLOW' || deadline === undefined || ports.now() >= deadline) throw seen;
    return waitFor(request, seen.message, deadline, ports);
  }
  if (seen.kind === 'settling') {
    await looks.saw(seen.sight);
    ports.say(`the delivery may still be growing; looking again in ${seen.seconds} s`);
    return { kind: 'waiting', seconds: seen.seconds };
  }
  const isOver = deadline === undefined || ports.now() >= deadline;
  if (seen.kind === 'absent') {
    if (isOver) throw await late(request, seen, { deadline, now: ports.now() }, source);
    return waitFor(request, seen.reason, deadline, ports);
  }
  // Files that were written again may be all that comes. They are read after the wait for newer ones is over.
  const newer = newerThanRewritten(seen.receipt);
  if (newer !== undefined && !isOver) return waitFor(request, newer, deadline, ports);
  if (seen.unproven) ports.say('note: stable is 0s, so one look had to do; a file may still have been growing');
  return seen;
}

function waitFor({ feed }: RunRequest, what: string, deadline: Date, ports: Pick<Ports, 'now' | 'say'>): Sight {
  ports.say(`${what}; waiting until ${showTime(feed, deadline)}`);
  const left = Math.ceil((deadline.getTime() - ports.now().getTime()) / 1000);
  return { kind: 'waiting', seconds: Math.min(POLL_SECONDS, left) };
}

async function look(request: RunRequest, ports: LookPorts, source: Source, looks?: Settling): Promise<Readiness> {
  return retrying(ports, async () => {
    const [marker, holding] = [await lastMarker(request, ports), await holdingOf(request, ports)];
    const steady = looks?.steady;
    const clock = (await source.clock()) ?? undefined;
    const files = await source.list(wantedNames(request.feed, request.date));
    requireShort(files);
    const listed = followedFiles(request.feed, request.date, files);
    const promised = await readDeliveryManifest(request, source, listed, ports).catch((thrown: unknown) => {
      const error = asNightfeedError(thrown);
      if (error.name === 'MANIFEST_INVALID') return error;
      throw error;
    });
    return readinessOf(request.feed, request.date, { listed, promised, clock, steady, lastMarker: marker, holding });
  });
}

async function atSource<T>(
  request: RunRequest,
  ports: Pick<Ports, 'openSource'>,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const source = await ports.openSource(request.feed, request.date);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

function tellNotes(source: Source, ports: Pick<Ports, 'say'>): void {
  for (const note of source.notes) ports.say(`note: ${note}`);
}

/** The error LATE. It says where we looked and what is there, so that nobody has to guess why that is not the delivery. */
async function late(
  { feed, date }: RunRequest,
  { reason, missed }: Extract<Readiness, { kind: 'absent' }>,
  { deadline, now }: { deadline: Date | undefined; now: Date },
  source: Source,
): Promise<NightfeedError> {
  const until = deadline ? `by the deadline ${showTime(feed, deadline)}` : 'and the feed has no deadline to wait for';
  // If the source cannot be listed now, the message is only that the delivery is late.
  const neighbours = new Neighbours(missed);
  const there = await source
    .around((neighbour) => neighbours.see(neighbour))
    .then(
      (exists) => `, ${neighbours.explain(exists)}`,
      () => '',
    );
  return new NightfeedError(
    'LATE',
    `${feed.feed} ${date}: ${reason} ${until}; at ${showTime(feed, now)} we looked in ${source.place}${there}`,
  );
}
