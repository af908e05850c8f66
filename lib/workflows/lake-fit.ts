import { asNightfeedError } from '../core/errors.ts';
import { compareRuns, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { Lakes } from '../ports/ledger/lakes.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { findSnapshot } from '../steps/base/base.ts';
import { checkLake } from '../steps/run/lake.ts';

/** How the lake and the ledger of a feed fit, after either of them was restored. */
export interface LakeFit {
  /** Why the ledger's lake is another one; null when it is this one, or the ledger names none. */
  readonly other: string | null;
  /** Tables whose snapshot the lake does not have, or not whole, with the reason: the lake is older than the ledger. */
  readonly lost: readonly { readonly table: string; readonly reason: string }[];
  /** Runs that the lake has and the ledger does not know, oldest first: the ledger is older than the lake, or they were only planned. */
  readonly ahead: readonly RunId[];
}

export type FitPorts = Pick<Ports, 'store'> &
  WithLedger<LedgerPresence & AppliedState & Pick<Lakes, 'lake'> & Pick<Runs, 'find'>>;

export async function lakeFit(feed: string, ports: FitPorts): Promise<LakeFit> {
  const other = await checkLake(feed, ports).then(
    () => null,
    (thrown: unknown) => {
      const error = asNightfeedError(thrown);
      if (error.name !== 'LAKE_OTHER') throw thrown;
      return error.message;
    },
  );
  if (other !== null) return { other, lost: [], ahead: [] };
  const hasLedger = await ports.ledger.exists();
  const applied = hasLedger ? await ports.ledger.applied(feed) : null;
  const lost = [];
  for (const [table, { snapshot }] of Object.entries(applied?.tables ?? {})) {
    const found = await findSnapshot(snapshot, ports);
    if (found.kind === 'lost') lost.push({ table, reason: found.what });
  }
  return { other, lost, ahead: await ahead(feed, applied?.run ?? null, hasLedger, ports) };
}

/** Runs whose change set lies in the lake, newer than what production holds, and of which the ledger knows nothing. */
async function ahead(
  feed: string,
  applied: RunId | null,
  hasLedger: boolean,
  { store, ledger }: FitPorts,
): Promise<RunId[]> {
  const compared = (await store.list(`receipts/${feed}/`)).flatMap(({ key }) => {
    const [, , date, step] = key.split('/');
    return step === 'diff' ? [`${feed}/${date}`] : [];
  });
  const runs = [...new Set(compared)].flatMap((name) => parseRunName(name) ?? []).sort(compareRuns);
  const isKnown = async (run: RunId) => hasLedger && (await ledger.find(run)) !== null;
  const found = [];
  for (const run of runs)
    if ((applied === null || compareRuns(run, applied) > 0) && !(await isKnown(run))) found.push(run);
  return found;
}

/** Where the nights of a feed run: on this machine, or as a deployed pipeline. */
export type NightsRun = { readonly feedFile: string } | { readonly stack: string };

/** What to do next, in sentences with the command to type; none when they fit. */
export function nextAfter({ other, lost, ahead }: LakeFit, where: NightsRun, isNew: boolean): string[] {
  if (other !== null) return [`${other}. ${toThatLake(where)}`];
  // A new database has no history that older nights could add to.
  const dates = [...new Set(ahead.map(({ date }) => date))].slice(isNew ? -1 : 0);
  return [
    ...(lost.length > 0
      ? [
          `The lake is older than the ledger: it has no whole snapshot of ${lost.map(({ table }) => table).join(', ')}. Type nothing: the next night reads these tables back from production, proved by the ledger.`,
        ]
      : []),
    ...(dates.length > 0
      ? [
          `The lake has ${ahead.map(runName).join(', ')}, which the ledger does not know: it was restored to a time before, or they were only planned. Run these nights, in this order: ${dates
            .map(
              (date) => `nightfeed run ${'stack' in where ? `--stack ${where.stack}` : where.feedFile} --date ${date}`,
            )
            .join('; ')}`,
        ]
      : []),
  ];
}

function toThatLake(where: NightsRun): string {
  if ('stack' in where)
    return "Deploy the feed with that lake's bucket; or, if it is lost for good, type this where the database can be reached: nightfeed migrate FEED.yaml --new-lake";
  return `Set NIGHTFEED_HOME to that lake's folder; or, if it is lost for good: nightfeed migrate ${where.feedFile} --new-lake`;
}
