import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { Arena } from './arena.ts';
import { formContestants } from './contestants/land-form.ts';
import { count } from './count.ts';
import { exceeded, formatsTable, formNamed, type LandedForm } from './formats/formats-table.ts';
import { type Form, forms, plain } from './formats/forms.ts';
import { describeMachine } from './machine.ts';
import { runOnce } from './race.ts';
import { say } from './say.ts';

interface Options {
  readonly rows: number;
  readonly rounds: number;
  readonly only: Form[];
  readonly folder?: string;
}

const { rows, rounds, only, folder } = new Command('bench:formats')
  .description('Lands the same rows in each form that a vendor may send, and holds time and memory against limits.')
  .option('--rows <n>', 'rows, about 90 bytes each as plain CSV', atLeastOne, 10_000_000)
  .option('--rounds <n>', 'rounds after a warm-up, in each of which every form lands once', atLeastOne, 3)
  .option('--only <names>', `some of ${forms.map(({ name }) => name).join(', ')}`, named, [...forms])
  .option('--folder <dir>', 'where to work, on the disk to be measured; the folder for temporary files unless told')
  .parse()
  .opts<Options>();

const arena = await Arena.open(folder, {
  rows,
  changed: 0,
  inserted: 0,
  gone: 0,
  shuffled: 'none',
  top: 0,
  block: 0,
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void arena.close().finally(() => process.exit(1)));
try {
  const landed = await landAll(only.includes(plain) ? only : [plain, ...only]);
  console.log(`\n${describeMachine(folder ?? tmpdir(), undefined)}\n\n${formatsTable(landed, rows)}`);
  const over = exceeded(landed, rows);
  console.log(`\n${over.length > 0 ? over.join('\n') : 'All limits are kept.'}`);
  if (over.length > 0) process.exitCode = 1;
} finally {
  await arena.close();
}

async function landAll(asked: readonly Form[]): Promise<LandedForm[]> {
  const found = new Map<Form, { bytes: number; seconds: number[]; peaks: (number | null)[] }>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const form of asked) {
      const contestant = formContestants.find(({ name }) => name === `land-${form.name}`)!;
      const { seconds, laps, outcome } = await runOnce(contestant, arena, round === rounds);
      say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${form.title}: ${seconds.toFixed(2)} s`);
      if (round === 0) continue;
      const so = found.get(form) ?? { bytes: outcome.bytes!, seconds: [], peaks: [] };
      so.seconds.push(seconds);
      so.peaks.push(...laps.map(({ peak }) => peak.sampled));
      found.set(form, so);
    }
  }
  return [...found].map(([form, { bytes, seconds, peaks }]) => {
    const known = peaks.filter((peak) => peak !== null);
    return { form, bytes, seconds, peak: known.length > 0 ? Math.max(...known) : null };
  });
}

function atLeastOne(text: string): number {
  const found = count(text);
  if (found === 0) throw new InvalidArgumentError('expected a whole number, such as 1_000_000.');
  return found;
}

function named(text: string): Form[] {
  return text.split(',').map((name) => {
    const form = formNamed(name.trim());
    if (!form) throw new InvalidArgumentError(`there is no ${name}.`);
    return form;
  });
}
