import { resolve } from 'node:path';
import { z } from 'zod';
import { withDate } from '../../core/feed/values/date-form.ts';
import { dated } from '../../core/feed/values/text-forms.ts';
import type { SourceKind } from '../../ports/source-kind.ts';
import { ofDate } from '../common/options.ts';

const options = {
  folder: dated.min(1).describe(`Folder with the files, relative to the feed file. ${ofDate}`),
  links: z
    .enum(['follow', 'ignore'])
    .optional()
    .describe(
      '`ignore`: links are left out. Without it a link counts as the file that it leads to, within the folder or, with a date in `folder`, within what stands before it.',
    ),
};

export const folder: SourceKind<typeof options> = {
  name: 'folder',
  options,
  reach: (source) => ({ place: source.folder }),
  async open({ folder: path, links }, { date, folder: start, own, confine }) {
    const { folderSource } = await import('./folder.ts');
    const root = resolve(start, undatedPart(path));
    await confine(root);
    return () => folderSource(resolve(start, withDate(path, date)), { own, root, links, start, confine });
  },
};

/** The leading folders of a path, up to the first one with a date in its name. */
function undatedPart(path: string): string {
  const folders = path.split('/');
  const dated = folders.findIndex((folder) => folder.includes('{'));
  return dated < 0 ? path : folders.slice(0, dated).join('/') || (path.startsWith('/') ? '/' : '.');
}
