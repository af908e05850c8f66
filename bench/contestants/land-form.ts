import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalEngine } from '../../lib/engines/engine.ts';
import type { Feed } from '../../lib/feed-file/feed.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import type { Contestant } from '../contestant.ts';
import { type Form, forms } from '../formats/forms.ts';
import { writeForm } from '../formats/write-form.ts';
import { dates, feedOf } from '../items.ts';
import { landOne } from '../landing.ts';
import { engineLimits } from '../limits.ts';

interface Prepared {
  readonly vendor: string;
  readonly lake: string;
  readonly scratch: string;
  readonly bytes: number;
}

/** The pull step for the dump in each of its forms. */
export const formContestants: readonly Contestant<Prepared>[] = forms.map(landForm);

function landForm(form: Form): Contestant<Prepared> {
  const feed: Feed = feedOf(form.format);
  return {
    name: `land-${form.name}`,
    title: form.title,
    group: 'pull',
    async prepare(arena) {
      const vendor = join(arena.folder, 'forms', form.name);
      const path = join(vendor, dates.next, 'items.csv');
      await arena.once(form.name, async () => {
        mkdirSync(join(vendor, dates.next), { recursive: true });
        await writeForm(form, arena.raw('next'), path);
      });
      const [lake, scratch] = [join(arena.folder, 'other-lake'), arena.scratch];
      return { vendor, lake, scratch, bytes: statSync(path).size };
    },
    async run({ vendor, lake, scratch, bytes }, watch) {
      const engine = new LocalEngine({ store: folderStore(lake), scratch, canStream: false, ...engineLimits });
      try {
        const { rows } = await landOne({ vendor, lake }, dates.next, { feed, engine }, () => watch.lap('pull'));
        watch.stop();
        return { counts: { rows }, bytes };
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
