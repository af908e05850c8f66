import { asNightfeedError } from '../core/errors.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Outbox } from '../ports/ledger/outbox.ts';
import type { Ports } from '../ports/ports.ts';

export type NotifyPorts = Pick<Ports, 'notifier' | 'reach' | 'say'> & WithLedger<Outbox>;

/**
 * Sends the messages in the ledger's outbox. A message that cannot be sent, or cannot be marked as sent, stays there for the next run: a
 * night never fails because of a message. Resolves to how many were sent.
 */
export async function notify(ports: NotifyPorts): Promise<number> {
  let sent = 0;
  try {
    for (const { id, message } of await ports.ledger.outbox()) {
      await ports.notifier.send(message);
      await ports.reach('notify.sent');
      await ports.ledger.markSent(id);
      sent += 1;
    }
  } catch (error) {
    ports.say(`messages are kept for the next run: ${asNightfeedError(error).message}`);
  }
  return sent;
}
