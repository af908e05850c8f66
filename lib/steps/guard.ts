import { requireNews } from '../core/delivery/rewritten.ts';
import { openHolds } from '../core/guards/approval.ts';
import type { Finding } from '../core/guards/finding.ts';
import { evaluate } from '../core/guards/guard.ts';
import type { ArriveReceipt } from '../core/run/arrive-receipt.ts';
import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import type { SampleLines } from '../core/run/message.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Notes } from '../ports/ledger/open-runs.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { Kept } from './run/receipts.ts';
import type { OpenRun } from './run/run-request.ts';
import { sampleLines } from './run/samples.ts';

export type GuardPorts = Pick<Ports, 'store' | 'reach' | 'peopleRoles'> & WithLedger<Notes & Runs & Decisions>;

export interface Judgement {
  readonly holds: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Nothing holds the run, or all that holds it was approved for exactly this change set. */
  readonly pass: boolean;
  /** Sample rows for the message about a hold, where the feed asks for them. */
  readonly samples?: readonly SampleLines[] | undefined;
}

/** Decides from the receipts, and from the numbers of the nights before, whether the night may be published. */
export async function guard(
  open: OpenRun,
  arrival: ArriveReceipt,
  { receipt, id }: Kept<DiffReceipt>,
  ports: GuardPorts,
): Promise<Judgement> {
  const { run, fence, request } = open;
  requireNews(arrival, receipt);
  const past = await ports.ledger.pastNights(run, request.feed.guards.learn.nights);
  const { holds, warnings, measures } = evaluate({ feed: request.feed, date: run.date, arrival, diff: receipt, past });
  await ports.ledger.note(run, fence, { measures, warnings });
  const approvals = holds.length > 0 ? await ports.ledger.approvals(run, id) : [];
  await ports.reach('guard.done');
  const pass = openHolds(holds, approvals, ports.peopleRoles).length === 0;
  if (pass || !request.feed.guards.samples_in_messages) return { holds, warnings, pass };
  return { holds, warnings, pass, samples: await sampleLines(holds, receipt, ports) };
}
