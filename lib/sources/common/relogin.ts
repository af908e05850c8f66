import { isDeepStrictEqual } from 'node:util';
import { asNightfeedError } from '../../core/errors.ts';
import type { Source } from '../../ports/source.ts';

/**
 * A source whose secrets may be changed while we use it: when a login is refused, they are read once more, and it is opened
 * again if they are others. The same password again would only bring the account nearer to its lock. Files are looked at
 * before they are read, so `read` finds a source that is logged in.
 */
export async function withRelogin<Secrets>(
  readSecrets: () => Promise<Secrets>,
  open: (secrets: Secrets) => Source,
): Promise<Source> {
  let secrets = await readSecrets();
  let source = open(secrets);
  const trying = async <T>(ask: (source: Source) => Promise<T>): Promise<T> => {
    try {
      return await ask(source);
    } catch (thrown) {
      if (asNightfeedError(thrown).name !== 'SOURCE_LOGIN') throw thrown;
      const now = await readSecrets();
      if (isDeepStrictEqual(now, secrets)) throw thrown;
      await source.close();
      secrets = now;
      source = open(secrets);
      return ask(source);
    }
  };
  return {
    get notes() {
      return source.notes;
    },
    list: (isWanted) => trying((opened) => opened.list(isWanted)),
    stat: (name) => trying((opened) => opened.stat(name)),
    read: (name, from) => source.read(name, from),
    get place() {
      return source.place;
    },
    around: (see) => trying((opened) => opened.around(see)),
    clock: () => source.clock(),
    close: () => source.close(),
  };
}
