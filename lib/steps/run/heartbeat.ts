import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import type { StepTimes } from '../../core/run/step-times.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Heartbeats } from '../../ports/ledger/open-runs.ts';
import type { OpenRun } from './run-request.ts';

/** Several heartbeats fit into the lease of 15 s on a machine of one's own. */
const HEARTBEAT_MS = 5000;

/** Renews a run's lease while its process lives, and learns when another process took the run over. */
export class Heartbeat {
  readonly #open: OpenRun;
  readonly #ports: WithLedger<Heartbeats>;
  readonly #timer: NodeJS.Timeout;
  #lost: NightfeedError | undefined;
  #isStopped = false;
  #told = '{}';

  constructor(open: OpenRun, ports: WithLedger<Heartbeats>) {
    this.#open = open;
    this.#ports = ports;
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS);
  }

  /** Throws FENCED when another process has the run, and LEDGER_VERSION when the ledger was migrated beyond what this version knows. */
  check(): void {
    if (this.#lost && !this.#isStopped) throw this.#lost;
  }

  /** Stops because we have ended the run. A heartbeat that is under way may find the run ended, which is then no error. */
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

  /** Sent with the heartbeat, so that the ledger knows which step is running, or was running when the process died. */
  async #tellSteps(times: StepTimes): Promise<void> {
    const text = JSON.stringify(times);
    if (text === this.#told) return;
    await this.#ports.ledger.noteSteps(this.#open.run, this.#open.fence, times);
    this.#told = text;
  }
}
