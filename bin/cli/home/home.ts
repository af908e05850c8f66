import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { homesUsedFrom, rememberHome } from './known-homes.ts';

/** What a command is about: a feed file, the feed of a run, or neither. */
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
 * The home is NIGHTFEED_HOME, or else lies beside the feed file, whatever the current folder is. A command without a feed file looks for a
 * home in the current folder and above, and otherwise takes the home that earlier commands from this folder used. Throws USAGE when it
 * finds several, or none.
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
  // A command that only asks the ledger needs no home.
  if (database) return { path: join(here, NAME) };
  throw new NightfeedError('USAGE', `no ${NAME} in ${here} or above it, and no command from here used one`, {
    hint: 'Run this in the folder of a feed file that was run before, or set NIGHTFEED_HOME or NIGHTFEED_DATABASE_URL.',
  });
}

/** Whether a lake of this home has had a run of the feed. */
function holds(home: string, feed: string): boolean {
  return existsSync(join(home, 'lake', 'feeds', feed));
}

/** The home beside the feed file. In early versions the home lay in the current folder of the first command; such a home stays in use. */
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

/** The path as a shell needs it. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
