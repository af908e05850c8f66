import { table } from '../table.ts';
import { type Basis, basisOf, type Forecast, gainOfDoubling, onFargate, onGlue, prices } from './forecast.ts';
import { type EngineName, type Measured, ofEngine } from './measurement.ts';

/** A night of today, the largest that a task takes, and what is beyond it. */
const SIZES = [8, 30, 100, 1000];

/** For the page: one table of expectations, and the arithmetic of one of its lines for each service. */
export function forecastTables({ measurements, cores }: Measured): Record<'expected' | 'arithmetic', string> {
  const basis = (engine: EngineName) => basisOf(ofEngine(measurements, engine), cores);
  const [lockstep, duckdb, spark] = [basis('lockstep'), basis('duckdb'), basis('spark')];
  if (!lockstep || !duckdb || !spark) return { expected: 'Each engine needs two sizes first.', arithmetic: '' };
  const rows = SIZES.map((gigabytes) => {
    const glue = onGlue(gigabytes, spark);
    const task = onFargate(gigabytes, duckdb);
    return [
      gigabytes < 1000 ? `${gigabytes} GB` : `${gigabytes / 1000} TB`,
      task ? `${task.cores} vCPU, ${task.size.memory / 1024} GB, disk ${task.size.storage} GB` : 'does not fit a task',
      cell(onFargate(gigabytes, lockstep)),
      cell(task),
      `${glue.size.workers} × ${glue.size.type} = ${glue.dpu} DPU`,
      cell(glue),
    ];
  });
  const head = ['delivery', 'Fargate', 'lockstep', 'DuckDB', 'Glue', 'Spark'];
  return { expected: table([head, ...rows]), arithmetic: arithmetic(duckdb, spark) };
}

function cell(forecast: Forecast | null): string {
  return forecast === null ? '–' : `${duration(forecast.seconds)}, ${forecast.dollars.toFixed(2)} $`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const FARGATE_EXAMPLE = 8;
const GLUE_EXAMPLE = 100;

function arithmetic(duckdb: Basis, spark: Basis): string {
  const task = onFargate(FARGATE_EXAMPLE, duckdb)!;
  const glue = onGlue(GLUE_EXAMPLE, spark);
  const { vcpu, gigabyte, disk, freeDisk } = prices.fargate;
  const { size } = task;
  return `- **${FARGATE_EXAMPLE} GB, DuckDB on Fargate**: ${growth(FARGATE_EXAMPLE, duckdb, task)}
  An hour costs ${task.cores} vCPU × ${vcpu} + ${size.memory / 1024} GB × ${gigabyte} + (${size.storage} − ${freeDisk}) GB of disk × ${disk} = ${((task.dollars / task.seconds) * 3600).toFixed(3)} $.
- **${GLUE_EXAMPLE} GB, Spark on Glue**: ${growth(GLUE_EXAMPLE, spark, glue)}
  ${glue.dpu} DPU × ${prices.glue.dpu} $ × ${(glue.seconds / 3600).toFixed(2)} h = ${glue.dollars.toFixed(2)} $.`;
}

function growth(gigabytes: number, { at, exponent, cores }: Basis, { seconds, cores: more }: Forecast): string {
  const larger = (gigabytes * 1e9) / at.bytes;
  const doublings = Math.log2(more / cores);
  const gain =
    doublings === 0 ? '' : ` ÷ ${gainOfDoubling[at.engine]}^${doublings.toFixed(1)} (${cores} → ${more} cores)`;
  return `${at.seconds.toFixed(1)} s for ${(at.bytes / 1e9).toFixed(1)} GB, × ${larger.toPrecision(3)}^${exponent.toFixed(2)}${gain} = ${duration(seconds)}.`;
}
