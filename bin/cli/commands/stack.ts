import type { Ended } from '../../../lib/aws/execution.ts';
import { type Pipeline, pipelineOf as pipelineAt } from '../../../lib/aws/pipeline.ts';
import type { Decided } from '../../../lib/cloud/operator.ts';
import type { Shown } from '../../../lib/cloud/operator-job.ts';
import { causeSchema, type ExecutionInput, type OperatorJobAsked } from '../../../lib/core/cloud/events.ts';
import { MAX_SHOWN, type OperatorJobAnswer, type OperatorJobKind } from '../../../lib/core/cloud/operator-job.ts';
import { isErrorName, NightfeedError } from '../../../lib/core/errors.ts';
import type { GuardName } from '../../../lib/core/guards/guard-names.ts';
import { parseRunName } from '../../../lib/core/run/keys.ts';
import { reportOf } from '../../../lib/core/run/message.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { runStates } from '../../../lib/core/run/state.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { answered as resultWith } from '../../../lib/steps/run/result.ts';
import type { Audit } from '../../../lib/workflows/audit.ts';
import type { QuarantineList } from '../../../lib/workflows/quarantine.ts';
import type { ReleaseResult } from '../../../lib/workflows/release/release.ts';
import type { RunDetail } from '../../../lib/workflows/run-detail.ts';
import type { ListedRun } from '../../../lib/workflows/runs.ts';
import { reportAudit } from '../output/audit-report.ts';
import { reportApproval, reportRejection } from '../output/decision-report.ts';
import { reportDetail } from '../output/detail-report.ts';
import { reportStackLog } from '../output/log-report.ts';
import { reportNight } from '../output/night-report.ts';
import type { Output } from '../output/output.ts';
import type { NightOfStack } from '../wanted-night.ts';
import { reportRuns } from './history.ts';
import { reportList, reportShown, SHOWN, writeCsv } from './quarantine.ts';
import { reportRelease } from './release.ts';

/** The same commands for a deployed pipeline, `<stage>-<feed>`. */
export const onStack = {
  async run(output: Output, stack: string, { wait, ...wanted }: NightOfStack & { wait: boolean }): Promise<number> {
    const { input, name } = await inputFor(pipelineOf(stack), wanted);
    return night(output, stack, input, { wait, name });
  },

  async plan(output: Output, stack: string, wanted: NightOfStack): Promise<number> {
    const pipeline = pipelineOf(stack);
    const { date } = wanted;
    const { input, name } = await inputFor(pipeline, wanted);
    const { execution, ended, seconds } = await execute(output, pipeline, { ...input, plan: true }, name);
    const planned = await pipeline.ask<NightResult | null>({ command: 'planned', execution });
    const result = planned ?? resultOf(ended);
    return reportNight(output, { result, date: result.run?.date ?? date ?? null, seconds, isPlan: true });
  },

  async audit(output: Output, stack: string): Promise<number> {
    const { result } = await answered<Audit>(output, stack, 'audit', (pipeline) =>
      pipeline.ask<OperatorJobAsked>({ command: 'audit' }),
    );
    return reportAudit(output, result, { stack });
  },

  async detail(output: Output, stack: string, run: string): Promise<number> {
    return reportDetail(output, await pipelineOf(stack).ask<RunDetail>({ command: 'detail', run: known(run) }), stack);
  },

  async logs(output: Output, stack: string, run: string): Promise<number> {
    return reportStackLog(output, stack, known(run));
  },

  async status(output: Output, stack: string): Promise<number> {
    const { runs } = await pipelineOf(stack).ask<{ runs: ListedRun[] }>({ command: 'status' });
    return reportRuns(output, runs);
  },

  async history(output: Output, stack: string, { limit }: { limit: number }): Promise<number> {
    const { runs } = await pipelineOf(stack).ask<{ runs: ListedRun[] }>({ command: 'history', limit });
    return reportRuns(output, runs);
  },

  async quarantine(
    output: Output,
    stack: string,
    { run, table, code }: { run?: string; table?: string; code?: string },
  ): Promise<number> {
    const filter = { ...(run ? { run } : {}), ...(table ? { table } : {}), ...(code ? { code } : {}) };
    return reportList(output, await pipelineOf(stack).ask<QuarantineList>({ command: 'quarantine', ...filter }));
  },

  async show(
    output: Output,
    stack: string,
    run: string,
    { limit, csv, places, table, code }: Filter & { limit?: number; csv?: string; places: boolean },
  ): Promise<number> {
    const most = limit ?? (csv === undefined ? SHOWN : MAX_SHOWN);
    if (most > MAX_SHOWN)
      throw new NightfeedError('USAGE', `received --limit ${most}; with --stack it is at most ${MAX_SHOWN}`, {
        hint: `Narrow it down with --table and --code; all rows are in the report in the lake's changes/.`,
      });
    const asked = { command: 'show-quarantine', run: known(run), table, code, limit: most, places } as const;
    const shown = await answered<Shown>(output, stack, 'show', (pipeline) => pipeline.ask<OperatorJobAsked>(asked));
    if (csv === undefined) return reportShown(output, run, shown.result);
    if (shown.result.more) output.say(`only the first ${shown.result.rows.length} rows; the others are in the lake`);
    return writeCsv(output, shown.result.rows, csv, most);
  },

  /** Releases rows under the deployed feed, in the name of the identity that is signed in to AWS. */
  async release(output: Output, stack: string, run: string, { table, code }: Filter): Promise<number> {
    const asked = { command: 'release', run: known(run), table, code } as const;
    const { result, seconds } = await answered<ReleaseResult>(output, stack, 'release', (pipeline) =>
      pipeline.decide<OperatorJobAsked>(asked),
    );
    return reportRelease(output, parseRunName(run)!, result, { seconds, stack });
  },

  async approve(
    output: Output,
    stack: string,
    run: string,
    options: { reason: string; guard?: GuardName; run: boolean; wait: boolean },
  ): Promise<number> {
    const { reason, guard } = options;
    const decided = await pipelineOf(stack).decide<Decided>({ command: 'approve', run: known(run), reason, guard });
    if (decided.open.length > 0 || !options.run)
      return reportApproval(output, decided, { isLast: !options.run, stack });
    output.say(`approved by ${decided.by}`);
    if (decided.origin?.kind === 'release') {
      const { run: of, table, code } = decided.origin;
      return onStack.release(output, stack, of, { ...(table ? { table } : {}), ...(code ? { code } : {}) });
    }
    return night(output, stack, { resumes: run }, { wait: options.wait });
  },

  async reject(output: Output, stack: string, run: string, { reason }: { reason: string }): Promise<number> {
    return reportRejection(
      output,
      await pipelineOf(stack).decide<Decided>({ command: 'reject', run: known(run), reason }),
    );
  },
};

