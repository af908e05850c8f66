import { asNightfeedError } from '../core/errors.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Outbox } from '../ports/ledger/outbox.ts';
import type { Ports } from '../ports/ports.ts';

export type NotifyPorts = Pick<Ports, 'notifier' | 'reach' | 'say'> & WithLedger<Outbox>;

/**
 * Relays what the ledger's outbox still holds. What cannot be sent, or not be marked as sent, stays there for the next
 * run: telling is never a reason for a night to fail. Resolves to how many were sent.
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
