import type { RunMessage } from '../../core/run/message.ts';

/** Messages that were saved with what they tell of, in one transaction. */
export interface Outbox {
  /** Messages not sent yet, oldest first. */
  outbox(): Promise<{ id: string; message: RunMessage }[]>;
  markSent(id: string): Promise<void>;
}
