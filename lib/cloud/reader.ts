import type { ReaderEvent } from '../core/cloud/events.ts';
import { parseRunName } from '../core/run/keys.ts';
import type { NightResult, TableSummary } from '../core/run/night-result.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { StepWorkers } from '../ports/ledger/step-workers.ts';
import type { QuarantineFilter, WaitingRows } from '../ports/ledger/waiting-rows.ts';
import type { Ports } from '../ports/ports.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import { listQuarantine } from '../workflows/quarantine.ts';
import { runDetail } from '../workflows/run-detail.ts';
import { listedRun, newestAndOpen, RUNS_LOOKED_AT } from '../workflows/runs.ts';
import { planOf } from './execution.ts';
import { requireLedger } from './require-ledger.ts';

export type Question = Exclude<ReaderEvent, { command: 'about' }>;

export type ReaderPorts = Pick<Ports, 'store' | 'peopleRoles'> &
  WithLedger<LedgerPresence & Runs & Decisions & StepWorkers & WaitingRows>;

/** Answers questions of the command line about a feed, in the form of `--json`. The calling function refuses questions about other feeds. */
export async function answerQuestion(question: Question, feed: string, ports: ReaderPorts): Promise<unknown> {
  await requireLedger(ports);
  switch (question.command) {
    case 'status':
      return { runs: newestAndOpen(await ports.ledger.runs({ feed, limit: RUNS_LOOKED_AT })).map(listedRun) };
    case 'history':
      return { runs: (await ports.ledger.runs({ feed, limit: question.limit })).map(listedRun) };
    case 'quarantine':
      return listQuarantine(filterOf(question, feed), ports);
    case 'show':
      return show(feed, question.execution, ports);
    case 'detail':
      return runDetail(question.run, ports);
    case 'planned':
      return planOf(feed, question.execution, ports);
  }
}

function filterOf({ run, table, code }: Extract<Question, { command: 'quarantine' }>, feed: string): QuarantineFilter {
  return { feed, ...(run ? { run: parseRunName(run)! } : {}), ...(table ? { table } : {}), ...(code ? { code } : {}) };
}

async function show(
  feed: string,
  execution: string,
  { ledger }: WithLedger<Runs & StepWorkers>,
): Promise<NightResult | null> {
  const run = await ledger.runOf(executionOwner(execution));
  const row = run?.feed === feed ? await ledger.find(run) : null;
  if (!row) return null;
  const { state, fence, tables = {}, holds, warnings = [], error } = row;
  return {
    run: row.run,
    state,
    attempt: fence,
    tables: tables as Record<string, TableSummary>,
    holds,
    warnings,
    error,
    steps: {},
  };
}
