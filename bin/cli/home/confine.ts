import { lstat, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve, sep } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';

/** Folders that NIGHTFEED_FILES confines `file:` and `source.folder` to; undefined where it is not set. */
export function confinement(): readonly string[] | undefined {
  const { NIGHTFEED_FILES: list } = process.env;
  return list === undefined || list === '' ? undefined : list.split(delimiter).filter((folder) => folder !== '');
}

/** Throws FILE_REFUSED for a path that leads, over links, outside of these folders. */
export async function confine(path: string, folders: readonly string[], variable: string): Promise<void> {
  if (await liesIn(path, folders)) return;
  throw new NightfeedError('FILE_REFUSED', `${path} lies in none of the folders of ${variable}`, {
    hint: `Put it into ${folders.join(' or ') || 'one'}, or have whoever runs nightfeed add its folder to ${variable}.`,
  });
}

/** Whether a path leads into one of these folders. For a path that does not exist yet, its parents decide. A dangling link leads outside. */
export async function liesIn(path: string, folders: readonly string[]): Promise<boolean> {
  const target = await targetOf(resolve(path));
  if (target === undefined) return false;
  const within = await Promise.all(folders.map((folder) => realpath(folder).catch(() => resolve(folder))));
  return within.some((folder) => target === folder || target.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere || dirname(path) === path) return undefined;
    const above = await targetOf(dirname(path));
    return above === undefined ? undefined : join(above, basename(path));
  }
}
