import { Command } from 'commander';
import { addToCorpus } from './parsers/corpus.ts';
import { fuzzParsers } from './parsers/fuzz.ts';

/** `npm run fuzz -- --seconds 600 --seed 1` */
const { seconds, seed } = new Command('fuzz')
  .option('--seconds <n>', 'how long', Number, 600)
  .option('--seed <n>', 'where to start', Number, Math.floor(Date.now() / 1000))
  .parse()
  .opts<{ seconds: number; seed: number }>();
process.stdout.write(`seed ${seed}, ${seconds} s\n`);
const { runs, kept, findings } = await fuzzParsers({ seconds, seed });
for (const { target, fault, input } of findings)
  process.stdout.write(`${target}: ${fault}\n  ${addToCorpus(target, input)}\n`);
process.stdout.write(`${runs} inputs, ${kept} of them reached new code; ${findings.length} faults\n`);
if (findings.length > 0) process.exitCode = 1;
