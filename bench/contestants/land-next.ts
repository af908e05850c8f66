import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from '../contestant.ts';
import { dates } from '../items.ts';
import { landOne } from '../landing.ts';

interface Prepared {
  readonly vendor: string;
  readonly lake: string;
  readonly bytes: number;
}

/** The pull step alone: read, scan, hash, compress and store, durably. */
export const landNext: Contestant<Prepared> = {
  name: 'pull',
  title: 'pull: a folder into landing',
  group: 'pull',
  async prepare(arena) {
    return { vendor: arena.vendor, lake: join(arena.folder, 'other-lake'), bytes: arena.rawBytes('next') };
  },
  async run({ vendor, lake, bytes }, watch) {
    const { rows } = await landOne({ vendor, lake }, dates.next, undefined, () => watch.lap('pull'));
    watch.stop();
    return { counts: { rows }, bytes };
  },
  async finish(_arena, { lake }) {
    rmSync(lake, { recursive: true });
  },
};
