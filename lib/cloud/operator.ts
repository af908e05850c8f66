import { randomUUID } from 'node:crypto';
import type { OperatorEvent, OperatorJobAsked } from '../core/cloud/events.ts';
import type { OperatorJob } from '../core/cloud/operator-job.ts';
import { guardsOf } from '../core/guards/approval.ts';
import type { GuardName } from '../core/guards/guard-names.ts';
import { parseRunName } from '../core/run/keys.ts';
import type { NightResult, TableSummary } from '../core/run/night-result.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { StepWorkers } from '../ports/ledger/step-workers.ts';
import type { QuarantineFilter, WaitingRows } from '../ports/ledger/waiting-rows.ts';
import type { Ports } from '../ports/ports.ts';
import type { NotifyPorts } from '../steps/notify.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import { approveRun, rejectRun } from '../workflows/decide.ts';
import { listQuarantine } from '../workflows/quarantine.ts';
import { runDetail } from '../workflows/run-detail.ts';
import { listedRun, newestAndOpen, RUNS_LOOKED_AT } from '../workflows/runs.ts';
import { planOf } from './execution.ts';
import { answerOf, keepOperatorJob } from './operator-job.ts';
import { requireLedger } from './require-ledger.ts';

type Question = Exclude<OperatorEvent, { command: 'about' }>;
type Verdict = Extract<Question, { command: 'approve' | 'reject' }>;

interface Surroundings {
  /** The feed of this pipeline. The calling function refuses questions about other feeds. */
  readonly feed: string;
  /** The identity that asks. Throws when it is not proved. */
  whoAsks(question: Verdict | Extract<Question, { command: 'release' | 'force' }>): Promise<string>;
}

type DecidePorts = NotifyPorts & WithLedger<LedgerPresence & Runs & Decisions>;
/** Neither source nor engine nor target: rows are read by a container. */
export type OperatorPorts = DecidePorts & Pick<Ports, 'store'> & WithLedger<StepWorkers & WaitingRows>;

/** Answers the command line for a deployed pipeline, in the form of `--json`. */
export async function operate(
  question: Question,
  { feed, whoAsks }: Surroundings,
  ports: OperatorPorts,
): Promise<unknown> {
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
    case 'answer':
      return answerOf(feed, question.execution, ports);
    case 'show-quarantine':
      return ask(feed, { kind: 'show', ...waitingOf(question), limit: question.limit }, ports);
    case 'release':
      return ask(feed, { kind: 'release', ...waitingOf(question), by: await whoAsks(question) }, ports);
    case 'force': {
      const { command: kind, date, reason } = question;
      return ask(feed, { kind, date, reason, by: await whoAsks(question) }, ports);
    }
    default:
      return decide(question, whoAsks, ports);
  }
}

/** Stores a job, for an execution that gets the job's name. */
async function ask(feed: string, job: OperatorJob, ports: Pick<Ports, 'store'>): Promise<OperatorJobAsked> {
  const name = randomUUID();
  await keepOperatorJob(feed, name, job, ports);
  return { errand: name };
}

function waitingOf({ run, table, code }: Extract<Question, { command: 'release' | 'show-quarantine' }>) {
  return { run, table: table ?? null, code: code ?? null };
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

/** The result of a decision. `open` are the guards that still need one. */
export type Decided = ReturnType<typeof listedRun> & { readonly by: string; readonly open: readonly GuardName[] };

async function decide(verdict: Verdict, whoAsks: Surroundings['whoAsks'], ports: DecidePorts): Promise<Decided> {
  const { command, run, reason } = verdict;
  const by = await whoAsks(verdict);
  if (command === 'reject') return { ...listedRun(await rejectRun(run, { by, reason }, ports)), by, open: [] };
  const only = verdict.guard ? { guard: verdict.guard } : {};
  const { row, open } = await approveRun(run, { by, reason, ...only }, ports);
  return { ...listedRun(row), by, open: guardsOf(open) };
}
