import type { RunMessage } from '../../core/run/message.ts';

/** Messages that were saved with what they tell of, in one transaction. */
export interface Outbox {
  /** Messages that somebody has still to be told, oldest first. */
  outbox(): Promise<WaitingMessage[]>;
  /** false when the channel has the message, or another process is telling it; one that was killed counts for a minute. */
  beginTelling(id: string, channel: string): Promise<boolean>;
  /** Keeps that the channel took the message, or why not. */
  endTelling(id: string, channel: string, refusal: string | null): Promise<void>;
  /** Nobody has to be told any more. */
  markSent(id: string): Promise<void>;
}

export interface WaitingMessage {
  readonly id: string;
  readonly message: RunMessage;
  /** Of the newest run of its feed; null for a feed that had none. */
  readonly feedHash: string | null;
  /** When the run began, and ended; null when it is at work again, or the message is about no run. */
  readonly began: Date | null;
  readonly ended: Date | null;
  /** What each channel did with it that was told of it, by the channel's name. */
  readonly told: Readonly<Record<string, Told>>;
}

interface Told {
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO instant of the last attempt. */
  readonly at: string;
  readonly isTaken: boolean;
  /** Why the channel did not take it; null when it did, or while it is told. */
  readonly refusal: string | null;
}
