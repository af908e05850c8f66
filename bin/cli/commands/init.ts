import { access, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { guessPattern, tableNameOf } from '../../../lib/core/infer/file-pattern.ts';
import type { GuessedTable } from '../../../lib/core/infer/table.ts';
import { guessedFeedText } from '../../../lib/feed-file/guessed-feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { Engine } from '../../../lib/ports/engine.ts';
import { openSource } from '../../../lib/sources/open.ts';
import { guessTables } from '../../../lib/workflows/init/init.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace, type Workplace } from '../compose.ts';
import { askDoubts } from './ask.ts';
import { plan } from './plan.ts';
import { readSecret } from './secrets.ts';

export interface InitOptions {
  readonly out: string;
  readonly previous?: readonly string[];
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** Bytes of each sample that are looked at, unless all are asked for. */
const MOST_BYTES = 64_000_000;

/** Writes a feed file for samples, and shows what a night would do with them. */
export async function init(cli: Cli, samples: readonly string[], options: InitOptions): Promise<number> {
  const { output, wings } = cli;
  const out = resolve(options.out);
  await refuseExisting(out, options.out);
  const guessed = await guessFrom(cli, samples, options);
  const asks = process.stdin.isTTY && process.stderr.isTTY && !options.yes && !output.json;
  const tables: GuessedTable[] = [];
  for (const table of guessed) tables.push(asks ? await askDoubts(table) : table);
  const folder = guessPattern(relative(dirname(out), placeOf(samples)) || '.');
  const feed = feedNameOf(samples);
  const text = guessedFeedText({
    feed,
    source: { folder: folder.pattern },
    samples: samples.map((path) => basename(path)),
    tables,
  });
  await writeFile(out, text, { flag: 'wx' });
  output.print(
    `wrote ${options.out}: ${tables.map(({ name, columns }) => `${name} (${columns.length} columns)`).join(', ')}`,
  );
  const keyless = tables.filter(({ key }) => key === null).map(({ name }) => name);
  if (keyless.length > 0)
    throw new NightfeedError(
      'FEED_INVALID',
      `nothing names the rows of ${keyless.join(', ')}: give the key in ${options.out}`,
    );
  const { feed: made } = await readFeedFile(out, feedSchema(wings));
  const dates = [folder.date, ...samples.map((sample) => guessPattern(basename(sample)).date)];
  const date = dates.find((each) => each !== null) ?? businessDateAt(made, new Date());
  output.print(`what the night of ${date} would do (nightfeed plan ${options.out} --date ${date}):`);
  return plan(cli, out, { date });
}

async function guessFrom(
  cli: Cli,
  samples: readonly string[],
  { previous = [], all, out }: InitOptions,
): Promise<GuessedTable[]> {
  const { output, wings } = cli;
  const open = (folder: string) =>
    openSource({ source: { folder } }, wings.sources, { date: ANY, folder: process.cwd(), secret: readSecret });
  const source = await open(placeOf(samples));
  const before = previous.length > 0 ? await open(placeOf(previous)) : null;
  const names = (paths: readonly string[]) => paths.map((path) => basename(path));
  const request = {
    samples: names(samples),
    previous: names(previous),
    most: all ? Number.MAX_SAFE_INTEGER : MOST_BYTES,
  };
  // Opened for those formats alone that are read from a file of our own.
  let workplace: Workplace | undefined;
  const keepLocally: Engine['keepLocally'] = async (bytes, size) => {
    workplace ??= await openWorkplace(cli, { feed: feedNameOf(samples), folder: dirname(resolve(out)) });
    return workplace.ports.engine.keepLocally(bytes, size);
  };
  try {
    const say = (text: string) => output.say(text);
    return await guessTables(request, { source, before, formats: wings.formats, engine: { keepLocally }, say });
  } finally {
    await source.close();
    await before?.close();
    await workplace?.close();
  }
}

/** The folder of the samples is named without a date in it. */
const ANY = '2000-01-01';

async function refuseExisting(out: string, told: string): Promise<void> {
  const exists = await access(out).then(
    () => true,
    () => false,
  );
  if (exists) throw new NightfeedError('USAGE', `${told} exists already; choose another name with --out`);
}

/** The folder of all samples. */
function placeOf(samples: readonly string[]): string {
  const folders = [...new Set(samples.map((sample) => dirname(resolve(sample))))];
  if (folders.length === 1) return folders[0]!;
  throw new NightfeedError('USAGE', `the samples of a feed are in one folder; received ${folders.join(' and ')}`);
}

/** The samples' own name when they are of one table, else that of their folder, or of the one above where it is named after a date. */
function feedNameOf(samples: readonly string[]): string {
  const names = new Set(samples.map((sample) => tableNameOf(basename(sample))));
  const folders = placeOf(samples).split(sep).reverse();
  const name = names.size === 1 ? [...names][0]! : tableNameOf(folders.find(isUndated) ?? 'feed');
  return name.replaceAll('_', '-').replace(/-+$/, '');
}

const isUndated = (folder: string) => guessPattern(folder).date === null;
