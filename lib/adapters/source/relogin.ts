import { asNightfeedError } from '../../core/errors.ts';
import type { Source } from '../../steps/ports.ts';

/**
 * A source whose password may be changed while we use it: when a login is refused, it is opened once more, with the password
 * as it is then. Files are looked at before they are read, so `read` finds a source that is logged in.
 */
export async function withRelogin(open: () => Promise<Source>): Promise<Source> {
  let source = await open();
  const trying = async <T>(ask: (source: Source) => Promise<T>): Promise<T> => {
    try {
      return await ask(source);
    } catch (thrown) {
      if (asNightfeedError(thrown).name !== 'SOURCE_LOGIN') throw thrown;
      await source.close();
      source = await open();
      return ask(source);
    }
  };
  return {
    get notes() {
      return source.notes;
    },
    list: () => trying((opened) => opened.list()),
    stat: (name) => trying((opened) => opened.stat(name)),
    read: (name) => source.read(name),
    close: () => source.close(),
  };
}
