import { Command } from 'commander';
import { fuzzNights } from './nights.ts';

/** `npm run fuzz -- --seconds 600 --seed 1` */
const { seconds, seed } = new Command('fuzz')
  .option('--seconds <n>', 'how long', Number, 600)
  .option('--seed <n>', 'where to start', Number, Math.floor(Date.now() / 1000))
  .parse()
  .opts<{ seconds: number; seed: number }>();
process.stdout.write(`seed ${seed}, ${seconds} s\n`);
const { nights, refused, byLockstep, attended } = await fuzzNights({ seconds, seed });
process.stdout.write(
  `${nights} nights agree, ${byLockstep} of them by lockstep (${attended} while they landed); ${refused} refused\n`,
);
