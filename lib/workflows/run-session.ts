import { asNightfeedError, type NightfeedError } from '../core/errors.ts';
import type { RunId } from '../core/run/keys.ts';
import { levelOfState } from '../core/run/log-level.ts';
import { reportOf } from '../core/run/message.ts';
import type { NightResult, TableSummary } from '../core/run/night-result.ts';
import type { RunState } from '../core/run/state.ts';
import type { EndedStep } from '../core/run/step-use.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Endings, Heartbeats } from '../ports/ledger/open-runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { BegunNight } from '../ports/telemetry.ts';
import type { Judgement } from '../steps/guard.ts';
import { type EndingPorts, endRun, endStateOf } from '../steps/run/ending.ts';
import { Heartbeat } from '../steps/run/heartbeat.ts';
import { answered } from '../steps/run/result.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { StepClock } from '../steps/run/step-clock.ts';
import { loggedStep, type StepLogPorts } from '../steps/run/step-log.ts';
import { summaries } from '../steps/run/summary.ts';
import { type AnyStep, type AnySteps, type Bound, bound, type Followed } from './follow.ts';
import { volumeOf } from './step-volume.ts';
import type { Answer, Products } from './step-work.ts';

/** What a session itself uses; its steps are given these and their own. */
export type SessionPorts = EndingPorts &
  StepLogPorts &
  Pick<Ports, 'begin' | 'telemetry'> &
  WithLedger<Heartbeats & Endings>;

/**
 * Follows a workflow whose step claim opens a run. An error before that is thrown; a later one ends the run in the error's state, with a
 * message.
 */
export async function inRunSession<StepPorts extends SessionPorts>(
  ports: StepPorts,
  follow: (session: RunSession<StepPorts>) => Promise<Followed>,
): Promise<NightResult> {
  const session = new RunSession(ports);
  try {
    const { state } = await follow(session);
    return await session.end(state);
  } catch (thrown) {
    if (!session.isOpen) throw thrown;
    const error = asNightfeedError(thrown);
    return await session.end(endStateOf(error), error);
  } finally {
    session.close();
    await ports.log?.keep();
  }
}

/** One process that works on one run: its heartbeat, its clock, and its results so far. */
export class RunSession<StepPorts extends SessionPorts> {
  readonly #ports: StepPorts;
  readonly #clock: StepClock;
  #open: OpenRun | undefined;
  #heartbeat: Heartbeat | undefined;
  /** The requested run, when it was over already. */
  #over: RunId | null = null;
  #known: Partial<Products> = {};
  #tables: Record<string, TableSummary> = {};
  readonly #steps: EndedStep[] = [];
  #begun: BegunNight | undefined;

  constructor(ports: StepPorts) {
    this.#ports = ports;
    this.#clock = new StepClock(ports);
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  opens(open: OpenRun): void {
    this.#open = { ...open, clock: this.#clock };
    this.#heartbeat = new Heartbeat(this.#open, this.#ports);
    const { run, fence, request } = open;
    this.#begun = { run, fence, feed: request.feed, at: this.#ports.now() };
    this.#ports.telemetry?.begins(this.#begun);
    this.#ports.log?.opens(run, fence);
    this.#ports.log?.tell('info', `attempt ${fence} of the run begins`);
  }

  /** Called instead of opening a run, when this run is over and nothing has to be done. */
  finds(over: RunId): void {
    this.#over = over;
  }

  /** The same steps, bound to the run of this session. */
  on<Steps extends AnySteps<StepPorts>>(steps: Steps): Bound<Steps> {
    return bound<StepPorts, Steps>(steps, (name, step, given, round) => this.#take(name, step, given, round));
  }

  /** Ends the run with its message. When another process took the run over, the ledger is left to it. */
  async end(state: RunState, error: NightfeedError | null = null): Promise<NightResult> {
    if (!this.#open) return answered(this.#over, state);
    // Publish has ended the run already, in its transaction.
    if (state === 'published') await this.#tellSteps(this.#open);
    else if (error?.name !== 'FENCED') {
      const changeSet = this.#known.changes?.id ?? null;
      try {
        await endRun(this.#open, { state, error, changeSet, tables: this.#tables, ...this.#noticed }, this.#ports);
      } catch (thrown) {
        this.#ports.say(`the ledger could not be told: ${asNightfeedError(thrown).message}`);
      }
    }
    if (error?.name !== 'FENCED') this.#tellOthers(state, error);
    this.#tellLog(state, error);
    const { holds, warnings } = this.#noticed;
    return {
      run: this.#open.run,
      state,
      attempt: this.#open.fence,
      tables: this.#tables,
      holds,
      warnings,
      error: error && reportOf(error),
      steps: this.#clock.seconds,
    };
  }

  close(): void {
    this.#heartbeat?.stop();
  }

  async #take(name: string, step: AnyStep<StepPorts>, given: never, round: number): Promise<Answer> {
    const watch = <T>(work: () => Promise<T>) => this.#watch(name, work);
    const work = () => step({ open: this.#open!, ports: this.#ports, round, canWait: true, watch }, given);
    const answer = await loggedStep(
      name,
      () => this.#open,
      this.#ports,
      work,
      ({ outcome, left = {} }) => {
        return { outcome, volume: volumeOf(left) };
      },
      (ended) => this.#steps.push(ended),
    );
    this.#learn(answer.left ?? {});
    return answer;
  }

  /** Does the work of a step, unless another process took the run over. */
  async #watch<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#heartbeat?.check();
    this.#ports.begin(name);
    return this.#clock.time(name, work);
  }

  #tellOthers(state: RunState, error: NightfeedError | null): void {
    this.#ports.telemetry?.ends({
      ...this.#begun!,
      state,
      error: error && reportOf(error),
      endedAt: this.#ports.now(),
      tables: this.#tables,
      steps: this.#steps,
      files: Object.fromEntries(
        Object.entries(this.#known.pulled?.tables ?? {}).map(([name, { files }]) => [name, files]),
      ),
    });
  }

  #tellLog(state: RunState, error: NightfeedError | null): void {
    const { holds, warnings } = this.#noticed;
    const guards = [...new Set(holds.map(({ guard }) => guard))].join(', ');
    const why = error ? `: ${error.name}: ${error.message}` : guards && `; guards: ${guards}`;
    const unusual = [...new Set(warnings.map(({ guard }) => guard))].join(', ');
    const fields = { state, error: error?.name ?? null, holds: guards || null, warnings: unusual || null };
    this.#ports.log?.tell(levelOfState(state), `the run is ${state}${why}`, fields);
  }

  /** Records the times of all steps, also of those after the commit. */
  async #tellSteps({ run, fence }: OpenRun): Promise<void> {
    try {
      await this.#ports.ledger.noteSteps(run, fence, this.#clock.times);
    } catch (thrown) {
      this.#ports.say(`the ledger could not be told what the steps took: ${asNightfeedError(thrown).message}`);
    }
  }

  #learn(left: Partial<Products>): void {
    this.#known = { ...this.#known, ...left };
    const { changes } = this.#known;
    // Publish has ended the run, so its heartbeat stops.
    if (left.written) this.#heartbeat?.stop();
    if (left.changes) this.#tables = summaries(left.changes.receipt);
    if (left.written && changes) this.#tables = summaries(changes.receipt, left.written);
  }

  get #noticed(): Omit<Judgement, 'pass'> {
    const { holds, warnings, samples } = this.#known.judgement ?? { holds: [], warnings: [] };
    return { holds, warnings, samples };
  }
}
