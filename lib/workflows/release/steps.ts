import { NightfeedError } from '../../core/errors.ts';
import { columnsOf } from '../../core/feed/spec.ts';
import { openHolds } from '../../core/guards/approval.ts';
import { evaluateRelease } from '../../core/guards/release-guard.ts';
import { runName } from '../../core/run/keys.ts';
import type { NightResult } from '../../core/run/night-result.ts';
import type { RunOrigin } from '../../core/run/origin.ts';
import { workflows } from '../../core/workflow/workflows.ts';
import type { Claims } from '../../ports/ledger/claims.ts';
import type { Decisions } from '../../ports/ledger/decisions.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Notes } from '../../ports/ledger/open-runs.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import type { StandingTable } from '../../ports/target.ts';
import { identityOfBase } from '../../steps/base/base-identity.ts';
import { seenObjects } from '../../steps/base/seen-objects.ts';
import { busy } from '../../steps/claim.ts';
import { noteChanges } from '../../steps/diff.ts';
import { newAttempt } from '../../steps/run/attempt.ts';
import { keepFeed } from '../../steps/run/feed-document.ts';
import { once } from '../../steps/run/receipts.ts';
import { retrying } from '../../steps/run/retry.ts';
import type { OpenRun } from '../../steps/run/run-request.ts';
import { follow } from '../follow.ts';
import { nightSteps, type StepPorts } from '../night-steps.ts';
import { inRunSession, type SessionPorts } from '../run-session.ts';
import type { Given, StepContext } from '../step-work.ts';
import { keepRelease } from './receipt.ts';
import type { ReleasedRows, ReleaseRequest } from './request.ts';

type ClaimPorts = Pick<Ports, 'store' | 'sleep' | 'say' | 'reach'> & WithLedger<Pick<Claims, 'claimRelease'>>;
type DiffPorts = Pick<Ports, 'store' | 'reach'> &
  Using<'engine', 'version'> &
  Using<'target', 'inspect' | 'targetObjects'> &
  WithLedger<Notes>;
type GuardPorts = Pick<Ports, 'peopleRoles'> & WithLedger<Notes & Decisions>;
export type ReleaseStepPorts = ClaimPorts &
  SessionPorts &
  DiffPorts &
  GuardPorts &
  StepPorts['publish'] &
  StepPorts['notify'] &
  StepPorts['tidy'];

/** Publishes released rows, as a run of their own. */
export function publishRelease(rows: ReleasedRows, ports: ReleaseStepPorts): Promise<NightResult> {
  const { publish, notify, tidy } = nightSteps;
  return inRunSession(ports, (session) =>
    follow(workflows.release, {
      async claim() {
        session.opens(await claim(rows.request, ports));
        return { outcome: 'opened' };
      },
      ...session.on({
        diff: (context: StepContext<DiffPorts>) => diff(context, rows),
        guard,
        publish,
        notify,
        tidy,
      }),
    }),
  );
}

async function claim(request: ReleaseRequest, ports: ClaimPorts): Promise<OpenRun> {
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

async function diff({ open, ports, watch }: StepContext<DiffPorts>, rows: ReleasedRows) {
  const seen = await seenObjects(rows.request.feed, ports);
  const standing = await ports.target.inspect(rows.request.feed);
  const identity = { ...identityOf(rows, standing, ports), ...seen };
  const changes = await watch(() =>
    once(ports, open.run, 'diff', identity, async () => ({ ...(await keepRelease(open, rows, ports)), ...seen })),
  );
  await ports.reach('diff.receipt');
  await noteChanges(open, changes, ports);
  return { outcome: 'compared', left: { changes } } as const;
}

/** All inputs that decide on the result. The same inputs find the receipt again. */
function identityOf(
  { request: { feed, run }, applied, inputs }: ReleasedRows,
  standing: Readonly<Record<string, StandingTable>>,
  { engine }: Using<'engine', 'version'>,
) {
  return {
    ...identityOfBase(applied, feed.target.schema, standing),
    release: runName(run),
    rows: inputs.map(({ table, rejects, code, reading }) => [table, rejects, code, reading]),
    columns: inputs.map(({ table }) => columnsOf(feed.tables[table]!)),
    engine: engine.version,
  };
}

async function guard(
  { open: { request, run, fence }, ports }: StepContext<GuardPorts>,
  { changes }: Given<Rows['guard']>,
) {
  const { holds, warnings } = evaluateRelease(request.feed, run.date, changes.receipt);
  await ports.ledger.note(run, fence, { warnings });
  const approvals = holds.length > 0 ? await ports.ledger.approvals(run, changes.id) : [];
  const pass = openHolds(holds, approvals, ports.peopleRoles).length === 0;
  return { outcome: pass ? 'pass' : 'held', left: { judgement: { holds, warnings, pass } } } as const;
}

type Rows = typeof workflows.release;
