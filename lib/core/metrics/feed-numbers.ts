import type { RunState } from '../run/state.ts';

/** What is known of a feed now, for whoever watches it. Instants are seconds since 1970. */
export interface FeedNumbers {
  readonly feed: string;
  /** How many ends the log of loads has, by state. */
  readonly ends: Readonly<Partial<Record<RunState, number>>>;
  /** When production was last brought up to date, or found to be; null before the first time. */
  readonly goodAt: number | null;
  /** The newest end; null before the first one. */
  readonly last: LastEnd | null;
  /** Of the run of that end: the newest time of each step. */
  readonly steps: readonly StepNumbers[];
  /** What the lake held at the last look. */
  readonly storage: readonly StorageNumbers[];
  /** Runs that a process works on, and such as wait for a decision. */
  readonly running: number;
  readonly held: number;
  /** Messages that somebody has still to be told. */
  readonly untold: number;
}

interface LastEnd {
  readonly state: RunState;
  readonly endedAt: number;
  readonly seconds: number;
  readonly marginSeconds: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
  readonly tables: readonly TableNumbers[];
}

/** null where the run did not get so far. */
interface TableNumbers {
  readonly table: string;
  readonly rowsIn: number | null;
  readonly rejected: number | null;
  readonly filtered: number | null;
  readonly inserted: number | null;
  readonly updated: number | null;
  readonly gone: number | null;
}

interface StepNumbers {
  readonly step: string;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMemoryBytes: number | null;
}

interface StorageNumbers {
  readonly zone: string;
  readonly table: string | null;
  readonly bytes: number;
  readonly objects: number;
}
