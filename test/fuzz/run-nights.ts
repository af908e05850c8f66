import { Command } from 'commander';
import { fuzzNights } from './nights.ts';

/** `npm run fuzz:nights -- --seconds 600 --seed 1 --spark` */
const { seconds, seed, spark } = new Command('fuzz:nights')
  .option('--seconds <n>', 'how long', Number, 600)
  .option('--seed <n>', 'where to start', Number, Math.floor(Date.now() / 1000))
  .option('--spark', 'on Spark too, which takes a second a night')
  .parse()
  .opts<{ seconds: number; seed: number; spark?: boolean }>();
process.stdout.write(`seed ${seed}, ${seconds} s\n`);
const { nights, refused, byLockstep, attended, bySpark } = await fuzzNights({ seconds, seed, spark: spark ?? false });
process.stdout.write(
  `${nights} nights agree, ${byLockstep} of them by lockstep (${attended} while they landed), ${bySpark} by Spark; ${refused} refused\n`,
);
