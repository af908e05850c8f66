import type { Notifier } from '../../ports/notifier.ts';

/** Writes each message's subject as a line; on a laptop that is all the telling that is needed. */
export function consoleNotifier(write: (line: string) => void): Notifier {
  return {
    async send(message) {
      write(`message  ${message.subject}`);
    },
  };
}
