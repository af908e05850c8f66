import { Command, InvalidArgumentError } from 'commander';
import { Arena } from './arena.ts';
import type { Contestant } from './contestant.ts';
import { contestants } from './contestants.ts';
import type { Shape } from './dump.ts';
import { describeMachine } from './machine.ts';
import { writePage } from './page.ts';
import { race, type Repetition } from './race.ts';
import { type Result, tablesOf } from './report.ts';

/** Above so many rows the slow contestants run only when they are named. */
const FULL_RUN_ROWS = 20_000_000;

interface Options extends Shape {
  readonly repeat: number;
  readonly only?: Contestant[];
  readonly write?: boolean;
  readonly folder?: string;
}

const command = new Command('bench')
  .description('Measures the night and its parts against the plain alternatives, in one run, on this machine.')
  .option('--rows <n>', 'rows of a dump, about 90 bytes each', count, 10_000_000)
  .option('--changed <share>', 'rows that changed', share, 0.01)
  .option('--inserted <share>', 'rows that are new', share, 0.003)
  .option('--gone <share>', 'rows that are gone', share, 0.002)
  .option('--shuffled <reach>', "none, local (within a hundred rows) or all: order of tonight's dump", shuffling, 'none')
  .option('--top <n>', 'rows inserted above all others', count, 0)
  .option('--block <n>', 'rows gone in one block', count, 0)
  .option('--repeat <n>', 'repetitions after a warm-up; the median counts', count, 3)
  .option('--only <names>', `some of ${contestants.map(({ name }) => name).join(', ')}`, named)
  .option('--write', 'put the results into docs/benchmarks.md')
  .option('--folder <dir>', 'where to work, on the disk to be measured; the folder for temporary files unless told');

command.parse();
await main(command.opts<Options>());

async function main({ repeat, only, write, folder, ...shape }: Options): Promise<void> {
  say(`writing two dumps of ${shape.rows.toLocaleString('en')} rows`);
  const arena = Arena.open(folder, shape);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void arena.close().finally(() => process.exit(1)));
  try {
    const results: Result[] = [];
    for (const contestant of only ?? contestants) {
      if (!only && contestant.isSlow && shape.rows > FULL_RUN_ROWS) {
        results.push({ contestant, repetitions: [] });
        continue;
      }
      const repetitions = await race(contestant, arena, { repeat, warmUp: shape.rows <= FULL_RUN_ROWS });
      results.push({ contestant, repetitions });
      say(`${contestant.name}: ${repetitions.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s`);
    }
    console.log(tablesOf(results));
    const { version } = await arena.cluster();
    if (write) writePage({ shape, results, command: commandLine(), machine: describeMachine(arena.folder, version) });
  } finally {
    await arena.close();
  }
}
