import { NightfeedError } from '../core/errors.ts';
import type { OperatorEvent } from '../core/run/contract.ts';
import { approveRun, rejectRun } from './decide.ts';
import { executionOwner } from './entry.ts';
import { planOf } from './execution.ts';
import type { RunRow } from './ledger-port.ts';
import type { Ports } from './ports.ts';
import type { NightResult } from './result.ts';
import { listedRun, newestOfEach } from './runs.ts';
import type { TableSummary } from './summary.ts';

type Question = Exclude<OperatorEvent, { command: 'about' }>;
type Verdict = Extract<Question, { command: 'approve' | 'reject' }>;

interface Surroundings {
  /** The feed of this pipeline: it answers for no other. */
  readonly feed: string;
  /** Who asks for a decision. Throws when that is not proved. */
  whoAsks(verdict: Verdict): Promise<string>;
}

/** Answers the command line for a deployed pipeline, in what the laptop's `--json` prints. */
export async function operate(question: Question, { feed, whoAsks }: Surroundings, ports: Ports): Promise<unknown> {
  switch (question.command) {
    case 'status':
      return { runs: newestOfEach(await ports.ledger.runs({ feed, limit: 1 })).map(listedRun) };
    case 'history':
      return { runs: (await ports.ledger.runs({ feed, limit: question.limit })).map(listedRun) };
    case 'show':
      return show(question.execution, ports);
    case 'planned':
      return planOf(feed, question.execution, ports);
    default:
      return decide(question, feed, whoAsks, ports);
  }
}

async function show(execution: string, { ledger }: Ports): Promise<NightResult | null> {
  const run = await ledger.runOf(executionOwner(execution));
  const row = run && (await ledger.find(run));
  if (!row) return null;
  const { state, fence, tables = {}, holds, error } = row;
  return {
    run: row.run,
    state,
    attempt: fence,
    tables: tables as Record<string, TableSummary>,
    holds,
    error,
    steps: {},
  };
}

async function decide(
  verdict: Verdict,
  feed: string,
  whoAsks: Surroundings['whoAsks'],
  ports: Ports,
): Promise<ReturnType<typeof listedRun> & { readonly by: string }> {
  const { command, run, reason } = verdict;
  if (!run.startsWith(`${feed}/`))
    throw new NightfeedError('RUN_UNKNOWN', `this pipeline's runs are those of ${feed}, not ${run}`);
  const by = await whoAsks(verdict);
  const decided: RunRow = await (command === 'approve' ? approveRun : rejectRun)(run, { by, reason }, ports);
  return { ...listedRun(decided), by };
}
