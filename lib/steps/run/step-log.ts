import { asNightfeedError } from '../../core/errors.ts';
import type { EndedStep, StepVolume } from '../../core/run/step-use.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { NumberLog } from '../../ports/ledger/number-log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { OpenRun } from './run-request.ts';

export type StepLogPorts = Pick<Ports, 'meter' | 'now' | 'elapsed' | 'say'> & WithLedger<Pick<NumberLog, 'logStep'>>;

interface Done {
  readonly outcome: string;
  readonly volume?: StepVolume | undefined;
}

/** Does the work of a step, and logs what it took; `hear` is told of it too. A log that cannot be written is told, and stops no night. */
export async function loggedStep<T>(
  step: string,
  of: () => Pick<OpenRun, 'run' | 'fence'> | undefined,
  ports: StepLogPorts,
  work: () => Promise<T>,
  doneBy: (answer: T) => Done,
  hear: (ended: EndedStep) => void = () => {},
): Promise<T> {
  const end = ports.meter?.begin();
  const [began, start] = [ports.now(), ports.elapsed()];
  const log = async (came: { readonly outcome: string } | { readonly error: string }, volume: StepVolume = {}) => {
    const open = of();
    if (!open || ('outcome' in came && came.outcome === WAITING)) return;
    const ended = {
      step,
      ...came,
      ...volume,
      ...(await end?.()),
      host: ports.meter?.host ?? '',
      beganAt: began.toISOString(),
      endedAt: ports.now().toISOString(),
      seconds: (ports.elapsed() - start) / 1000,
    };
    hear(ended);
    await ports.ledger.logStep(open.run, open.fence, ended).catch((thrown: unknown) => {
      ports.say(`the log of steps lacks ${step}: ${asNightfeedError(thrown).message}`);
    });
  };
  try {
    const answer = await work();
    const { outcome, volume } = doneBy(answer);
    await log({ outcome }, volume);
    return answer;
  } catch (thrown) {
    await log({ error: asNightfeedError(thrown).name });
    throw thrown;
  }
}

/** The step is not over: another process goes on with it. */
const WAITING = 'waiting';
