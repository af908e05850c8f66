import { constants, existsSync } from 'node:fs';
import { access, link, lstat, mkdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { NightfeedError } from '../../core/errors.ts';
import type { Disposal } from '../../ports/disposal.ts';
import { checkFileName } from '../common/file-name.ts';

/** Relative targets start in `start`, as the source's folder does. */
export function folderDisposal(folder: string, start: string): Disposal {
  const pathOf = (name: string) => {
    checkFileName(name);
    return join(folder, name);
  };
  const denied = (thrown: unknown, doing: string): NightfeedError => {
    const code = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    return new NightfeedError('SOURCE_DENIED', `${doing}: ${code}`, { cause: thrown });
  };
  return {
    async remove(name) {
      const path = pathOf(name);
      await unlink(path).catch((thrown) => {
        throw denied(thrown, `${path} cannot be deleted`);
      });
    },

    // A second name is made, which fails where there is one already, and then the first one goes.
    async move(name, into) {
      const path = pathOf(name);
      const target = join(resolve(start, into), name);
      try {
        if ((await lstat(path)).isSymbolicLink()) throw Object.assign(new Error('link'), { code: 'it is a link' });
        await mkdir(resolve(start, into), { recursive: true });
        await link(path, target);
        await unlink(path);
      } catch (thrown) {
        throw denied(thrown, `${path} cannot be moved to ${target}`);
      }
    },

    async lacks(into) {
      const folders = [folder, ...(into === null ? [] : [nearest(resolve(start, into))])];
      for (const each of folders) {
        const isAllowed = await access(each, constants.W_OK | constants.X_OK).then(
          () => true,
          () => false,
        );
        if (!isAllowed && existsSync(each)) return `this user may not write in ${each}`;
      }
      return null;
    },

    async sizeIn(into, name) {
      checkFileName(name);
      const found = await lstat(join(resolve(start, into), name)).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return null;
        throw denied(thrown, `${into} cannot be read`);
      });
      return found === null ? null : found.size;
    },
  };
}

/** The folder, or the one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
