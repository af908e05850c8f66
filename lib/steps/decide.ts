import { NightfeedError } from '../core/errors.ts';
import { parseRunName, runName } from '../core/run/keys.ts';
import { runMessage } from '../core/run/message.ts';
import type { RunRow } from './ledger-port.ts';
import { notify } from './notify.ts';
import type { Ports } from './ports.ts';

/** Who decides on a held run, and why. */
export interface Decider {
  readonly by: string;
  readonly reason: string;
}

/** Records the approval of the change set that was seen; asked again, it changes nothing. Throws RUN_UNKNOWN, NOT_HELD. */
export async function approveRun(name: string, decider: Decider, ports: Ports): Promise<RunRow> {
  const row = await knownRun(name, ports);
  const { run, changeSet } = row;
  const isApproved = changeSet !== undefined && (await ports.ledger.approved(run, changeSet));
  if (!isApproved) await decide(row, 'approved', decider, ports);
  return row;
}

/** Ends a held run, and tells it. Throws RUN_UNKNOWN, NOT_HELD. */
export async function rejectRun(name: string, decider: Decider, ports: Ports): Promise<RunRow> {
  const row = await knownRun(name, ports);
  await decide(row, 'rejected', decider, ports);
  await notify(ports);
  return { ...row, state: 'rejected' };
}

async function knownRun(name: string, { ledger }: Ports): Promise<RunRow> {
  const run = parseRunName(name);
  if (!run)
    throw new NightfeedError(
      'RUN_UNKNOWN',
      `${JSON.stringify(name)} is no run; runs are named like catalog/2026-11-20`,
    );
  const row = (await ledger.exists()) ? await ledger.find(run) : null;
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${name}`);
  return row;
}

async function decide(
  { run, state, changeSet, tables = {}, holds }: RunRow,
  verdict: 'approved' | 'rejected',
  { by, reason }: Decider,
  { ledger }: Ports,
): Promise<void> {
  if (state !== 'held' || !changeSet) throw new NightfeedError('NOT_HELD', `${runName(run)} is ${state}`);
  const message = runMessage({ run, state: 'rejected', changeSet, tables, holds });
  await ledger.decide(run, { changeSet, verdict, by, reason }, message);
}
