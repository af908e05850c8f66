import { NightfeedError } from '../../../lib/core/errors.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import type { Notifier } from '../../../lib/ports/notifier.ts';

/** Keeps what it is told, or refuses it. */
export class InMemoryNotifier implements Notifier {
  readonly received: RunMessage[] = [];
  refuses = false;

  async send(message: RunMessage): Promise<void> {
    if (this.refuses) throw new NightfeedError('NOTIFIER_UNAVAILABLE', 'nobody takes messages');
    this.received.push(message);
  }
}
