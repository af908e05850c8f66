import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { lastSighting } from '../core/run/last-sighting.ts';
import type { Sighting, Sightings } from '../ports/sightings.ts';

/** One small file for each feed, with the date that was looked at last. A look at another date in between starts the wait again, which is safe. */
export function folderSightings(folder: string): Sightings {
  const fileOf = (feed: string) => join(folder, `${feed}.json`);
  return {
    async last({ feed, date }) {
      const text = await readFile(fileOf(feed), 'utf8').catch(() => null);
      const look = text === null ? null : lookIn(text, fileOf(feed));
      return look?.date === date ? look : null;
    },
    async keep({ feed, date }, _fence, look) {
      await mkdir(folder, { recursive: true });
      // Written beside it first, because another process may be reading the file.
      const draft = `${fileOf(feed)}.${process.pid}`;
      await writeFile(draft, objectText(lastSighting, { date, ...look }));
      await rename(draft, fileOf(feed));
    },
  };
}

/** null for a file that was cut or changed, or that a newer version wrote: the wait starts again, which is safe. */
function lookIn(text: string, path: string): (Sighting & { readonly date: string }) | null {
  try {
    return readObject(lastSighting, text, path);
  } catch {
    return null;
  }
}
