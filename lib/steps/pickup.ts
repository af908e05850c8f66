import type { SourceFile } from '../core/delivery/source-file.ts';
import { asNightfeedError } from '../core/errors.ts';
import { takenAfter } from '../core/feed/spec/after.ts';
import type { Feed } from '../core/feed/spec.ts';
import { withDate } from '../core/feed/values/date-form.ts';
import { keys, runName } from '../core/run/keys.ts';
import { excerpt } from '../core/shown-text.ts';
import type { Disposal } from '../ports/disposal.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { OpenPickup, PickupOutcome, Pickups, PlannedFile } from '../ports/ledger/pickups.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { Source } from '../ports/source.ts';
import { readFeed } from './run/feed-document.ts';
import { findReceipt } from './run/receipts.ts';

export type PickupPorts = Pick<Ports, 'openSource' | 'store' | 'reach' | 'say'> & WithLedger<Pickups & Runs>;

/** What came of the vendor's files. */
export interface PickedUp {
  /** Files that were deleted or moved. */
  readonly taken: number;
  /** Files that are still there, or were left because they changed. */
  readonly left: readonly { readonly run: string; readonly file: string; readonly reason: string }[];
}

/**
 * Takes away what the feed's newest night published, as its feed file said then, and what earlier nights could not take. Which files these
 * are is kept first. It fails no night: what could not be taken is told, and tried again by the next call.
 */
export async function pickUp(feed: Feed, ports: PickupPorts): Promise<PickedUp> {
  try {
    await planNewest(feed.feed, ports);
    const open = [...Map.groupBy(await ports.ledger.openPickups(feed.feed), ({ run }) => runName(run)).values()];
    const found: PickedUp[] = [];
    for (const files of open) found.push(await takeFiles(feed, files, ports));
    return { taken: found.reduce((sum, { taken }) => sum + taken, 0), left: found.flatMap(({ left }) => left) };
  } catch (thrown) {
    const reason = asNightfeedError(thrown).message;
    ports.say(`the vendor's files are left to the next run: ${reason}`);
    return { taken: 0, left: [{ run: feed.feed, file: '*', reason }] };
  }
}

/** The same ports, to sources without what was published and waits to be taken away: what is left of a delivery is no delivery. */
export function withoutPublished<Opening extends Pick<Ports, 'openSource'> & WithLedger<Pick<Pickups, 'openPickups'>>>(
  ports: Opening,
): Opening {
  return {
    ...ports,
    openSource: async (feed, date) => unpublished(await ports.openSource(feed, date), feed.feed, ports),
  };
}

async function unpublished(
  source: Source,
  feed: string,
  { ledger }: WithLedger<Pick<Pickups, 'openPickups'>>,
): Promise<Source> {
  const open = new Map((await ledger.openPickups(feed)).map((file) => [file.name, file]));
  const isPublished = (seen: SourceFile) => {
    const planned = open.get(seen.name);
    return planned !== undefined && isSame(planned, seen);
  };
  // Getters of a source stay what they are.
  return Object.assign(Object.create(source) as Source, {
    list: async (isWanted?: (name: string) => boolean) =>
      (await source.list(isWanted)).filter((file) => !isPublished(file)),
  });
}

async function planNewest(feed: string, ports: PickupPorts): Promise<void> {
  const night = await ports.ledger.lastNight(feed);
  if (night?.listing === undefined || (await ports.ledger.isPickupPlanned(night.run))) return;
  const what = takenAfter(await readFeed(ports, keys.feed(feed, night.feedHash)));
  if (what === undefined) return;
  const arrival = await findReceipt(ports, night.run, 'arrive', night.listing);
  if (!arrival) return;
  const { files, beside = [] } = arrival.receipt;
  const named = new Map([...files, ...beside].map((file) => [file.name, file]));
  const action = what === 'delete' ? 'delete' : 'move';
  const target = what === 'delete' ? null : withDate(what.move, night.run.date);
  const planned = [...named.values()].map(({ name, size, modified, version = null }): PlannedFile => {
    return { name, size, modified, version, action, target };
  });
  await ports.ledger.planPickup(night.run, planned);
  await ports.reach('pickup.planned');
}

/** Between the listing that proves the files and the last of them lies the work on so many. */
const AT_ONCE = 50;

async function takeFiles(feed: Feed, files: readonly OpenPickup[], ports: PickupPorts): Promise<PickedUp> {
  const { run } = files[0]!;
  const left: PickedUp['left'][number][] = [];
  let taken = 0;
  const source = await ports.openSource(feed, run.date);
  try {
    const { disposal } = source;
    for (let first = 0; first < files.length; first += AT_ONCE) {
      const some = files.slice(first, first + AT_ONCE);
      const names = new Set(some.map(({ name }) => name));
      const seen = new Map((await source.list((name) => names.has(name))).map((file) => [file.name, file]));
      for (const file of some) {
        const { outcome, reason } = disposal
          ? await takeFile(file, seen.get(file.name), disposal, ports)
          : { outcome: null, reason: 'this kind of source can take nothing away' };
        await ports.ledger.notePickup(run, file.name, outcome, reason);
        if (outcome === 'done') taken += 1;
        if (reason !== null) left.push({ run: runName(run), file: file.name, reason });
        if (reason !== null) ports.say(`after: ${excerpt(file.name)} of ${runName(run)} is left: ${reason}`);
      }
    }
  } finally {
    await source.close();
  }
  return { taken, left };
}

interface Taken {
  readonly outcome: PickupOutcome | null;
  /** Why it is left. */
  readonly reason: string | null;
}

async function takeFile(
  planned: OpenPickup,
  seen: SourceFile | undefined,
  disposal: Disposal,
  ports: Pick<Ports, 'reach'>,
): Promise<Taken> {
  const { name, size, target } = planned;
  try {
    const there = target === null ? null : await disposal.sizeIn(target, name);
    // An earlier call took it and was killed before it could say so; or somebody else did.
    if (!seen) return { outcome: target !== null && there === size ? 'done' : 'gone', reason: null };
    if (!isSame(planned, seen))
      return { outcome: 'changed', reason: 'another file has its name by now, or its time cannot be told' };
    if (there !== null) return { outcome: null, reason: `${target} has a file of this name already` };
    await ports.reach('pickup.before');
    if (target === null) await disposal.remove(name);
    else await disposal.move(name, target);
    await ports.reach('pickup.after');
    return { outcome: 'done', reason: null };
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    if (error.name === 'UNFORESEEN') throw thrown;
    return { outcome: null, reason: `${error.name}: ${error.message}` };
  }
}

/** Whether this is the file that was published. Without a time or a version nothing tells it from another one of its size. */
function isSame(planned: PlannedFile, seen: SourceFile): boolean {
  if (planned.modified === null && planned.version === null) return false;
  return planned.size === seen.size && planned.modified === seen.modified && planned.version === (seen.version ?? null);
}
