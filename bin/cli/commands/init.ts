import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { sourceSchema } from '../../../lib/core/feed/spec/source.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import type { GuessedTable } from '../../../lib/core/infer/table.ts';
import { guessedFeedText } from '../../../lib/feed-file/guessed-feed.ts';
import { parseChecked, readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { Engine } from '../../../lib/ports/engine.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { openSource } from '../../../lib/sources/open.ts';
import { guessTables } from '../../../lib/workflows/init/init.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace, type Workplace } from '../compose.ts';
import { askDoubts, askHeader } from './ask.ts';
import { plan } from './plan.ts';
import { type SamplePlace, samplePlace } from './sample-place.ts';
import { readSecret } from './secrets.ts';

export interface InitOptions {
  readonly out: string;
  readonly previous?: readonly string[];
  readonly hostKey?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** Bytes of each sample that are kept. */
const MOST_BYTES = 64_000_000;

/** Writes a feed file for samples, and shows what a night would do with them. */
export async function init(cli: Cli, samples: readonly string[], options: InitOptions): Promise<number> {
  const { output, wings } = cli;
  const out = resolve(options.out);
  await refuseExisting(out, options.out);
  const at = { from: dirname(out), hostKey: options.hostKey, sources: wings.sources };
  const place = samplePlace(samples, at);
  const before = options.previous ? samplePlace(options.previous, at) : null;
  const asks = process.stdin.isTTY && process.stderr.isTTY && !options.yes && !output.json;
  const guessed = await guessFrom(cli, { place, before, out, all: options.all === true, asks });
  const tables: GuessedTable[] = [];
  for (const table of guessed) tables.push(asks ? await askDoubts(table) : table);
  const { feed, source } = place;
  await writeFile(out, guessedFeedText({ feed, source, samples: place.names, tables }), { flag: 'wx' });
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
  const date = place.date ?? businessDateAt(made, new Date());
  output.print(`what the night of ${date} would do (nightfeed plan ${options.out} --date ${date}):`);
  return plan(cli, out, { date });
}

interface Guessing {
  readonly place: SamplePlace;
  readonly before: SamplePlace | null;
  readonly out: string;
  readonly all: boolean;
  /** Whether a person is there who can be asked. */
  readonly asks: boolean;
}

async function guessFrom(cli: Cli, { place, before, out, all, asks }: Guessing): Promise<GuessedTable[]> {
  const source = await open(place, cli);
  const earlier = before && (await open(before, cli));
  // Opened for those formats alone that are read from a file of our own.
  let workplace: Workplace | undefined;
  const keepLocally: Engine['keepLocally'] = async (bytes, size) => {
    workplace ??= await openWorkplace(cli, { feed: place.feed, folder: dirname(out) }, { database: 'perhaps' });
    return workplace.ports.engine.keepLocally(bytes, size);
  };
  const request = { samples: place.names, previous: before?.names ?? [], most: MOST_BYTES, all };
  const say = (text: string) => cli.output.say(text);
  try {
    for (const note of source.notes) say(`note: ${note}`);
    const ports = {
      source,
      before: earlier,
      formats: cli.wings.formats,
      engine: { keepLocally },
      say,
      ...(asks ? { askHeader } : {}),
    };
    return await guessTables(request, ports);
  } finally {
    await source.close();
    await earlier?.close();
    await workplace?.close();
  }
}

function open({ exact }: SamplePlace, { wings }: Cli): Promise<Source> {
  const source = parseChecked(JSON.stringify(exact), 'the samples', sourceSchema(wings.sources));
  return openSource({ source }, wings.sources, { date: ANY, folder: process.cwd(), secret: readSecret });
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
