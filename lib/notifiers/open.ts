import type { Notifier } from '../ports/notifier.ts';
import type { NotifierKind } from '../ports/notifier-kind.ts';

/**
 * Combines all notifiers that run here and have their settings; null when there are none. When one of them fails to send a message, the
 * others still get it; the message stays in the outbox, and the next time all get it again under the same id. A notifier that failed is
 * not asked again by this process, so that it keeps its order, and nobody waits for it twice.
 */
export async function openNotifiers(
  kinds: readonly NotifierKind[],
  runs: NotifierKind['runs'],
  surroundings: Parameters<NotifierKind['open']>[0],
): Promise<Notifier | null> {
  const opened = await Promise.all(kinds.filter((kind) => kind.runs === runs).map((kind) => kind.open(surroundings)));
  const notifiers = opened.filter((notifier) => notifier !== null);
  if (notifiers.length === 0) return null;
  const failures = new Map<Notifier, unknown>();
  return {
    async send(message) {
      for (const notifier of notifiers)
        if (!failures.has(notifier))
          await notifier.send(message).catch((thrown: unknown) => void failures.set(notifier, thrown));
      for (const thrown of failures.values()) throw thrown;
    },
  };
}
