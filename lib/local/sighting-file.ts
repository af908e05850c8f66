import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { lastSighting } from '../core/run/last-sighting.ts';
import type { Sighting, Sightings } from '../ports/sightings.ts';

/** One small file a feed: the last date that was looked at. Who looks at another date in between begins anew, which is safe. */
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
      // Another process may be reading.
      const draft = `${fileOf(feed)}.${process.pid}`;
      await writeFile(draft, objectText(lastSighting, { date, ...look }));
      await rename(draft, fileOf(feed));
    },
  };
}

/** A file that somebody cut or changed, or a newer nightfeed wrote, is no look: waiting begins anew, which is safe. */
function lookIn(text: string, path: string): (Sighting & { readonly date: string }) | null {
  try {
    return readObject(lastSighting, text, path);
  } catch {
    return null;
  }
}
