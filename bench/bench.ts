import { Command, InvalidArgumentError } from 'commander';
import { Arena } from './arena.ts';
import type { Contestant } from './contestant.ts';
import { contestants } from './contestants.ts';
import { count } from './count.ts';
import type { Shape } from './dump.ts';
import { describeMachine } from './machine.ts';
import { writePage } from './page.ts';
import { race } from './race.ts';
import { type Result, report } from './report.ts';
import { say } from './say.ts';

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
  .option(
    '--shuffled <reach>',
    "none, local (within a hundred rows) or all: order of tonight's dump",
    shuffling,
    'none',
  )
  .option('--top <n>', 'rows inserted above all others', count, 0)
  .option('--block <n>', 'rows gone in one block', count, 0)
  .option('--repeat <n>', 'repetitions after a warm-up, of which the median counts; 1 is a single cold run', count, 3)
  .option('--only <names>', `some of ${contestants.map(({ name }) => name).join(', ')}`, named)
  .option('--write', 'put the results into docs/benchmarks.md')
  .option('--folder <dir>', 'where to work, on the disk to be measured; the folder for temporary files unless told');

command.parse();
await main(command.opts<Options>());

async function main({ repeat, only, write, folder, ...shape }: Options): Promise<void> {
  say(`writing two dumps of ${shape.rows.toLocaleString('en')} rows`);
  const arena = await Arena.open(folder, shape);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void arena.close().finally(() => process.exit(1)));
  const isHuge = shape.rows > FULL_RUN_ROWS;
  try {
    const results: Result[] = [];
    for (const contestant of contestants.filter((each) => only?.includes(each) ?? true)) {
      const isLeftOut = isHuge && contestant.isSlow && !only;
      const repetitions = isLeftOut ? [] : await race(contestant, arena, { repeat, warmUp: repeat > 1 && !isHuge });
      results.push({ contestant, repetitions });
      say(
        `${contestant.name}: ${repetitions.map(({ seconds }) => `${seconds.toFixed(2)} s`).join(', ') || 'left out'}`,
      );
    }
    console.log(`\n${report(results)}`);
    if (write)
      writePage({
        shape,
        results,
        command: commandLine(),
        machine: describeMachine(arena.folder, arena.serverVersion),
      });
  } finally {
    await arena.close();
  }
}

/** As somebody else would ask for the same, wherever they work. */
function commandLine(): string {
  const args = process.argv.slice(2);
  const told = args.filter((arg, index) => !/^--(write|folder(=.*)?)$/.test(arg) && args[index - 1] !== '--folder');
  return ['npm run bench', ...(told.length > 0 ? ['--', ...told] : [])].join(' ');
}

function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (!(value <= 1)) throw new InvalidArgumentError('expected a share, such as 1% or 0.01.');
  return value;
}

function shuffling(text: string): Shape['shuffled'] {
  if (text !== 'none' && text !== 'local' && text !== 'all')
    throw new InvalidArgumentError('expected none, local or all.');
  return text;
}

function named(text: string): Contestant[] {
  return text.split(',').map((name) => {
    const found = contestants.find((contestant) => contestant.name === name.trim());
    if (!found) throw new InvalidArgumentError(`there is no ${name}.`);
    return found;
  });
}