function pipelineOf(stack: string): Pipeline {
  return pipelineAt(stack, process.env.AWS_ENDPOINT_URL);
}

function known(run: string): string {
  if (parseRunName(run)) return run;
  throw new NightfeedError(
    'RUN_UNKNOWN',
    `${JSON.stringify(run)} is not the name of a run; runs are named like catalog/2026-11-20`,
  );
}

/** For a date that is forced, the operator function first stores who asks, which it can prove. */
async function inputFor(
  pipeline: Pipeline,
  { date, force }: NightOfStack,
): Promise<{ readonly input: ExecutionInput; readonly name?: string }> {
  const input = date === undefined ? {} : { date };
  if (date === undefined || force === undefined) return { input };
  const { errand } = await pipeline.decide<OperatorJobAsked>({ command: 'force', date, reason: force.reason });
  return { input: { ...input, forced: true }, name: errand };
}

async function night(
  output: Output,
  stack: string,
  input: ExecutionInput,
  { wait, name }: { readonly wait: boolean; readonly name?: string | undefined },
): Promise<number> {
  const pipeline = pipelineOf(stack);
  if (!wait) {
    const execution = await pipeline.start(input, name);
    output.answer({ execution });
    output.print(execution);
    return 0;
  }
  const { execution, ended, seconds } = await execute(output, pipeline, input, name);
  const shown = await pipeline.ask<NightResult | null>({ command: 'show', execution });
  // When the run still counts as running, somebody stopped the execution.
  const result = shown && shown.state !== 'running' ? shown : resultOf(ended);
  const steps = Object.entries(ended.seconds).map(([state, spent]) => [state.toLowerCase(), spent] as const);
  const worked = Object.fromEntries(steps.filter(([name]) => isStep(name)));
  const date = result.run?.date ?? input.date ?? null;
  return reportNight(output, { result: { ...result, steps: worked }, date, seconds, stack });
}

async function execute(output: Output, pipeline: Pipeline, input: ExecutionInput, name?: string) {
  const start = performance.now();
  const execution = await pipeline.start(input, name);
  output.say(execution);
  const ended = await pipeline.follow(execution, (state) => {
    const name = state.toLowerCase();
    if (isStep(name)) output.begin(name);
  });
  output.done();
  return { execution, ended, seconds: (performance.now() - start) / 1000 };
}

/** Has a container do an operator job, in an execution with the name of the job, and returns its answer. */
async function answered<Result>(
  output: Output,
  stack: string,
  errand: OperatorJobKind,
  ask: (pipeline: Pipeline) => Promise<OperatorJobAsked>,
): Promise<{ readonly result: Result; readonly seconds: number }> {
  const pipeline = pipelineOf(stack);
  const { errand: name } = await ask(pipeline);
  const { execution, ended, seconds } = await execute(output, pipeline, { errand }, name);
  const answer = await pipeline.ask<OperatorJobAnswer<Result> | null>({ command: 'answer', execution });
  if (answer && 'result' in answer) return { result: answer.result, seconds };
  const { name: error, message, hint } = answer?.error ?? resultOf(ended).error!;
  throw new NightfeedError(isErrorName(error) ? error : 'UNFORESEEN', message, { hint });
}

interface Filter {
  readonly table?: string | undefined;
  readonly code?: string | undefined;
}

function isStep(name: string): boolean {
  return (stepNames as readonly string[]).includes(name);
}

/** The result of an execution that opened no run. The name of its last state is that of the run's state. */
function resultOf({ state, error }: Ended): NightResult {
  const name = state.toLowerCase();
  const known = runStates.find((each) => each === name) ?? (name === 'busy' ? 'running' : 'failed');
  if (!error) return resultWith(null, known);
  const kind = isErrorName(error.name) ? error.name : 'EXECUTION_DIED';
  return resultWith(null, known, reportOf(new NightfeedError(kind, messageOf(error))));
}

/** The message of the function's error, which Step Functions wraps in JSON. */
function messageOf({ name, cause }: NonNullable<Ended['error']>): string {
  try {
    return causeSchema.parse(JSON.parse(cause)).errorMessage ?? cause;
  } catch {
    return cause || name;
  }
}
