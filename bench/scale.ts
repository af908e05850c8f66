import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import { Arena } from './arena.ts';
import type { Changes } from './changes.ts';
import { engines } from './contestants.ts';
import type { Shape } from './dump.ts';
import { describeMachine } from './machine.ts';
import { runOnce } from './race.ts';
import { say } from './say.ts';
import { type EngineName, engineNames, type Measurement } from './scale/measurement.ts';
import { keepMeasurements, writeScalePage } from './scale/page.ts';
import { scaleTable } from './scale/scale-table.ts';

interface Options {
  readonly rows: number[];
  readonly engines: EngineName[];
  readonly write?: boolean;
  readonly folder?: string;
}

const SHAPE: Omit<Shape, 'rows'> = { changed: 0.01, inserted: 0.003, gone: 0.002, shuffled: 'none', top: 0, block: 0 };
/** Of disk: both dumps and what of them is landed; then what is landed and what an engine spills. */
const BYTES_A_ROW = 600;
const PULSE_MS = 30_000;

const { folder, write, ...asked } = new Command('bench:scale')
  .description('The same diff on every engine at several sizes: time, memory, how both grow, and whether all agree.')
  .option('--rows <sizes>', 'rows of a dump, such as 300k,1M,100M', sizes, [1_000_000, 10_000_000])
  .option('--engines <names>', `some of ${engineNames.join(', ')}`, named, [...engineNames])
  .option('--write', 'put the results into docs/scale.md')
  .option('--folder <dir>', 'where to work; the folder for temporary files unless told')
  .parse()
  .opts<Options>();

const place = folder ?? tmpdir();
const measured: Measurement[] = [];
const failures: string[] = [];
for (const rows of asked.rows) {
  try {
    await requireDisk(rows);
    await measureSize(rows);
  } catch (error) {
    fail(`${shown(rows)} rows: ${said(error)}`);
  }
}
console.log(`\n${scaleTable(measured)}`);
if (failures.length > 0) {
  console.log(`\n${failures.join('\n')}`);
  process.exitCode = 1;
} else if (asked.engines.length > 1) console.log('\nAll engines found the same.');

async function measureSize(rows: number): Promise<void> {
  say(`${shown(rows)} rows: writing two dumps`);
  const arena = await Arena.open(place, { ...SHAPE, rows });
  const end = () => void arena.close().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    const bytes = arena.rawBytes('next');
    await during(`${shown(rows)} rows: landing both, ${gigabytes(2 * bytes)}`, () => arena.landing());
    arena.removeRaw();
    let first: { engine: EngineName; changes: Changes } | undefined;
    for (const engine of asked.engines) {
      const found = await measure(arena, engine, rows, bytes);
      if (!found) continue;
      first ??= { engine, changes: found };
      if (isDeepStrictEqual(found, first.changes)) continue;
      fail(`${shown(rows)} rows: ${engine} and ${first.engine} disagree:
  ${engine} ${JSON.stringify(found)}\n  ${first.engine} ${JSON.stringify(first.changes)}`);
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    await arena.close();
  }
}

/** What it found; undefined when it failed, which need not keep the others from being measured. */
async function measure(arena: Arena, engine: EngineName, rows: number, bytes: number): Promise<Changes | undefined> {
  try {
    const { seconds, laps, outcome } = await during(`${shown(rows)} rows: ${engine}`, () =>
      runOnce(engines[engine], arena, true),
    );
    measured.push({ rows, bytes, engine, seconds, peak: laps[0]!.peak.sampled });
    if (write) {
      keepMeasurements(measured, describeMachine(arena.folder, undefined));
      writeScalePage();
    }
    return outcome.changes;
  } catch (error) {
    fail(`${shown(rows)} rows: ${engine} failed: ${said(error)}`);
    return undefined;
  } finally {
    await rm(arena.scratch, { recursive: true, force: true });
  }
}

/** Says what begins and what ended, and now and then that it is still at work. */
async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const pulse = setInterval(
    () => void freeBytes().then((free) => say(`${what}: ${seconds()} so far, ${gigabytes(free)} of disk free`)),
    PULSE_MS,
  );
  say(what);
  try {
    const result = await work();
    say(`${what}: ${seconds()} with start and check`);
    return result;
  } finally {
    clearInterval(pulse);
  }
}

async function requireDisk(rows: number): Promise<void> {
  const free = await freeBytes();
  if (free < rows * BYTES_A_ROW)
    throw new Error(`${gigabytes(rows * BYTES_A_ROW)} of disk are needed, ${gigabytes(free)} are free in ${place}`);
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(place);
  return bavail * bsize;
}

function fail(what: string): void {
  failures.push(what);
  say(what);
}

function said(error: unknown): string {
  const { message, details } = error as Error & { details?: unknown };
  return details ? `${message} ${JSON.stringify(details)}` : message;
}

function shown(rows: number): string {
  return rows.toLocaleString('en');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function sizes(text: string): number[] {
  const factors: Record<string, number> = { '': 1, k: 1e3, M: 1e6 };
  const all = text.split(',').map((size) => {
    const match = /^([\d_]+)([kM]?)$/.exec(size.trim());
    if (!match) throw new InvalidArgumentError('expected sizes, such as 300k,1M,100M.');
    return Number(match[1]!.replaceAll('_', '')) * factors[match[2]!]!;
  });
  return all.sort((a, b) => a - b);
}

function named(text: string): EngineName[] {
  return text.split(',').map((name) => {
    const found = engineNames.find((engine) => engine === name.trim());
    if (!found) throw new InvalidArgumentError(`there is no ${name}; there are ${engineNames.join(', ')}.`);
    return found;
  });
}
