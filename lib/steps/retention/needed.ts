import { compareRuns, keys, placeOfKey, type RunId, runName } from '../../core/run/keys.ts';
import { agingZones } from '../../core/run/removal.ts';
import { isFinished } from '../../core/run/state.ts';
import type { Applied } from '../../ports/ledger/applied.ts';
import type { RunRow } from '../../ports/ledger/runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { isLost, readSnapshotManifest } from '../base/snapshot.ts';
import { findReceipt } from '../run/receipts.ts';
import { type AddNeed, type Need, type NeedPorts, tableOf, wholeOf } from './need.ts';
import { quarantineNeeds } from './quarantine-needs.ts';

/** What of a feed has to stay, however old it is. */
export interface Needed {
  of(key: string): Promise<Need | undefined>;
}

/** Collects what production, runs and quarantine need. `quarantineDays`: how long rejected rows can be released, if that has an end. */
export async function neededOf(feed: string, quarantineDays: number | undefined, ports: NeedPorts): Promise<Needed> {
  const applied = await ports.ledger.applied(feed);
  const named = new Map<string, Need>();
  const add: AddNeed = (key, need) => void (named.has(key) || named.set(key, need));
  await addProduction(feed, applied, add, ports);
  await quarantineNeeds(feed, quarantineDays, add, ports);
  const ofRuns = new Map<string, Need | undefined>();
  return {
    async of(key) {
      const place = placeOfKey(key);
      if (!place) return 'open run';
      const { run, zone, rest } = place;
      const name = runName(run);
      if (!ofRuns.has(name)) ofRuns.set(name, needOfRun(run, await ports.ledger.find(run), applied));
      return (
        ofRuns.get(name) ??
        named.get(key) ??
        named.get(wholeOf(zone, run)) ??
        named.get(`${wholeOf(zone, run)}${rest[0]}/`) ??
        (rest[1] === undefined ? undefined : named.get(tableOf(zone, run, rest[1])))
      );
    },
  };
}

/** A run that is not over needs all that it has. So may a run that the ledger does not know, unless production holds a newer delivery: it is a plan's. */
function needOfRun(run: RunId, row: RunRow | null, applied: Applied | null): Need | undefined {
  if (row?.state === 'held') return 'held run';
  if (row) return isFinished(row.state) ? undefined : 'open run';
  return applied && compareRuns(run, applied.run) < 0 ? undefined : 'open run';
}

/** As many as a look for the last marker goes back. */
const RUNS_BACK = 100;

/**
 * The snapshots that production holds, the ones before, which a plan or a release at work may have begun with, and the receipts that the next
 * night asks: what the last deliveries were, so that none of their markers or generations counts again.
 */
async function addProduction(feed: string, applied: Applied | null, add: AddNeed, ports: NeedPorts): Promise<void> {
  if (!applied) return;
  const runs = (await ports.ledger.runs({ feed, limit: RUNS_BACK })).sort((a, b) => compareRuns(b.run, a.run));
  const isBefore = ({ run }: RunRow) => compareRuns(run, applied.run) < 0;
  const before = runs.find((row) => row.state === 'published' && isBefore(row));
  const snapshots = Object.values(applied.tables).map(({ snapshot }) => snapshot);
  const receipt =
    before?.changeSet === undefined ? null : await findReceipt(ports, before.run, 'diff', before.changeSet);
  for (const { snapshot } of Object.values(receipt?.receipt.tables ?? {})) snapshots.push(snapshot);
  for (const key of snapshots) await addSnapshot(key, add, ports);
  const listed = runs.find(({ run, listing }) => run.date < applied.run.date && listing !== undefined);
  const last = await ports.ledger.lastNight(feed);
  const asked = runs.filter(({ run }) => run.date >= applied.run.date);
  for (const row of [listed, last, ...asked]) if (row) add(keys.receipts(row.run, 'arrive'), 'production');
  for (const run of [applied.run, ...(before ? [before.run] : [])]) addRun(run, add);
}

/** A whole run, so that its receipts name nothing that is gone. */
function addRun(run: RunId, add: AddNeed): void {
  for (const zone of agingZones) add(wholeOf(zone, run), 'production');
}

async function addSnapshot(key: string, add: AddNeed, ports: Pick<Ports, 'store'>): Promise<void> {
  add(key, 'production');
  const place = placeOfKey(key);
  if (place) addRun(place.run, add);
  try {
    const { files, drops, carried } = await readSnapshotManifest(ports, key);
    for (const { parts } of files) for (const part of parts) add(part.key, 'production');
    for (const object of [drops, carried]) if (object) add(object.key, 'production');
  } catch (thrown) {
    // A snapshot that is lost is read back from production, and names nothing.
    if (!isLost(thrown)) throw thrown;
  }
}
