import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import type { LogLevel } from '../../core/run/log-level.ts';
import type { EndedStep, StepVolume } from '../../core/run/step-use.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { NumberLog } from '../../ports/ledger/number-log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { OpenRun } from './run-request.ts';

export type StepLogPorts = Pick<Ports, 'log' | 'meter' | 'now' | 'elapsed' | 'say'> &
  WithLedger<Pick<NumberLog, 'logStep'>>;

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
  const known = of();
  if (known) ports.log?.opens(known.run, known.fence);
  ports.log?.enters(step);
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
    if ('outcome' in came) tellEnd(ended, ports);
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
    const error = asNightfeedError(thrown);
    ports.log?.tell(levelOfError(error), `${step} fails: ${error.name}: ${error.message}`, { error: error.name });
    await log({ error: error.name });
    throw thrown;
  } finally {
    ports.log?.enters(undefined);
    await ports.log?.keep();
  }
}

function tellEnd({ step, outcome = '', host: _, ...numbers }: EndedStep, { log }: StepLogPorts): void {
  const { beganAt: _began, endedAt: _ended, ...measured } = numbers;
  const fields = Object.entries(measured).map(([name, value]) => [snakeCase(name), value]);
  log?.tell('info', `${step} ends: ${outcome}`, { outcome, ...Object.fromEntries(fields) });
}

/** Names in JSON are as in the ledger. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function levelOfError({ state }: NightfeedError): LogLevel {
  return state === 'late' || state === 'busy' ? 'warn' : 'error';
}

/** The step is not over: another process goes on with it. */
const WAITING = 'waiting';
