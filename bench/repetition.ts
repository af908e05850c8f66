import type { Stopwatch } from './contestant.ts';
import { contestantNamed } from './contestants.ts';
import type { Word } from './race.ts';

/** One repetition in a process of its own: told by the parent whose, it reports each lap as it begins. */
process.once('message', (task: { name: string; prepared: unknown }) => void repeat(task));
process.once('disconnect', () => process.exit());

async function repeat({ name, prepared }: { name: string; prepared: unknown }): Promise<void> {
  const contestant = contestantNamed(name)!;
  const outcome = await contestant.run(prepared, stopwatch());
  say({ kind: 'outcome', outcome });
  process.disconnect();
}

function stopwatch(): Stopwatch {
  const starts: number[] = [];
  return {
    lap(name) {
      say({ kind: 'lap', name });
      starts.push(performance.now());
    },
    stop() {
      const end = performance.now();
      say({ kind: 'stop', seconds: starts.map((start, index) => ((starts[index + 1] ?? end) - start) / 1000) });
    },
  };
}

function say(word: Word): void {
  process.send!(word);
}
