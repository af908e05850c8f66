import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import type { StepTimes } from '../../core/run/step-times.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { OpenRuns } from '../../ports/ledger/open-runs.ts';
import type { OpenRun } from './run-request.ts';

/** Several heartbeats fit into a laptop's lease of 15 s. */
const HEARTBEAT_MS = 5000;

/** Renews a run's lease while its process lives, and learns when another process took the run over. */
export class Heartbeat {
  readonly #open: OpenRun;
  readonly #ports: WithLedger<OpenRuns>;
  readonly #timer: NodeJS.Timeout;
  #lost: NightfeedError | undefined;
  #isStopped = false;
  #told = '{}';

  constructor(open: OpenRun, ports: WithLedger<OpenRuns>) {
    this.#open = open;
    this.#ports = ports;
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS);
  }

  /** Throws FENCED when the run is somebody else's by now, and LEDGER_VERSION when the ledger was migrated past this process. */
  check(): void {
    if (this.#lost && !this.#isStopped) throw this.#lost;
  }

  /** The run has ended by our own hand: a beat that was under way finds it ended, and that says nothing. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    const { run, fence, request, clock } = this.#open;
    try {
      await this.#ports.ledger.heartbeat(run, fence, request.lease);
      if (clock) await this.#tellSteps(clock.times);
    } catch (thrown) {
      const error = asNightfeedError(thrown);
      if (error.name === 'FENCED' || error.name === 'LEDGER_VERSION') this.#lost = error;
    }
  }

  /** So that the ledger knows which step is at work, or was when the process died. */
  async #tellSteps(times: StepTimes): Promise<void> {
    const text = JSON.stringify(times);
    if (text === this.#told) return;
    await this.#ports.ledger.noteSteps(this.#open.run, this.#open.fence, times);
    this.#told = text;
  }
}
