import type { Forced } from '../../core/delivery/due-date.ts';
import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { RunOrigin } from '../../core/run/origin.ts';
import type { FinishedState } from '../../core/run/state.ts';
import type { Owner } from './owner.ts';

/** Gives runs to whoever wants to work on them. */
export interface Claims {
  claim(request: ClaimRequest): Promise<Claim>;
  /**
   * Opens the next revision of the date that production holds, or the one that was opened for the same rows and is not over.
   * `settled`: a run of that date is held, and has to be decided on first.
   */
  claimRelease(request: ReleaseRequest): Promise<Extract<Claim, { kind: 'open' | 'busy' | 'settled' }>>;
  /** The run of this feed that a live process works on. */
  busy(feed: string): Promise<{ readonly run: RunId; readonly owner: Owner } | null>;
}

export interface ClaimRequest {
  readonly feed: string;
  readonly date: BusinessDate;
  readonly owner: Owner;
  readonly feedHash: string;
  readonly folder: string;
  /** Open the revision after this one, which is settled. */
  readonly after?: RunId;
  /** Of the date's runs this one, although it is held: somebody approved it. Throws RUN_UNKNOWN. */
  readonly resume?: RunId;
  /** Seconds until the run may be taken over; those of a laptop unless told. */
  readonly lease?: number;
  /** Of the delivery, where the feed has one. */
  readonly deadline?: Date;
  /** A refusal that was lifted; kept with the run. */
  readonly forced?: Forced;
}

export interface ReleaseRequest {
  readonly feed: string;
  readonly owner: Owner;
  readonly feedHash: string;
  readonly folder: string;
  readonly origin: RunOrigin;
}

export type Claim =
  | { readonly kind: 'open'; readonly run: RunId; readonly fence: number }
  /** Nothing was changed: the date is over, or held; look at the source before opening the next revision. */
  | {
      readonly kind: 'settled';
      readonly run: RunId;
      readonly state: FinishedState | 'held';
      readonly listing: string | null;
      readonly reading: string | null;
      readonly endedAt: Date | null;
    }
  | { readonly kind: 'busy'; readonly run: RunId; readonly owner: Owner }
  /** Production holds a newer delivery. With a fence the run was opened, to be refused. */
  | { readonly kind: 'older'; readonly run: RunId; readonly applied: RunId; readonly fence: number | null };
