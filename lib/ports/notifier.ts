import type { RunMessage } from '../core/run/message.ts';

export interface Notifier {
  /** At least once; the receiver tells repetitions by the message's id. */
  send(message: RunMessage): Promise<void>;
}
