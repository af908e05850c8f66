import type { Ports } from './ports.ts';

/** Relays what the ledger's outbox still holds. A message that cannot be sent stays there for the next run. */
export async function notify(ports: Ports): Promise<void> {
  for (const { id, message } of await ports.ledger.outbox()) {
    try {
      await ports.notifier.send(message);
    } catch (error) {
      ports.say(`a message could not be sent and is kept: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    await ports.reach('notify.sent');
    await ports.ledger.markSent(id);
  }
}
