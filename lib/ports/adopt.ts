import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { TargetObject } from '../core/run/diff-receipt.ts';
import type { RunId } from '../core/run/keys.ts';
import type { RunMessage } from '../core/run/message.ts';
import type { StepTimes } from '../core/run/step-times.ts';

/** A table of a feed as the database has it before anything is taken over. */
export interface Survey {
  readonly table: string;
  readonly state: 'absent' | 'ours' | 'foreign';
  /** Of a foreign one: what differs from the feed file, and the SQL that mends it. */
  readonly problems: readonly { readonly what: string; readonly sql: string }[];
  /** Of a foreign one: what can change its rows unseen, as the feed file accepts it. */
  readonly objects: readonly TargetObject[];
  /** SQL that adds the columns of ours which it has not. */
  readonly meta: readonly string[];
}

/** Rows that are in the lake by now, to become what production holds. */
export interface Adoption {
  readonly run: RunId;
  readonly feed: Feed;
  readonly feedHash: string;
  readonly folder: string;
  /** Delivery that production held before, null for none; and what it holds afterwards. */
  readonly base: string | null;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, { readonly snapshot: string; readonly fingerprint: Fingerprint }>>;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly message: RunMessage;
  /** What the steps took until the moment of the commit. */
  steps(): StepTimes;
}
