import { isDeepStrictEqual } from 'node:util';
import { NightfeedError } from '../../lib/core/errors.ts';
import { EngineLab } from '../support/engine-lab.ts';
import { dumpOf, nextNight, randomRow, randomTable } from './dumps.ts';
import { Random } from './random.ts';

export interface FuzzReport {
  readonly nights: number;
  /** Nights that the structural scan refused whole. */
  readonly refused: number;
  readonly byLockstep: number;
  /** Of these, compared while they landed. */
  readonly attended: number;
}

/** Mutated nights until the time is over: both engines must say what the oracle says. Throws with the seed of the feed that failed. */
export async function fuzzNights(options: { seconds: number; seed: number }): Promise<FuzzReport> {
  const end = performance.now() + options.seconds * 1000;
  const report = { nights: 0, refused: 0, byLockstep: 0, attended: 0 };
  for (let seed = options.seed; performance.now() < end; seed += 1) {
    const random = new Random(seed);
    const labs = {
      lockstep: await EngineLab.open({
        windowBytes: 1 + random.below(512),
        roundBytes: 1 + random.below(200),
        partBytes: 1 + random.below(3000),
        chunkBytes: 1 + random.below(1000),
        attends: random.below(3) > 0,
      }),
      duckdb: await EngineLab.open({ partBytes: 1 + random.below(3000) }),
    };
    try {
      for (let feed = 0; feed < FEEDS_A_LAB && performance.now() < end; feed += 1)
        await fuzzFeed(random, labs, seed, report);
    } finally {
      await Promise.all([labs.lockstep.close(), labs.duckdb.close()]);
    }
  }
  return report;
}

const FEEDS_A_LAB = 8;

async function fuzzFeed(
  random: Random,
  labs: Record<'lockstep' | 'duckdb', EngineLab>,
  seed: number,
  report: { -readonly [K in keyof FuzzReport]: number },
): Promise<void> {
  labs.lockstep.reset();
  labs.duckdb.reset();
  const table = randomTable(random);
  let serial = 100;
  const nextSerial = () => (serial += 1 + random.below(3));
  let rows = Array.from({ length: random.below(40) }, () => randomRow(random, table, nextSerial()));
  for (let night = 0; night < 4; night += 1) {
    const bytes = dumpOf(random, table, rows);
    const results = { lockstep: await ask(labs.lockstep, 'lockstep'), duckdb: await ask(labs.duckdb, 'duckdb') };
    if (typeof results.lockstep === 'string' || typeof results.duckdb === 'string') {
      if (results.lockstep !== results.duckdb)
        throw failure(`lockstep ${shown(results.lockstep)}, duckdb ${shown(results.duckdb)}`, bytes);
      report.refused += 1;
    } else {
      for (const [engine, { found, expected }] of [
        ['lockstep', results.lockstep],
        ['duckdb', results.duckdb],
      ] as const) {
        if (!isDeepStrictEqual(found, expected))
          throw failure(`${engine} found ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}`, bytes);
      }
      report.nights += 1;
      const { engine, reason } = results.lockstep.receipt.tables.t!;
      if (engine === 'lockstep') report.byLockstep += 1;
      if (reason.includes('while they landed')) report.attended += 1;
    }
    rows = nextNight(random, table, rows, nextSerial);

    /** The name of the refusal, when there is one. */
    async function ask(lab: EngineLab, engine: 'lockstep' | 'duckdb') {
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

function shown(result: string | object): string {
  return typeof result === 'string' ? result : 'a diff';
}
