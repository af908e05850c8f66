import type { Forced } from '../core/delivery/due-date.ts';
import type { NightfeedError } from '../core/errors.ts';
import type { BusinessDate } from '../core/feed/business-date.ts';
import type { Approval } from '../core/guards/approval.ts';
import type { Finding } from '../core/guards/finding.ts';
import type { GuardName } from '../core/guards/guard-names.ts';
import type { Measures, PastNight } from '../core/guards/measures.ts';
import type { AppliedTable } from '../core/run/applied-table.ts';
import type { RunId } from '../core/run/keys.ts';
import type { ErrorReport, RunMessage } from '../core/run/message.ts';
import type { RunOrigin } from '../core/run/origin.ts';
import type { FinishedState, RunState } from '../core/run/state.ts';
import type { StepName } from '../core/workflow/workflows.ts';
import type { Quarantined, QuarantineFilter } from './quarantine.ts';
import type { Sighting } from './sightings.ts';
import type { LakeIdentity } from './store.ts';

/** Who works on a run: enough to know at once, on the same host, that it is dead. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Boot and start time of the process: tells it from a later one with the same id. */
  readonly started: string;
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

/** What is known of a run; steps add to it as they learn. */
export interface RunFacts {
  listing?: string;
  /** What the source showed last, before the delivery was taken. */
  look?: Sighting;
  /** Hash of all tables' reading specs. */
  reading?: string;
  delivery?: string;
  /** Id of the diff receipt that guards, approvals and publish speak of. */
  changeSet?: string;
  tables?: Record<string, unknown>;
  steps?: Record<string, number>;
  /** The numbers that guards watched. */
  measures?: Measures;
  /** What guards warned of without holding. */
  warnings?: readonly Finding[];
}

export interface RunRow extends RunFacts {
  readonly run: RunId;
  readonly state: RunState;
  readonly fence: number;
  readonly openedAt: Date;
  readonly endedAt: Date | null;
  readonly feedHash: string;
  /** Folder of the feed file, so that `approve RUN` needs no file. */
  readonly folder: string;
  /** null for a night. */
  readonly origin: RunOrigin | null;
  readonly error: ErrorReport | null;
  readonly holds: readonly Finding[];
  /** It counts as running, and its process is known to be dead or let its lease pass: the next command takes it over. */
  readonly abandoned: boolean;
  /** What would have been refused, and who wanted it, oldest first. */
  readonly forced: readonly Forced[];
}

/** What production holds of a feed. */
export interface Applied {
  readonly run: RunId;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, AppliedTable>>;
}

export interface Decision {
  readonly changeSet: string;
  readonly verdict: 'approved' | 'rejected';
  /** What is approved; null for a rejection, which ends the run as a whole. */
  readonly guards: readonly GuardName[] | null;
  readonly by: string;
  readonly reason: string;
}

export interface MadeDecision extends Decision {
  readonly at: Date;
}

/** How a step ended in a process of its own. */
export type RecordedOutcome = { readonly outcome: string } | { readonly error: ErrorReport };

/** Where a run stands, for who decides what comes next. */
export interface Progress {
  readonly state: RunState;
  /** null when nobody works on it. */
  readonly owner: Owner | null;
  readonly outcomes: Readonly<Partial<Record<StepName, RecordedOutcome>>>;
}

export interface Ledger {
  /** False when this database has no ledger yet; throws LEDGER_VERSION for one that we do not know. */
  exists(): Promise<boolean>;
  claim(request: {
    feed: string;
    date: BusinessDate;
    owner: Owner;
    feedHash: string;
    folder: string;
    /** Open the revision after this one, which is settled. */
    after?: RunId;
    /** Of the date's runs this one, although it is held: somebody approved it. Throws RUN_UNKNOWN. */
    resume?: RunId;
    /** Seconds until the run may be taken over; those of a laptop unless told. */
    lease?: number;
    /** A refusal that was lifted; kept with the run. */
    forced?: Forced;
  }): Promise<Claim>;
  /**
   * Opens the next revision of the date that production holds, or the one that was opened for the same rows and is not over.
   * `settled`: a run of that date is held, and has to be decided on first.
   */
  claimRelease(request: {
    feed: string;
    owner: Owner;
    feedHash: string;
    folder: string;
    origin: RunOrigin;
  }): Promise<Extract<Claim, { kind: 'open' | 'busy' | 'settled' }>>;
  /** What waits in quarantine, oldest run first. */
  quarantined(filter: QuarantineFilter): Promise<Quarantined[]>;
  /** What was published of a feed since a run, that run included, oldest first. */
  publishedSince(run: RunId): Promise<RunRow[]>;
  /** The newest night of a feed that published its delivery, or found that production holds it. */
  lastNight(feed: string): Promise<RunRow | null>;
  /** The run of this feed that a live process works on. */
  busy(feed: string): Promise<{ readonly run: RunId; readonly owner: Owner } | null>;
  /** Renews the lease; throws FENCED when another process took the run over. */
  heartbeat(run: RunId, fence: number, lease?: number): Promise<void>;
  /**
   * Another process of the same owner takes the run up, for so many seconds: raises the fence and forgets the outcome of the
   * step that it begins. null when the run is not running, or is somebody else's.
   */
  enter(
    run: RunId,
    owner: Owner,
    entry: { readonly lease: number; readonly begins?: StepName },
  ): Promise<number | null>;
  /** Throws FENCED. */
  recordOutcome(run: RunId, fence: number, step: StepName, outcome: RecordedOutcome): Promise<void>;
  /** null for a run that the ledger does not know. */
  progress(run: RunId): Promise<Progress | null>;
  /** The run that an owner worked on last. */
  runOf(owner: Owner): Promise<RunId | null>;
  note(run: RunId, fence: number, facts: RunFacts): Promise<void>;
  /** State, error, holds and the outgoing message in one transaction; releases the lease. */
  stop(
    run: RunId,
    fence: number,
    end: { state: RunState; error: NightfeedError | null; holds: readonly Finding[]; message: RunMessage },
  ): Promise<void>;
  applied(feed: string): Promise<Applied | null>;
  /** Where the feed's snapshots lie; null when it is not known. */
  lake(feed: string): Promise<LakeIdentity | null>;
  /** With null the ledger forgets it, and the next run's lake is it. */
  keepLake(feed: string, lake: LakeIdentity | null): Promise<void>;
  find(run: RunId): Promise<RunRow | null>;
  runs(filter: { feed?: string; limit: number }): Promise<RunRow[]>;
  /** Records a decision on a held run's change set; a rejection ends the run and leaves its message. Throws NOT_HELD. */
  decide(run: RunId, decision: Decision, message: RunMessage): Promise<void>;
  /** All that was decided on a run, oldest first. */
  decisions(run: RunId): Promise<MadeDecision[]>;
  approvals(run: RunId, changeSet: string): Promise<Approval[]>;
  /** The last nights of a feed before this one that were published, one a date, newest first. */
  pastNights(run: RunId, limit: number): Promise<PastNight[]>;
  /** Messages not sent yet, oldest first. */
  outbox(): Promise<{ id: string; message: RunMessage }[]>;
  markSent(id: string): Promise<void>;
}
