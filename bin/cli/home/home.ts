import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { homesUsedFrom, rememberHome } from './known-homes.ts';

/** Whose state a command is about: a feed file's, that of a feed that a run names, or whatever there is. */
export interface Concern {
  readonly feed?: string | undefined;
  /** Folder of the feed file, when the command was given one. */
  readonly folder?: string | undefined;
}

/** The folder with lake, local state and embedded database. */
export interface Home {
  readonly path: string;
  /** What a person should know about this choice. */
  readonly note?: string;
}

const NAME = '.nightfeed';

/**
 * The home does not depend on where somebody stands: NIGHTFEED_HOME, else beside the feed file. A command without a feed file
 * looks for one from the current folder upwards, else takes the one that commands from this folder used. Throws USAGE when
 * that leaves a choice, or nothing.
 */
export function homeFor({ feed, folder }: Concern): Home {
  const { NIGHTFEED_HOME: given, NIGHTFEED_DATABASE_URL: database } = process.env;
  if (given) return { path: resolve(given) };
  const here = realpathSync(process.cwd());
  if (folder !== undefined && feed !== undefined) {
    const home = homeBeside(feed, folder, here);
    rememberHome(here, home.path);
    return home;
  }
  const above = homeAbove(here);
  const used = homesUsedFrom(here).filter((home) => existsSync(home) && home !== above);
  const fits = (home: string) => feed === undefined || holds(home, feed);
  if (above && (fits(above) || !used.some(fits)))
    return {
      path: above,
      ...(used.length > 0 ? { note: `looking in ${above}; commands from here also used ${used.join(', ')}` } : {}),
    };
  const fitting = used.filter(fits);
  const [only, ...others] = fitting.length > 0 ? fitting : used;
  if (only && others.length === 0) return { path: only, note: `looking in ${only}, which commands from here used` };
  if (only) throw several(here, [only, ...others]);
  // What only the ledger knows needs no home.
  if (database) return { path: join(here, NAME) };
  throw new NightfeedError('USAGE', `no ${NAME} in ${here} or above it, and no command from here used one`, {
    hint: 'Run this in the folder of a feed file that was run before, or set NIGHTFEED_HOME or NIGHTFEED_DATABASE_URL.',
  });
}

/** Whether a lake of this home has had a run of the feed. */
function holds(home: string, feed: string): boolean {
  return existsSync(join(home, 'lake', 'feeds', feed));
}

/** Once it lay in the folder from which the first command was started: such a one is used on. */
function homeBeside(feed: string, folder: string, here: string): Home {
  const path = join(existsSync(folder) ? realpathSync(folder) : folder, NAME);
  const old = join(here, NAME);
  if (old === path || holds(path, feed) || !holds(old, feed)) return { path };
  return { path: old, note: `going on with ${old}, which holds ${feed}; ${howToMove(old, path, feed)}` };
}

function howToMove(old: string, path: string, feed: string): string {
  const isFeedsAlone = readdirSync(join(old, 'lake', 'feeds')).every((name) => name === feed);
  if (isFeedsAlone && !existsSync(path))
    return `it belongs beside the feed file: mv ${quoted(old)} ${quoted(path)} (while no command runs)`;
  return `to use it from everywhere: export NIGHTFEED_HOME=${quoted(old)}`;
}

function homeAbove(here: string): string | undefined {
  for (let folder = here; ; folder = dirname(folder)) {
    if (existsSync(join(folder, NAME))) return join(folder, NAME);
    if (dirname(folder) === folder) return undefined;
  }
}

function several(here: string, homes: readonly string[]): NightfeedError {
  const list = homes.map((home) => `  NIGHTFEED_HOME=${quoted(relative(here, home) || home)}`).join('\n');
  return new NightfeedError('USAGE', `commands from here used several homes:\n${list}`, {
    hint: 'Put one of these before the command, or run it in the folder of the feed file.',
  });
}

/** For a shell. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
