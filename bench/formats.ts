import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { size as sizeText } from '../lib/core/feed/values/text-forms.ts';
import { Arena } from './arena.ts';
import { formContestants, landForm } from './contestants/land-form.ts';
import { count } from './count.ts';
import { exceeded, formatsTable, formNamed, type LandedForm } from './formats/formats-table.ts';
import { type Form, forms, plain } from './formats/forms.ts';
import { describeMachine } from './machine.ts';
import { runOnce } from './race.ts';
import { say } from './say.ts';

interface Options {
  readonly rows: number;
  readonly rounds: number;
  readonly bytes?: number;
  readonly only: Form[];
  readonly folder?: string;
}

const {
  rows: asked,
  rounds,
  bytes: least,
  only,
  folder,
} = new Command('bench:formats')
  .description('Lands the same rows in each form that a vendor may send, and holds time and memory against limits.')
  .option('--rows <n>', 'rows, about 90 bytes each as plain CSV', atLeastOne, 10_000_000)
  .option('--rounds <n>', 'rounds after a warm-up, in each of which every form lands once', atLeastOne, 3)
  .option(
    '--bytes <size>',
    'one file of so many bytes in each form, such as 8GB, in one round: the same rows come again and again, and only Parquet takes disk for it',
    size,
  )
  .addOption(
    new Option('--only <names>', `some of ${forms.map(({ name }) => name).join(', ')}`)
      .argParser(named)
      .default([...forms], 'all of them'),
  )
  .option('--folder <dir>', 'where to work, on the disk to be measured; the folder for temporary files unless told')
  .parse()
  .opts<Options>();

/** Rows that come again and again in a large file: more than any compressor looks back on. */
const REPEATED_ROWS = 200_000;

const arena = await Arena.open(folder, {
  rows: least === undefined ? asked : REPEATED_ROWS,
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
  const landed =
    least !== undefined ? await landLarge(only, least) : await landAll(only.includes(plain) ? only : [plain, ...only]);
  console.log(`\n${describeMachine(folder ?? tmpdir(), undefined)}\n\n${formatsTable(landed)}`);
  const over = exceeded(landed);
  console.log(`\n${over.length > 0 ? over.join('\n') : 'All limits are kept.'}`);
  if (over.length > 0) process.exitCode = 1;
} finally {
  await arena.close();
}

async function landAll(asked: readonly Form[]): Promise<LandedForm[]> {
  const found = new Map<Form, Landing[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const form of asked) {
      const contestant = formContestants.find(({ name }) => name === `land-${form.name}`)!;
      const landing = await runOnce(contestant, arena, round === rounds);
      say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${form.title}: ${landing.seconds.toFixed(2)} s`);
      if (round > 0) found.set(form, [...(found.get(form) ?? []), landing]);
    }
  }
  return [...found].map(([form, landings]) => landedForm(form, landings));
}

async function landLarge(asked: readonly Form[], least: number): Promise<LandedForm[]> {
  const found: LandedForm[] = [];
  for (const form of asked) {
    const landing = await runOnce(landForm(form, least), arena, true);
    say(`${form.title}: ${landing.seconds.toFixed(2)} s`);
    found.push(landedForm(form, [landing]));
  }
  return found;
}

type Landing = Awaited<ReturnType<typeof runOnce>>;

function landedForm(form: Form, landings: readonly Landing[]): LandedForm {
  const peaks = landings.flatMap(({ laps }) => laps.map(({ peak }) => peak.sampled)).filter((peak) => peak !== null);
  const { bytes, rows } = landings[0]!.outcome;
  return {
    form,
    bytes: bytes!,
    rows: rows!,
    seconds: landings.map(({ seconds }) => seconds),
    peak: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

function size(text: string): number {
  const { data } = sizeText.safeParse(text);
  if (!data) throw new InvalidArgumentError('expected a size such as 500MB or 8GB.');
  return data;
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
