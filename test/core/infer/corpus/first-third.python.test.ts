import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { NO_PYTHON } from '../../../../lib/engines/spark/runtime/python-environment.ts';
import { guessedFeedText } from '../../../../lib/feed-file/guessed-feed.ts';
import { usablePython } from '../../../support/engines/python-environment.ts';
import { IntakeLab } from '../../../support/nights/intake-lab.ts';
import { guessedTable } from './guess-file.ts';
import { type Label, labelsOf } from './judge.ts';
import { publicFiles } from './public-files.ts';
import { sameAs } from './same-value.ts';

const run = promisify(execFile);
const folder = await publicFiles();
const labels = labelsOf(readFileSync(new URL('labels.tsv', import.meta.url), 'utf8'));

/** Files of which something comes late: words for null, larger numbers, text among numbers, a time among days, keys twice. */
const chosen = [
  ...['attenu', 'airquality', 'OldMaps', 'msleep', 'UN', 'Prestige', 'CRANpackages', 'Minard.temp', 'presidential'],
  ...['USstateAbbreviations', 'auto-mpg2', 'gapminder_regions', 'sprint', 'iowa-electricity', 'la-riots', 'sp500'],
  ...[
    'weather',
    'unemployment',
    'windvectors',
    'population_engineers',
    'github',
    'co2',
    'lymph_node',
    'nh4',
    'merrell1955',
  ],
  ...['rice_wheat', 'avocado', 'ladybird', 'planes', 'iso-3166-1', 'iso15924', 'iso3166', 'opensubtitles', 'iata_macs'],
  ...[
    'COSTALD',
    'Ozone',
    'CRCCritical',
    'modechoice',
    'danish',
    'Datagov',
    'google_stock',
    'swiss',
    'names',
    'flights',
    'stocks',
  ],
];

let lab: IntakeLab;
let scratch: string;
beforeAll(async () => {
  lab = await IntakeLab.open();
  scratch = await mkdtemp(join(tmpdir(), 'first-third-'));
});
afterAll(async () => {
  await lab.close();
  await rm(scratch, { recursive: true });
});

/** One night of all of a file, under the feed file that `init` writes for its first third. */
async function nightAfter(label: Label): Promise<{ state: string; rows: number; rejected: number; wrong: unknown[] }> {
  const stored = await readFile(join(folder!, label.file));
  const bytes = label.file.endsWith('.gz') ? gunzipSync(stored) : stored;
  await writeFile(join(scratch, 't.csv'), bytes.subarray(0, bytes.indexOf('\n', Math.floor(bytes.length / 3)) + 1));
  const guess = await guessedTable(scratch, 't.csv');
  if (guess.key === null) return { state: 'without a key', rows: 0, rejected: 0, wrong: [] };
  const text = guessedFeedText({ feed: 'f', source: { folder: '.' }, samples: [], tables: [guess] });
  const [table] = Object.values(parse(text).tables) as [Record<string, unknown>];
  const guards = { min_rows: 0, rejected: '100%' };
  const feed = await lab
    .feed({ ...table, files: 't.csv', guards }, { 't.csv': bytes })
    .catch((error) => String(error.message));
  if (typeof feed === 'string')
    return { state: /"(held|refused)"/.exec(feed)?.[1] ?? feed, rows: 0, rejected: 0, wrong: [] };
  const isSame = sameAs(label, guess);
  const wanted = Map.groupBy(await labelledRows(label), isSame.keyOfRaw);
  const live = await feed.rows();
  const wrong = live.filter((row) => !wanted.get(isSame.keyOfLive(row))?.some((raw) => isSame.row(raw, row)));
  const rejected = Object.values((await feed.again()).rejected).reduce((all, each) => all + each, 0);
  return { state: 'published', rows: live.length, rejected, wrong };
}

async function labelledRows({ file, delimiter, encoding, header }: Label): Promise<string[][]> {
  const script = fileURLToPath(new URL('read-labelled.py', import.meta.url));
  const mark = { tab: '\t', blank: ' ' }[delimiter] ?? delimiter;
  const args = [script, join(folder!, file), mark, encoding, header];
  const { stdout } = await run((await usablePython())!, args, { maxBuffer: 1e9 });
  return JSON.parse(stdout) as string[][];
}

const cases = labels.filter(
  ({ file, encoding }) => encoding !== 'utf-16' && chosen.some((each) => file.includes(`/${each}`)),
);

describe.skipIf(folder === undefined)(`a feed file for the first third of a file (skipped with ${NO_PYTHON})`, () => {
  test.each(cases.map((label) => [label.file, label] as const))(
    'of %s loads the whole one as a person reads it, or rejects what does not fit',
    async (_file, label) => {
      const { state, rows, rejected, wrong } = await nightAfter(label);
      expect(wrong.slice(0, 3)).toEqual([]);
      if (state === 'published') expect(rows + rejected).toBe((await labelledRows(label)).length);
      else expect(state).toMatch(/^(held|refused|without a key)$/);
    },
  );
});
