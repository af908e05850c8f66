import type { Contestant } from './contestant.ts';
import { duckdbCsv, duckdbParquet } from './contestants/duckdb-join.ts';
import { autoLanded, duckdbLanded, lockstepLanded, sparkLanded } from './contestants/engine-landed.ts';
import { formContestants } from './contestants/land-form.ts';
import { landNext } from './contestants/land-next.ts';
import { lockstepHalfRaw, lockstepRaw, walkRaw } from './contestants/lockstep-raw.ts';
import { copyKey, mergeScript } from './contestants/postgres-script.ts';
import { arrivingNight, firstLoad, wholeNight } from './contestants/whole-night.ts';

/** In the order in which they run: the first load leaves the base of the whole night. */
export const contestants: readonly Contestant[] = [
  walkRaw,
  lockstepRaw,
  lockstepHalfRaw,
  lockstepLanded,
  autoLanded,
  duckdbLanded,
  duckdbCsv,
  duckdbParquet,
  landNext,
  firstLoad,
  copyKey,
  arrivingNight,
  wholeNight,
  mergeScript,
];

/** Compared by `bench:scale` at several sizes. */
export const engines = { lockstep: lockstepLanded, duckdb: duckdbLanded, spark: sparkLanded } as const;

export function contestantNamed(name: string): Contestant | undefined {
  return [...contestants, ...Object.values(engines), ...formContestants].find((contestant) => contestant.name === name);
}
