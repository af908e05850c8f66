import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sighting, Sightings } from '../ports/sightings.ts';

/** One small file a feed: the last date that was looked at. Who looks at another date in between begins anew, which is safe. */
export function folderSightings(folder: string): Sightings {
  const fileOf = (feed: string) => join(folder, `${feed}.json`);
  return {
    async last({ feed, date }) {
      const text = await readFile(fileOf(feed), 'utf8').catch(() => 'null');
      const look = parsed(text);
      return look && look.date === date && !Number.isNaN(Date.parse(look.at ?? '')) ? (look as Sighting) : null;
    },
    async keep({ feed, date }, _fence, look) {
      await mkdir(folder, { recursive: true });
      // Another process may be reading.
      const draft = `${fileOf(feed)}.${process.pid}`;
      await writeFile(draft, JSON.stringify({ date, ...look }));
      await rename(draft, fileOf(feed));
    },
  };
}

/** A file that somebody cut or changed is no look. */
function parsed(text: string): Partial<Sighting & { date: string }> | null {
  try {
    return JSON.parse(text) as Partial<Sighting & { date: string }> | null;
  } catch {
    return null;
  }
}
