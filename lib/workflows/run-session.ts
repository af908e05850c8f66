import { asNightfeedError, type NightfeedError } from '../core/errors.ts';
import { reportOf } from '../core/run/message.ts';
import type { DiffReceipt } from '../core/run/receipt.ts';
import type { RunState } from '../core/run/state.ts';
import type { Ports } from '../ports/ports.ts';
import type { PublishedTable } from '../ports/target.ts';
import { noteChanges } from '../steps/diff.ts';
import type { Judgement } from '../steps/guard.ts';
import { endRun, endStateOf } from '../steps/run/ending.ts';
import { Heartbeat } from '../steps/run/heartbeat.ts';
import type { Kept } from '../steps/run/receipts.ts';
import type { NightResult } from '../steps/run/result.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { summaries, type TableSummary } from '../steps/run/summary.ts';

/** Works on an open run until it ends; whatever is thrown ends it in the error's state, with its message. */
export async function inRunSession(
  open: OpenRun,
  ports: Ports,
  work: (session: RunSession) => Promise<NightResult>,
): Promise<NightResult> {
  const session = new RunSession(open, ports);
  try {
    return await work(session);
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    return await session.end(endStateOf(error), error);
  } finally {
    session.close();
  }
}

/** One process at work on one run: its heartbeat, its clock, and what it knows so far. */
export class RunSession {
  readonly open: OpenRun;
  changes: Kept<DiffReceipt> | undefined;
  readonly #ports: Ports;
  readonly #seconds: Record<string, number> = {};
  readonly #heartbeat: Heartbeat;
  #tables: Record<string, TableSummary> = {};
  #noticed: Omit<Judgement, 'pass'> = { holds: [], warnings: [] };

  constructor(open: OpenRun, ports: Ports) {
    this.open = open;
    this.#ports = ports;
    this.#heartbeat = new Heartbeat(open, ports);
  }

  /** Runs a step unless another process took the run over meanwhile. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#heartbeat.check();
    this.#ports.begin(name);
    const start = this.#ports.now().getTime();
    try {
      return await work();
    } finally {
      this.#seconds[name] = (this.#seconds[name] ?? 0) + (this.#ports.now().getTime() - start) / 1000;
    }
  }

  async learn(changes: Kept<DiffReceipt>): Promise<void> {
    this.changes = changes;
    this.#tables = await noteChanges(this.open, changes, this.#ports);
  }

  judged({ holds, warnings, samples }: Judgement): void {
    this.#noticed = { holds, warnings, samples };
  }

  /** What publish really wrote; the run has ended with it. */
  wrote(tables: Readonly<Record<string, PublishedTable>>): void {
    this.#heartbeat.stop();
    this.#tables = summaries(this.changes!.receipt, tables);
  }

  /** Ends the run with its message. A fenced process leaves the ledger to the one that took over. */
  async end(state: RunState, error: NightfeedError | null = null): Promise<NightResult> {
    if (error?.name !== 'FENCED') {
      const [changeSet, tables] = [this.changes?.id ?? null, this.#tables];
      try {
        await endRun(this.open, { state, error, changeSet, tables, ...this.#noticed }, this.#ports);
      } catch (thrown) {
        this.#ports.say(`the ledger could not be told: ${asNightfeedError(thrown).message}`);
      }
    }
    return this.#result(state, error);
  }

  /** Publishing ended the run already, in its own transaction. */
  published(): NightResult {
    return this.#result('published', null);
  }

  close(): void {
    this.#heartbeat.stop();
  }

  #result(state: RunState, error: NightfeedError | null): NightResult {
    return {
      run: this.open.run,
      state,
      attempt: this.open.fence,
      tables: this.#tables,
      holds: this.#noticed.holds,
      warnings: this.#noticed.warnings,
      error: error && reportOf(error),
      steps: this.#seconds,
    };
  }
}
