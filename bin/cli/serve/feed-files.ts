import { glob, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { nextBeginning, type ScheduledFeed } from '../../../lib/core/schedule/due-nights.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { ServedFeed, ServeEvent } from '../../../lib/workflows/serve/serve-ports.ts';
import type { Wings } from '../../wings.ts';
import { homeFor } from '../home/home.ts';

/** More feed files than a machine serves: a pattern that finds so many means something else. */
const MOST_FILES = 1_000;

/** A file that is the same is read again after this time. */
const REREAD_MS = 60_000;

/** In a folder, and in the folders in it, as feeds lie that have a folder each. */
const inFolder = ['*.{yaml,yml}', '*/*.{yaml,yml}'];

interface Known {
  /** Tells whether the file is the same. */
  readonly stamp: string;
  readonly served: ServedFeed | undefined;
  readonly error: NightfeedError | undefined;
}

/** The feed files of some places, which are looked at again and again. What is wrong with one is told once, and stops no other. */
export class FeedFiles {
  readonly #places: readonly string[];
  readonly #wings: Wings;
  readonly #tell: (event: ServeEvent) => void;
  readonly #listedFor: number;
  #listed:
    | { readonly at: number; readonly files: string[]; readonly troubles: ReadonlyMap<string, NightfeedError> }
    | undefined;
  #known = new Map<string, Known>();
  #troubles = new Map<string, string>();
  #shown = new Map<string, ServedFeed>();

  /** Places are files, folders, or patterns, as absolute paths. They are listed again after some milliseconds: deliveries may lie beside feed files. */
  constructor(places: readonly string[], wings: Wings, tell: (event: ServeEvent) => void, listedFor = 30_000) {
    this.#listedFor = listedFor;
    this.#places = places;
    this.#wings = wings;
    this.#tell = tell;
  }

  async look(): Promise<ServedFeed[]> {
    if (!this.#listed || performance.now() - this.#listed.at >= this.#listedFor) this.#listed = await this.#list();
    const { files } = this.#listed;
    const troubles = new Map(this.#listed.troubles);
    const known = await Promise.all(files.map(async (file) => [file, await this.#read(file)] as const));
    this.#known = new Map(known.flatMap(([file, found]) => (found ? [[file, found]] : [])));
    for (const [file, { error }] of this.#known) if (error) troubles.set(file, error);
    const served = this.#alone(
      [...this.#known.values()].flatMap((found) => found.served ?? []),
      troubles,
    );
    this.#tellTroubles(troubles);
    this.#tellFeeds(served);
    return served;
  }

  async #list() {
    const at = performance.now();
    const troubles = new Map<string, NightfeedError>();
    const found = new Set<string>();
    for (const place of this.#places) {
      const before = found.size;
      const isFolder = (await stat(place).catch(() => undefined))?.isDirectory();
      const patterns = isFolder ? inFolder.map((pattern) => join(escaped(place), pattern)) : [place];
      for (const pattern of patterns)
        for await (const file of glob(pattern)) {
          // Names that begin with a dot are the lake's, or an editor's.
          if (
            isFolder &&
            file
              .slice(place.length)
              .split('/')
              .some((name) => name.startsWith('.') || name === 'node_modules')
          )
            continue;
          if (found.size < MOST_FILES) found.add(await realpath(file).catch(() => file));
        }
      if (found.size === before && !isFolder)
        troubles.set(
          place,
          new NightfeedError('USAGE', `${place} is no file, folder or pattern that fits a feed file`),
        );
    }
    return { at, files: [...found].sort(), troubles };
  }

  /** undefined for a file that describes something else than a feed. */
  async #read(file: string): Promise<Known | undefined> {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || basename(file) === 'nightfeed.config.yaml') return undefined;
    // A file that it names, such as one of holidays, may have changed as well.
    const minute = Math.floor(performance.now() / REREAD_MS);
    const stamp = `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino} ${minute}`;
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known;
    try {
      const { feed, folder } = await readFeedFile(file, feedSchema(this.#wings));
      const { path: home } = homeFor({ feed: feed.feed, folder });
      const isSame = known?.served && isDeepStrictEqual(known.served, { feed, file, home });
      return { stamp, served: isSame ? known.served : { feed, file, home }, error: undefined };
    } catch (thrown) {
      return { stamp, served: undefined, error: asNightfeedError(thrown) };
    }
  }

  /** Without feeds that two files describe: which of them is meant, nobody knows. */
  #alone(served: readonly ServedFeed[], troubles: Map<string, NightfeedError>): ServedFeed[] {
    const byName = Map.groupBy(served, ({ feed }) => feed.feed);
    for (const [name, files] of byName)
      if (files.length > 1) {
        const both = files.map(({ file }) => file).join(' and ');
        troubles.set(files[0]!.file, new NightfeedError('USAGE', `the feed ${name} stands in ${both}; neither is run`));
      }
    return served.filter(({ feed }) => byName.get(feed.feed)!.length === 1);
  }

  #tellTroubles(troubles: ReadonlyMap<string, NightfeedError>): void {
    const now = new Map([...troubles].map(([file, { message }]) => [file, message]));
    for (const [file, { name, message }] of troubles)
      if (this.#troubles.get(file) !== message) this.#tell({ event: 'trouble', feed: null, error: { name, message } });
    this.#troubles = now;
  }

  #tellFeeds(served: readonly ServedFeed[]): void {
    const now = new Map(served.map((each) => [each.feed.feed, each]));
    for (const [feed, each] of now)
      if (this.#shown.get(feed) !== each)
        this.#tell({ event: 'feed', feed, file: each.file, next: nextOf(each)?.toISOString() ?? null });
    for (const [feed, { file }] of this.#shown)
      if (!now.has(feed))
        this.#tell({ event: 'note', text: `${feed} is served no longer: ${file} is gone, or has faults` });
    this.#shown = now;
  }
}

function nextOf({ feed }: ServedFeed): Date | undefined {
  return feed.schedule && nextBeginning(feed as ScheduledFeed, new Date());
}

/** The path for a pattern, in which it means itself. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\]{}!()]/g, '\\$&');
}
