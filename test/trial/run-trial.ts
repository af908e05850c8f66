import type { TrialStep } from './steps.ts';
import type { Trial } from './trial.ts';

export interface TrialResult {
  readonly step: string;
  readonly seconds: number;
  /** null: it succeeded. */
  readonly failure: Error | null;
}

interface Watching {
  say(text: string): void;
  /** Aborted when somebody wants it to end: what is at work ends first, and then everything is removed. */
  readonly signal: AbortSignal;
}

/** Runs steps until one fails, and then removes everything in any case. Resolves to what became of each step. */
export async function runTrial<T extends Pick<Trial, 'remove'>>(
  steps: readonly (Pick<TrialStep, 'name' | 'does'> & { run(trial: T): Promise<void> })[],
  trial: T,
  { say, signal }: Watching,
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const take = async (name: string, does: string, work: () => Promise<void>) => {
    say(`${name}: ${does}`);
    const begun = performance.now();
    const failure = await work().then(
      () => null,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    const seconds = Math.round((performance.now() - begun) / 1000);
    say(failure ? `${name}: failed after ${seconds} s: ${failure.message}` : `${name}: succeeded in ${seconds} s`);
    results.push({ step: name, seconds, failure });
    return failure === null;
  };
  for (const { name, does, run } of steps) {
    if (signal.aborted) break;
    if (!(await take(name, does, () => run(trial)))) break;
  }
  await take(REMOVE.name, REMOVE.does, () => trial.remove());
  return results;
}

export const REMOVE: Pick<TrialStep, 'name' | 'does' | 'seenInAccount'> = {
  name: 'remove',
  does: 'removes all stacks of the stage, with bucket and database',
  seenInAccount: null,
};
