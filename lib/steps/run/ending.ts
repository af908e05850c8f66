import type { NightfeedError } from '../../core/errors.ts';
import type { Finding } from '../../core/guards/finding.ts';
import { runMessage, type SampleLines } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { OpenRuns } from '../../ports/ledger/open-runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { type NotifyPorts, notify } from '../notify.ts';
import { retrying } from './retry.ts';
import type { OpenRun } from './run-request.ts';

interface End {
  readonly state: RunState;
  readonly error: NightfeedError | null;
  /** What this night compared, as far as it got. */
  readonly changeSet: string | null;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Rows to show in the message. */
  readonly samples?: readonly SampleLines[] | undefined;
}

export type EndingPorts = NotifyPorts & Pick<Ports, 'sleep'> & WithLedger<OpenRuns>;

/** Ends a run with its message in one transaction, and relays it. Throws FENCED when the run is somebody else's by now. */
export async function endRun(
  { run, fence, clock }: Pick<OpenRun, 'run' | 'fence' | 'clock'>,
  end: End,
  ports: EndingPorts,
): Promise<void> {
  const message = runMessage({ run, ...end });
  await retrying(ports, () =>
    ports.ledger.stop(run, fence, { ...end, message, ...(clock ? { steps: clock.times } : {}) }),
  );
  await notify(ports);
}

/** The state in which an error ends a run. */
export function endStateOf(error: NightfeedError): 'late' | 'refused' | 'failed' {
  return error.state === 'refused' || error.state === 'late' ? error.state : 'failed';
}
