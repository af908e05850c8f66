import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Meaning } from '../../lib/core/expression/meaning.ts';
import type { Outcome } from '../support/engines/diff-outcome.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';
import { parquetOf } from '../support/formats/parquet.ts';

/** A file below `test/golden`: nights of one table and what each comes to, written by hand; the oracle and every engine must say so. */
interface GoldenCase {
  readonly about: string;
  readonly table: Record<string, unknown>;
  readonly nights: GoldenNight[];
}

/** What a vendor sends, and what comes of it. */
interface GoldenNight {
  file: string;
  /** By name, where there are several. */
  files?: Record<string, string>;
  /** A query, of whose rows a Parquet file is made. */
  parquet?: string;
  meaning?: Meaning;
  expect: Partial<Expectation>;
}

type Expectation = Pick<
  Outcome,
  | 'inserted'
  | 'updated'
  | 'gone'
  | 'carried'
  | 'rejected'
  | 'filtered'
  | 'collapsed'
  | 'reverted'
  | 'broken'
  | 'suspended'
  | 'unchanged'
> & { repeats: Partial<Outcome['repeats']> };
const nothing: Expectation = {
  inserted: [],
  updated: [],
  gone: [],
  carried: [],
  rejected: {},
  filtered: 0,
  collapsed: 0,
  reverted: 0,
  broken: {},
  suspended: 0,
  unchanged: 0,
  repeats: {},
};

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open();
});
afterAll(() => lab.close());

const folder = new URL('../golden/', import.meta.url);
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();

describeEngines(['duckdb', 'lockstep', 'spark'], (engine, _runs, some) => {
  test.each(some(cases))('%s', async (name) => {
    const golden = parse(readFileSync(new URL(name, folder), 'utf8')) as GoldenCase;
    lab.reset();
    for (const [index, night] of golden.nights.entries()) {
      const sent = night.parquet ? await parquetOf(night.parquet) : (night.files ?? night.file);
      const { found, expected } = await lab.night(golden.table, sent, engine, {}, night.meaning);
      expect(readable(expected), `oracle, night ${index + 1}`).toEqual({ ...nothing, ...night.expect });
      expect(found, `${engine}, night ${index + 1}`).toEqual(expected);
    }
  });
});

/**
 * Rows as the cases write them: `~` for null, `''` for empty text, `⏎` and `␍` for line ends, `#` for the hash of a row, which the
 * 64 bits of a double are not.
 */
function readable({
  inserted,
  updated,
  gone,
  carried,
  rejected,
  filtered,
  collapsed,
  reverted,
  broken,
  suspended,
  unchanged,
  repeats: { equalShare: _share, files, ...counts },
}: Outcome): Expectation {
  const rows = (texts: string[]) => texts.map(showRow).sort();
  return {
    inserted: rows(inserted),
    updated: rows(updated),
    gone: rows(gone),
    carried: rows(carried),
    rejected,
    filtered,
    collapsed,
    reverted,
    broken,
    suspended,
    unchanged,
    repeats: {
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      ...(files.length > 0 ? { files } : {}),
    },
  };
}

function showRow(text: string): string {
  const values = (JSON.parse(text) as (string | null)[]).map((value) =>
    value === null ? '~' : value.replace(/^(?![01]+$)[0-9a-f]{64}$/, '#') || "''",
  );
  return values.join(' ').replaceAll('\r', '␍').replaceAll('\n', '⏎');
}
