import { constants, existsSync } from 'node:fs';
import { access, link, lstat, mkdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import type { Disposal } from '../../ports/disposal.ts';
import { checkFileName } from '../common/file-name.ts';

/** Relative targets start in `start`, as the source's folder does, and no feed may move anything where `confine` throws. */
export function folderDisposal(
  folder: string,
  start: string,
  confine: (folder: string) => Promise<void> = async () => {},
): Disposal {
  const targetOf = async (into: string) => {
    const target = resolve(start, into);
    await confine(target);
    return target;
  };
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
    async move(name, named) {
      const path = pathOf(name);
      const into = await targetOf(named);
      const target = join(into, name);
      try {
        if ((await lstat(path)).isSymbolicLink()) throw Object.assign(new Error('link'), { code: 'it is a link' });
        await mkdir(into, { recursive: true });
        await link(path, target);
        await unlink(path);
      } catch (thrown) {
        throw denied(thrown, `${path} cannot be moved to ${target}`);
      }
    },

    async lacks(into) {
      const target = into === null ? null : await targetOf(into).catch(asNightfeedError);
      if (target instanceof NightfeedError) return target.message;
      for (const each of [folder, ...(target === null ? [] : [nearest(target)])]) {
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
      const found = await lstat(join(await targetOf(into), name)).catch((thrown: NodeJS.ErrnoException) => {
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
