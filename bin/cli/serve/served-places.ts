import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { type ServeConfig, serveConfig } from '../../../lib/core/serve/serve-config.ts';
import { MAX_FEED_BYTES, parseChecked } from '../../../lib/feed-file/yaml.ts';

/** What to serve, and how. */
export interface Served extends ServeConfig {
  /** Absolute paths of files, folders, or patterns. */
  readonly feeds: string[];
}

const CONFIG = 'nightfeed.config.yaml';

/** What a folder, a feed file or a configuration asks for; without one, the configuration of the current folder, or that folder. */
export async function servedPlaces(given: string | undefined): Promise<Served> {
  const place = resolve(given ?? (existsSync(CONFIG) ? CONFIG : '.'));
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found)
    throw new NightfeedError('USAGE', `${place} is not there`, {
      hint: 'Give a folder with feed files, or a configuration that names them: `nightfeed serve FOLDER`.',
    });
  const text = found.isDirectory() || found.size > MAX_FEED_BYTES ? '' : await readFile(place, 'utf8');
  if (found.isDirectory() || /^feed:/m.test(text)) return serveConfig.parse({ feeds: [place] });
  if (/^stage:/m.test(text))
    throw new NightfeedError('USAGE', `${place} says what is deployed on AWS, which has its own schedules`, {
      hint: 'Nothing was begun. To run feeds here as well, name their folder, or a configuration of its own: `nightfeed serve FOLDER`.',
    });
  const config = parseChecked(text, place, serveConfig);
  return { ...config, feeds: config.feeds.map((path) => (path.startsWith('/') ? path : join(dirname(place), path))) };
}
