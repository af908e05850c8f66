import { NightfeedError } from '../core/errors.ts';
import { guardsOf, hasApproved, openHolds } from '../core/guards/approval.ts';
import type { Finding } from '../core/guards/finding.ts';
import type { GuardName } from '../core/guards/guard-names.ts';
import { parseRunName, runName } from '../core/run/keys.ts';
import { runMessage } from '../core/run/message.ts';
import type { Decision, Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { RunRow, Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';

/** Who decides on a held run, and why. */
export interface Decider {
  readonly by: string;
  readonly reason: string;
}

export interface Approver extends Decider {
  /** The only guard that is approved. Default: all guards that hold. */
  readonly guard?: GuardName;
}

export interface Approved {
  readonly row: RunRow;
  /** Findings that still need a decision; empty when the run may continue. */
  readonly open: readonly Finding[];
}

/** Counts people, so it has to know whose sessions are people. */
type ApprovalPorts = Pick<Ports, 'peopleRoles'> & WithLedger<LedgerPresence & Runs & Decisions>;

/**
 * Records an approval of the run's change set. When nothing more needs an approval, it changes nothing. Throws RUN_UNKNOWN, NOT_HELD, and
 * SECOND_PERSON when another person has to approve too.
 */
export async function approveRun(name: string, approver: Approver, ports: ApprovalPorts): Promise<Approved> {
  const row = await knownRun(name, ports);
  const { run, changeSet, holds } = row;
  const before = changeSet === undefined ? [] : await ports.ledger.approvals(run, changeSet);
  const open = openHolds(holds, before, ports.peopleRoles);
  if (before.length > 0 && open.length === 0) return { row, open };
  requireHeld(row);
  const asked = guardsToApprove(row, open, approver.guard);
  if (asked.length === 0) return { row, open };
  const guards = asked.filter((guard) => !hasApproved(guard, approver.by, before, ports.peopleRoles));
  if (guards.length === 0) throw secondPerson(row, asked, approver.by);
  await record(row, { verdict: 'approved', guards }, approver, ports);
  return { row, open: openHolds(holds, await ports.ledger.approvals(run, changeSet!), ports.peopleRoles) };
}

/** Ends a held run, with a message. Throws RUN_UNKNOWN, NOT_HELD. */
export async function rejectRun(
  name: string,
  decider: Decider,
  ports: NotifyPorts & WithLedger<LedgerPresence & Runs & Decisions>,
): Promise<RunRow> {
  const row = await knownRun(name, ports);
  requireHeld(row);
  await record(row, { verdict: 'rejected', guards: null }, decider, ports);
  await notify(ports);
  return { ...row, state: 'rejected' };
}

export async function knownRun(name: string, { ledger }: WithLedger<LedgerPresence & Runs>): Promise<RunRow> {
  const run = parseRunName(name);
  if (!run)
    throw new NightfeedError(
      'RUN_UNKNOWN',
      `${JSON.stringify(name)} is not the name of a run; runs are named like catalog/2026-11-20`,
    );
  const row = (await ledger.exists()) ? await ledger.find(run) : null;
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${name}`);
  return row;
}

function requireHeld({ run, state, changeSet }: RunRow): void {
  if (state !== 'held' || !changeSet) throw new NightfeedError('NOT_HELD', `${runName(run)} is ${state}`);
}

/** The guards that hold this run, still need an approval, and are to be approved now. */
function guardsToApprove({ run, holds }: RunRow, open: readonly Finding[], only: GuardName | undefined): GuardName[] {
  if (only === undefined) return guardsOf(open);
  if (!guardsOf(holds).includes(only)) {
    const holding = guardsOf(holds).join(', ');
    throw new NightfeedError('NOT_HELD', `${runName(run)} is not held by ${only}; it is held by ${holding}`);
  }
  return guardsOf(open).filter((guard) => guard === only);
}

function secondPerson({ run }: RunRow, guards: readonly GuardName[], by: string): NightfeedError {
  return new NightfeedError(
    'SECOND_PERSON',
    `${runName(run)}: ${guards.join(', ')} needs two different people; ${by} counts as one who has approved it already`,
  );
}

async function record(
  { run, changeSet, tables = {}, holds, warnings = [] }: RunRow,
  decided: Pick<Decision, 'verdict' | 'guards'>,
  { by, reason }: Decider,
  { ledger }: WithLedger<Decisions>,
): Promise<void> {
  const message = runMessage({ run, state: 'rejected', changeSet: changeSet!, tables, holds, warnings });
  await ledger.decide(run, { changeSet: changeSet!, ...decided, by, reason }, message);
}
