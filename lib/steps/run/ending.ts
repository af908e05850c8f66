import type { NightfeedError } from '../../core/errors.ts';
import type { Finding } from '../../core/guards/finding.ts';
import { runMessage, type SampleLines } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Endings } from '../../ports/ledger/open-runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { type NotifyPorts, notify } from '../notify.ts';
import { retrying } from './retry.ts';
import type { OpenRun } from './run-request.ts';

interface End {
  readonly state: RunState;
  readonly error: NightfeedError | null;
  /** The change set of this night, if it got so far. */
  readonly changeSet: string | null;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Sample rows for the message. */
  readonly samples?: readonly SampleLines[] | undefined;
}

export type EndingPorts = NotifyPorts & Pick<Ports, 'sleep'> & WithLedger<Endings>;

/** Ends a run and stores its message in one transaction, and then sends it. Throws FENCED when another process has the run. */
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
