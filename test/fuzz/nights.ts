import { isDeepStrictEqual } from 'node:util';
import { NightfeedError } from '../../lib/core/errors.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { dumpOf, nextNight, randomRow, randomTable } from './dumps.ts';
import { Random } from './random.ts';

export interface FuzzReport {
  readonly nights: number;
  /** Nights that the structural scan refused whole. */
  readonly refused: number;
  readonly byLockstep: number;
  /** Of these, compared while they landed. */
  readonly attended: number;
  readonly bySpark: number;
}

type Labs = Readonly<Partial<Record<'spark', EngineLab>> & Record<'lockstep' | 'duckdb', EngineLab>>;

/** Mutated nights until the time is over: every engine must say what the oracle says. Throws with the seed of the feed that failed. */
export async function fuzzNights(options: { seconds: number; seed: number; spark?: boolean }): Promise<FuzzReport> {
  const end = performance.now() + options.seconds * 1000;
  const report = { nights: 0, refused: 0, byLockstep: 0, attended: 0, bySpark: 0 };
  // One for all seeds: its session takes seconds to start.
  const spark = options.spark ? await EngineLab.open({ partBytes: SPARK_PART_BYTES }) : undefined;
  try {
    await fuzzUntil(end, options.seed, spark, report);
  } finally {
    await spark?.close();
  }
  return report;
}

/** Small enough for several parts a file, and not for so many that Spark does nothing but open them. */
const SPARK_PART_BYTES = 1000;

type Report = { -readonly [K in keyof FuzzReport]: number };

async function fuzzUntil(end: number, from: number, spark: EngineLab | undefined, report: Report): Promise<void> {
  for (let seed = from; performance.now() < end; seed += 1) {
    const random = new Random(seed);
    const labs = {
      lockstep: await EngineLab.open({
        windowBytes: 1 + random.below(512),
        roundBytes: 1 + random.below(1000),
        partBytes: 1 + random.below(3000),
        chunkBytes: 1 + random.below(1000),
        attends: random.below(3) > 0,
      }),
      duckdb: await EngineLab.open({ partBytes: 1 + random.below(3000) }),
      ...(spark ? { spark } : {}),
    };
    try {
      for (let feed = 0; feed < FEEDS_A_LAB && performance.now() < end; feed += 1)
        await fuzzFeed(random, labs, seed, report);
    } finally {
      await Promise.all([labs.lockstep.close(), labs.duckdb.close()]);
    }
  }
}

const FEEDS_A_LAB = 8;

async function fuzzFeed(random: Random, labs: Labs, seed: number, report: Report): Promise<void> {
  for (const lab of Object.values(labs)) lab.reset();
  const table = randomTable(random);
  let serial = 100;
  const nextSerial = () => (serial += 1 + random.below(3));
  let rows = Array.from({ length: random.below(40) }, () => randomRow(random, table, nextSerial()));
  for (let night = 0; night < 4; night += 1) {
    const bytes = dumpOf(random, table, rows);
    const results = await Promise.all(
      (Object.keys(labs) as (keyof Labs)[]).map(async (engine) => ({
        engine,
        result: await ask(labs[engine]!, engine),
      })),
    );
    const refusals = results.map(({ result }) => (typeof result === 'string' ? result : 'a diff'));
    if (new Set(refusals).size > 1)
      throw failure(results.map(({ engine }, index) => `${engine} ${refusals[index]}`).join(', '), bytes);
    for (const { engine, result } of results) {
      if (typeof result === 'string') continue;
      const { found, expected } = result;
      if (!isDeepStrictEqual(found, expected))
        throw failure(`${engine} found ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}`, bytes);
      const by = result.receipt.tables.t!;
      if (by.engine === 'lockstep') report.byLockstep += 1;
      if (by.engine === 'spark') report.bySpark += 1;
      if (by.reason.includes('while they landed')) report.attended += 1;
    }
    if (refusals[0] === 'a diff') report.nights += 1;
    else report.refused += 1;
    rows = nextNight(random, table, rows, nextSerial);

    /** The name of the refusal, when there is one. */
    async function ask(lab: EngineLab, engine: keyof Labs) {
      try {
        return await lab.night(table.spec, bytes, engine);
      } catch (error) {
        if (error instanceof NightfeedError && error.state === 'refused') return error.name;
        throw failure(String(error), bytes);
      }
    }
  }

  function failure(what: string, bytes: Buffer): Error {
    return new Error(
      `seed ${seed}, table ${JSON.stringify(table.spec)}\n${what}\nbytes ${JSON.stringify(bytes.toString('latin1'))}`,
    );
  }
}
