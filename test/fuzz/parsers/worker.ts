import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '../random.ts';
import { readCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { mutated } from './mutate.ts';
import { Sight } from './sight.ts';
import { faultOf, targets } from './targets.ts';

export interface WorkerData {
  readonly memory: SharedArrayBuffer;
  readonly seed: number;
  /** Milliseconds of the epoch. */
  readonly until: number;
  /** Nothing but this input. */
  readonly only?: { readonly target: number; readonly input: Uint8Array } | undefined;
}

/** `started`: the corpus was read; `fault` and `done` as they say. */
export type Told =
  | { readonly kind: 'started' }
  | { readonly kind: 'fault'; readonly target: number; readonly input: Uint8Array; readonly fault: string }
  | { readonly kind: 'done'; readonly kept: number };

/** Coverage is asked for once for so many inputs, as it takes longer than they do. */
const BATCH = 40;
const LONG = 4096;

const { memory, seed, until, only } = workerData as WorkerData;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const sight = new Sight(memory);
const random = new Random(seed);
const inputs = targets.map(({ name }) => readCorpus(name).map(({ bytes }) => bytes));
let kept = 0;

if (only) {
  tell({ kind: 'started' });
  await attempt(only.target, Buffer.from(only.input));
} else {
  const coverage = await Coverage.start();
  for (const [target, known] of inputs.entries()) for (const input of known) await attempt(target, input);
  await coverage.grew({ keeps: true });
  tell({ kind: 'started' });
  for (let round = 0; Date.now() < until; round += 1) await attemptSome(coverage, round % targets.length);
}
tell({ kind: 'done', kept });

/** Those of a batch that reach what none reached before are mutated further. */
async function attemptSome(coverage: Coverage, target: number): Promise<void> {
  const batch = Array.from({ length: BATCH }, () => mutated(random, inputs[target]!));
  for (const input of batch) await attempt(target, input);
  if (!(await coverage.grew({ keeps: false }))) return;
  for (const input of batch) {
    await attempt(target, input);
    if (!(await coverage.grew({ keeps: true }))) continue;
    inputs[target]!.push(input);
    kept += 1;
  }
}

async function attempt(target: number, input: Buffer): Promise<void> {
  sight.show(target, input);
  const fault = await faultOf(targets[target]!, input);
  // Garbage would count as memory that the next input takes.
  if (input.length > LONG) collect();
  if (fault !== undefined) tell({ kind: 'fault', target, input, fault });
}

function tell(what: Told): void {
  parentPort!.postMessage(what);
}
