import type { Notifier } from '../../ports/notifier.ts';

/** Writes the subject of each message as a line. On a machine of one's own that is enough. */
export function consoleNotifier(write: (line: string) => void): Notifier {
  return {
    async send(message) {
      write(`message  ${message.subject}`);
    },
  };
}
