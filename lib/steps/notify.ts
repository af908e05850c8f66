import { asNightfeedError } from '../core/errors.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Outbox } from '../ports/ledger/outbox.ts';
import type { Ports } from '../ports/ports.ts';

export type NotifyPorts = Pick<Ports, 'notifier' | 'reach' | 'say'> & WithLedger<Outbox>;

/**
 * Sends the messages in the ledger's outbox. A message that cannot be sent, or cannot be marked as sent, stays there for the next run: a
 * night never fails because of a message. Later messages are tried all the same, because another notifier may take them. Resolves to how
 * many were sent.
 */
export async function notify(ports: NotifyPorts): Promise<number> {
  let sent = 0;
  const keep = (thrown: unknown) =>
    ports.say(`messages are kept for the next run: ${asNightfeedError(thrown).message}`);
  try {
    for (const { id, message } of await ports.ledger.outbox()) {
      const refused = await ports.notifier.send(message).catch((thrown: unknown) => thrown);
      if (refused !== undefined) {
        if (asNightfeedError(refused).name !== 'NOTIFIER_UNAVAILABLE') throw refused;
        keep(refused);
        continue;
      }
      await ports.reach('notify.sent');
      await ports.ledger.markSent(id);
      sent += 1;
    }
  } catch (error) {
    keep(error);
  }
  return sent;
}
