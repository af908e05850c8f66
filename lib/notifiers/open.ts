import type { Notifier } from '../ports/notifier.ts';
import type { NotifierKind } from '../ports/notifier-kind.ts';

/**
 * Combines all notifiers that run here and have their settings; null when there are none. When one of them fails to send a message, the
 * message stays in the outbox, and the next time all get it again under the same id.
 */
export async function openNotifiers(
  kinds: readonly NotifierKind[],
  runs: NotifierKind['runs'],
  surroundings: Parameters<NotifierKind['open']>[0],
): Promise<Notifier | null> {
  const opened = await Promise.all(kinds.filter((kind) => kind.runs === runs).map((kind) => kind.open(surroundings)));
  const notifiers = opened.filter((notifier) => notifier !== null);
  if (notifiers.length === 0) return null;
  return {
    async send(message) {
      for (const notifier of notifiers) await notifier.send(message);
    },
  };
}
