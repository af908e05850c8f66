import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Arena } from './arena.ts';
import type { Contestant, Outcome } from './contestant.ts';
import type { Truth } from './dump.ts';
import { MemoryWatch, type Peak } from './memory.ts';

export interface Lap {
  readonly name: string;
  readonly seconds: number;
  readonly peak: Peak;
}

export interface Repetition {
  /** Without the laps that stand apart. */
  readonly seconds: number;
  readonly laps: readonly Lap[];
  readonly outcome: Outcome;
}

/** What a repetition's process says: a lap began, or all is over. */
export type Word =
  | { readonly kind: 'lap'; readonly name: string }
  | { readonly kind: 'stop'; readonly seconds: readonly number[] }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

/** A first run that took longer needs no warming up: it counts. */
const WARM_UP_SECONDS = 60;

/** One contestant: a warm-up, then so many repetitions, each in a process of its own as a night is. */
export async function race(
  contestant: Contestant,
  arena: Arena,
  { repeat, warmUp }: { repeat: number; warmUp: boolean },
): Promise<Repetition[]> {
  const found: Repetition[] = [];
  if (warmUp) {
    const first = await runOnce(contestant, arena, false);
    if (first.seconds > WARM_UP_SECONDS) found.push(first);
  }
  while (found.length < repeat) found.push(await runOnce(contestant, arena, found.length === repeat - 1));
  return found;
}

/** Throws when the counts are not the truth. */
export async function runOnce(contestant: Contestant, arena: Arena, isLast: boolean): Promise<Repetition> {
  const prepared = await contestant.prepare(arena, { isLast });
  const repetition = await inProcess(contestant, prepared, arena);
  requireTruth(contestant, repetition.outcome, arena.truth);
  await contestant.finish?.(arena, prepared, { isLast });
  return repetition;
}

const program = fileURLToPath(new URL('./repetition.ts', import.meta.url));

async function inProcess(contestant: Contestant, prepared: unknown, arena: Arena): Promise<Repetition> {
  const child = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  arena.guardProcess(child);
  const laps: { name: string; peak: Peak }[] = [];
  let seconds: readonly number[] = [];
  let memory: MemoryWatch | undefined;
  let name: string | undefined;
  const endLap = () => {
    const peak = memory?.lap();
    if (name !== undefined && peak) laps.push({ name, peak });
    name = undefined;
  };
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      child.on('message', (word: Word) => {
        if (word.kind === 'outcome') return resolve(word.outcome);
        memory ??= new MemoryWatch(child.pid!, arena.serverPid);
        endLap();
        if (word.kind === 'lap') name = word.name;
        else seconds = word.seconds;
      });
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        reject(new Error(`${contestant.name} ended with ${signal ?? `exit code ${code}`}`)),
      );
      child.send({ name: contestant.name, prepared });
    });
    const timed = laps.map((lap, index) => ({ ...lap, seconds: seconds[index]! }));
    const counted = timed.filter((lap) => !contestant.apart?.includes(lap.name));
    return { seconds: counted.reduce((sum, lap) => sum + lap.seconds, 0), laps: timed, outcome };
  } finally {
    memory?.close();
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
}

function requireTruth({ name }: Contestant, { counts }: Outcome, truth: Truth): void {
  for (const [what, found] of Object.entries(counts) as [keyof Truth, number][]) {
    if (found !== truth[what])
      throw new Error(`${name} counts ${found} (${what}); the dumps were written with ${truth[what]}`);
  }
}
