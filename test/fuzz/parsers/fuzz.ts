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
  let [runs, kept] = [0, 0];
  // After an input that ended the worker, another one goes on from another seed.
  for (let own = seed; own === seed || Date.now() < until; own += 1) {
    const seen = await watched({ seed: own, until });
    runs += seen.runs;
    kept += seen.kept;
    for (const fault of seen.faults) {
      const place = `${fault.target} ${fault.fault}`;
      if (found.has(place) || !(await isAgain(fault))) continue;
      found.set(place, { ...fault, target: targets[fault.target]!.name });
    }
  }
  return { runs, kept, findings: [...found.values()] };
}

/** What takes long or much may have done so for what ran before it, and while V8 counted: it has to do so alone. */
async function isAgain({ target, input }: Fault): Promise<boolean> {
  const { faults } = await watched({ seed: 0, until: 0, only: { target, input } });
  return faults.length > 0;
}

interface Fault {
  readonly target: number;
  readonly input: Uint8Array;
  readonly fault: string;
}

interface Seen {
  readonly runs: number;
  readonly kept: number;
  readonly faults: readonly Fault[];
}

/** What a worker came to until it was done, or an input was its end. */
function watched(work: Omit<WorkerData, 'memory'>): Promise<Seen> {
  const sight = new Sight();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...work, memory: sight.memory } satisfies WorkerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 16 },
  });
  return new Promise((resolve) => {
    const faults: Fault[] = [];
    let [count, since, memory] = [0, Date.now(), Number.POSITIVE_INFINITY];
    const looking = setInterval(() => {
      if (sight.count !== count) [count, since] = [sight.count, Date.now()];
      if (Date.now() - since > HANG_MS) end(`takes longer than ${HANG_MS} ms`);
      else if (process.memoryUsage.rss() > memory + MAX_MEMORY) end(`takes more than ${MAX_MEMORY} bytes of memory`);
    }, LOOK_MS);
    worker.on('message', (told: Told) => {
      if (told.kind === 'started') memory = process.memoryUsage.rss();
      else if (told.kind === 'fault') faults.push(told);
      else finish(told.kept);
    });
    worker.on('error', (error) => end(String(error)));

    function end(fault: string): void {
      faults.push({ target: sight.target, input: sight.input, fault });
      finish(0);
    }

    function finish(kept: number): void {
      clearInterval(looking);
      void worker.terminate().then(() => resolve({ runs: sight.count, kept, faults }));
    }
  });
}
