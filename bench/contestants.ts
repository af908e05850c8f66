import type { Contestant } from './contestant.ts';
import { duckdbCsv, duckdbParquet } from './contestants/duckdb-join.ts';
import { autoLanded, duckdbLanded, lockstepLanded } from './contestants/engine-landed.ts';
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
