import { type GlueSize, glueSizeFor } from '../../lib/core/cloud/glue-size.ts';
import { MAX_GIGABYTES, type TaskSize, taskSizeFor } from '../../lib/infra/task-size.ts';
import { exponentOfGrowth, type Measurement } from './measurement.ts';

/** List prices of us-east-1 in US dollars an hour, November 2026; docs/cost.md has the same. */
export const prices = {
  fargate: { vcpu: 0.03238, gigabyte: 0.00356, disk: 0.000111, freeDisk: 20 },
  glue: { dpu: 0.44, leastSeconds: 60 },
} as const;

/** Of what twice the processors would save: DuckDB's threads meet in memory, Spark's workers over a network. */
export const gainOfDoubling = { lockstep: 1, duckdb: 1.8, spark: 1.7 } as const;

/** Processors and DPU of a worker. */
const workers = { 'G.1X': { cores: 4, dpu: 1 }, 'G.2X': { cores: 8, dpu: 2 } } as const satisfies Record<
  GlueSize['type'],
  unknown
>;

/** The largest measurement of an engine, and how it grows from there. */
export interface Basis {
  readonly at: Measurement;
  readonly exponent: number;
  /** Of the machine it was measured on. */
  readonly cores: number;
}

export interface Forecast {
  readonly seconds: number;
  readonly dollars: number;
  readonly cores: number;
}

export interface FargateForecast extends Forecast {
  readonly size: TaskSize;
}

export interface GlueForecast extends Forecast {
  readonly size: GlueSize;
  readonly dpu: number;
}

/** Nothing without two sizes. What grows slower than its rows did so because it had a start to pay for, and is taken as linear. */
export function basisOf(measured: readonly Measurement[], cores: number): Basis | null {
  const [before, at] = measured.slice(-2);
  if (!before || !at) return null;
  return { at, exponent: Math.max(1, exponentOfGrowth(before, at)), cores };
}

/** The diff in the task that a delivery of so many gigabytes gets; null where it does not fit one. */
export function onFargate(gigabytes: number, basis: Basis): FargateForecast | null {
  if (gigabytes > MAX_GIGABYTES) return null;
  const size = taskSizeFor(gigabytes);
  const cores = size.cpu / 1024;
  const seconds = secondsOn(cores, gigabytes, basis);
  const { vcpu, gigabyte, disk, freeDisk } = prices.fargate;
  const hourly = cores * vcpu + (size.memory / 1024) * gigabyte + (size.storage - freeDisk) * disk;
  return { seconds, dollars: (seconds / 3600) * hourly, cores, size };
}

/** The diff by the workers that such a delivery gets; one of them is the driver. */
export function onGlue(gigabytes: number, basis: Basis): GlueForecast {
  const size = glueSizeFor(2 * gigabytes * 1e9);
  const worker = workers[size.type];
  const cores = (size.workers - 1) * worker.cores;
  const dpu = size.workers * worker.dpu;
  const seconds = secondsOn(cores, gigabytes, basis);
  const billed = Math.max(seconds, prices.glue.leastSeconds);
  return { seconds, dollars: (billed / 3600) * dpu * prices.glue.dpu, cores, dpu, size };
}

function secondsOn(cores: number, gigabytes: number, { at, exponent, cores: measuredOn }: Basis): number {
  const larger = (gigabytes * 1e9) / at.bytes;
  const gain = gainOfDoubling[at.engine] ** Math.log2(cores / measuredOn);
  return (at.seconds * larger ** exponent) / gain;
}
