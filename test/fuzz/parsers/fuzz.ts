import { Worker } from 'node:worker_threads';
import { Sight } from './sight.ts';
import { targets } from './targets.ts';
import type { Told, WorkerData } from './worker.ts';

/** An input for which a parser did something else than to read or to refuse it. */
interface Finding {
  readonly target: string;
  readonly input: Uint8Array;
  readonly fault: string;
}

export interface FuzzReport {
  readonly runs: number;
  /** Inputs that reached what none reached before. */
  readonly kept: number;
  readonly findings: readonly Finding[];
}

const MAX_MEMORY = 200 << 20;
/** The worker alone takes half of it: the parsers, the corpus, and what V8 counts. */
const MAX_HEAP_MB = 300;
/** An input that takes a second of computing is told by the worker; one that never ends, by the clock, on a busy machine too. */
const HANG_MS = 20_000;
const LOOK_MS = 20;

/** Mutated inputs for all parsers until the time is over. A fault is told once, with the first input that showed it. */
export async function fuzzParsers({ seconds, seed }: { seconds: number; seed: number }): Promise<FuzzReport> {
  const until = Date.now() + seconds * 1000;
  const found = new Map<string, Finding>();
  const add = (target: number, input: Uint8Array, fault: string) => {
    const { name } = targets[target]!;
    const place = `${name} ${fault}`;
    if (!found.has(place)) found.set(place, { target: name, input, fault });
  };
  let [runs, kept] = [0, 0];
  // After an input that ended the worker, another one goes on from another seed.
  for (let own = seed; own === seed || Date.now() < until; own += 1) {
    const done = await watched(own, until, add);
    if (!done) continue;
    runs += done.runs;
    kept += done.kept;
    break;
  }
  return { runs, kept, findings: [...found.values()] };
}

type Done = Extract<Told, { kind: 'done' }>;

/** What the worker came to; undefined when an input was its end. */
function watched(
  seed: number,
  until: number,
  add: (target: number, input: Uint8Array, fault: string) => void,
): Promise<Done | undefined> {
  const sight = new Sight();
  const workerData: WorkerData = { memory: sight.memory, seed, until };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 16 },
  });
  return new Promise((resolve) => {
    let [count, since, memory] = [0, Date.now(), Number.POSITIVE_INFINITY];
    const looking = setInterval(() => {
      if (sight.count !== count) [count, since] = [sight.count, Date.now()];
      if (Date.now() - since > HANG_MS) end(`takes longer than ${HANG_MS} ms`);
      else if (process.memoryUsage.rss() > memory + MAX_MEMORY) end(`takes more than ${MAX_MEMORY} bytes of memory`);
    }, LOOK_MS);
    worker.on('message', (told: Told) => {
      if (told.kind === 'started') memory = process.memoryUsage.rss();
      else if (told.kind === 'fault') add(told.target, told.input, told.fault);
      else finish(told);
    });
    worker.on('error', (error) => end(String(error)));

    function end(fault: string): void {
      add(sight.target, sight.input, fault);
      finish(undefined);
    }

    function finish(done: Done | undefined): void {
      clearInterval(looking);
      void worker.terminate().then(() => resolve(done));
    }
  });
}
