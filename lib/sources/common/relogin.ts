import { isDeepStrictEqual } from 'node:util';
import { asNightfeedError } from '../../core/errors.ts';
import type { Source } from '../../ports/source.ts';

/**
 * A source whose secrets may change while it is in use. When the server refuses a login, the secrets are read again, and the source is
 * opened again only if they differ: sending the same password twice would only bring the account nearer to being locked. `read` needs no
 * such care, because every file is listed before it is read.
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
    get disposal() {
      return source.disposal;
    },
    clock: () => source.clock(),
    close: () => source.close(),
  };
}
