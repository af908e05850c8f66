export const engineNames = ['lockstep', 'duckdb', 'spark'] as const;
export type EngineName = (typeof engineNames)[number];

/** One diff, measured once. */
export interface Measurement {
  readonly rows: number;
  /** Of tonight's dump, uncompressed. */
  readonly bytes: number;
  readonly engine: EngineName;
  readonly seconds: number;
  /** Largest resident memory of its processes together, in bytes; null where the system does not tell. */
  readonly peak: number | null;
}

/** What the page is made from: measurements of one machine. */
export interface Measured {
  readonly machine: string;
  readonly cores: number;
  readonly measurements: readonly Measurement[];
}

/** Those of one engine, smallest first. */
export function ofEngine(all: readonly Measurement[], engine: EngineName): Measurement[] {
  return all.filter((each) => each.engine === engine).sort((a, b) => a.rows - b.rows);
}

/** 1 is linear: ten times the rows take ten times as long. */
export function exponentOfGrowth(from: Measurement, to: Measurement): number {
  return Math.log(to.seconds / from.seconds) / Math.log(to.rows / from.rows);
}
