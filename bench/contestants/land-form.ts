import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalEngine } from '../../lib/engines/engine.ts';
import type { Feed } from '../../lib/feed-file/feed.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import type { Arena } from '../arena.ts';
import type { Contestant } from '../contestant.ts';
import { type Form, forms } from '../formats/forms.ts';
import { repeatedBytes, repeatedSource } from '../formats/repeated-source.ts';
import { writeForm, writeParquet, writePieces } from '../formats/write-form.ts';
import { dates, feedOf } from '../items.ts';
import { landOne } from '../landing.ts';
import { engineLimits } from '../limits.ts';

interface Prepared {
  readonly vendor: string;
  readonly lake: string;
  readonly scratch: string;
  readonly bytes: number;
  readonly rows: number;
  /** How often the rows come again; without it the file lies there whole. */
  readonly again?: number;
}

/** The pull step for the dump in each of its forms. */
export const formContestants: readonly Contestant<Prepared>[] = forms.map((form) => landForm(form));

/** `least`: the dump comes again until the file has so many bytes. */
export function landForm(form: Form, least?: number): Contestant<Prepared> {
  const feed: Feed = feedOf(form.format);
  return {
    name: `land-${form.name}`,
    title: form.title,
    group: 'pull',
    async prepare(arena) {
      const vendor = join(arena.folder, 'forms', form.name);
      const folder = join(vendor, dates.next);
      mkdirSync(folder, { recursive: true });
      const file = await arena.once(form.name, () =>
        least ? grown(form, arena, folder, least) : made(form, arena, folder),
      );
      return { vendor, lake: join(arena.folder, 'other-lake'), scratch: arena.scratch, ...file };
    },
    async run({ vendor, lake, scratch, bytes, rows: sent, again }, watch) {
      const engine = new LocalEngine({ store: folderStore(lake), scratch, canStream: false, ...engineLimits });
      const folder = join(vendor, dates.next);
      const source = again === undefined ? folderSource(folder) : repeatedSource(folder, FILE, again);
      try {
        const { rows } = await landOne({ vendor, lake }, dates.next, { feed, engine, source }, () => watch.lap('pull'));
        watch.stop();
        if (rows !== sent) throw new Error(`${form.name}: ${rows} rows landed of ${sent}`);
        return { counts: {}, bytes, rows };
      } finally {
        await engine.close();
      }
    },
    async finish(arena, { lake }, { isLast }) {
      rmSync(lake, { recursive: true });
      if (isLast) rmSync(join(arena.folder, 'forms', form.name), { recursive: true });
    },
  };
}

const FILE = 'items.csv';

type Made = Pick<Prepared, 'bytes' | 'rows' | 'again'>;

async function made(form: Form, arena: Arena, folder: string): Promise<Made> {
  const path = join(folder, FILE);
  await writeForm(form, arena.raw('next'), path);
  return { bytes: statSync(path).size, rows: arena.truth.rows };
}

async function grown(form: Form, arena: Arena, folder: string, least: number): Promise<Made> {
  const { rows } = arena.truth;
  if (form.text === undefined) return grownParquet(arena, join(folder, FILE), least);
  await writePieces(form, arena.raw('next'), rows, folder);
  const one = repeatedBytes(folder, 1) - repeatedBytes(folder, 0);
  const again = Math.max(0, Math.ceil((least - repeatedBytes(folder, 0)) / one));
  return { bytes: repeatedBytes(folder, again), rows: rows * (again + 1), again };
}

/** Its end says where everything is, so that it has to lie there whole. */
async function grownParquet(arena: Arena, path: string, least: number): Promise<Made> {
  const dump = arena.raw('next');
  const write = async (times: number) => {
    await writeParquet(Array<string>(times).fill(dump), path);
    return statSync(path).size;
  };
  const times = Math.ceil((least * PROBED) / (await write(PROBED)));
  return { bytes: await write(times), rows: arena.truth.rows * times };
}

/** Dumps that tell how large one is among others. */
const PROBED = 4;
