import { randomUUID } from 'node:crypto';
import { isQuestion, type OperatorEvent, type OperatorJobAsked } from '../core/cloud/events.ts';
import type { OperatorJob } from '../core/cloud/operator-job.ts';
import { guardsOf } from '../core/guards/approval.ts';
import type { GuardName } from '../core/guards/guard-names.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { NotifyPorts } from '../steps/notify.ts';
import { approveRun, rejectRun } from '../workflows/decide.ts';
import { listedRun } from '../workflows/runs.ts';
import { answerOf, keepOperatorJob } from './operator-job.ts';
import { answerQuestion, type ReaderPorts } from './reader.ts';
import { requireLedger } from './require-ledger.ts';

type Request = Exclude<OperatorEvent, { command: 'about' }>;
type Verdict = Extract<Request, { command: 'approve' | 'reject' }>;

interface Surroundings {
  /** The feed of this pipeline. The calling function refuses questions about other feeds. */
  readonly feed: string;
  /** The identity that asks. Throws when it is not proved. */
  whoAsks(question: Verdict | Extract<Request, { command: 'release' | 'force' }>): Promise<string>;
}

type DecidePorts = NotifyPorts & Pick<Ports, 'peopleRoles'> & WithLedger<LedgerPresence & Runs & Decisions>;
/** Neither source nor engine nor target: rows are read by a container. */
export type OperatorPorts = DecidePorts & ReaderPorts;

/** Takes decisions of the command line for a deployed pipeline, and answers its questions, in the form of `--json`. */
export async function operate(
  question: Request,
  { feed, whoAsks }: Surroundings,
  ports: OperatorPorts,
): Promise<unknown> {
  if (isQuestion(question)) return answerQuestion(question, feed, ports);
  await requireLedger(ports);
  switch (question.command) {
    case 'answer':
      return answerOf(feed, question.execution, ports);
    case 'show-quarantine':
      return ask(feed, showJob(question), ports);
    case 'audit':
      return ask(feed, { kind: 'audit' }, ports);
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

function showJob(question: Extract<Request, { command: 'show-quarantine' }>) {
  const { limit, places } = question;
  return { kind: 'show', ...waitingOf(question), limit, ...(places === undefined ? {} : { places }) } as const;
}

function waitingOf({ run, table, code }: Extract<Request, { command: 'release' | 'show-quarantine' }>) {
  return { run, table: table ?? null, code: code ?? null };
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
