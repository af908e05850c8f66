import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { ErrorReport } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';
import type { ExpectedNights } from '../../ports/ledger/expected-nights.ts';
import type { Outbox } from '../../ports/ledger/outbox.ts';

/** A feed as its file says it now. The same object as long as the file is the same. */
export interface ServedFeed {
  readonly feed: Feed;
  /** Absolute path of its file. */
  readonly file: string;
  /** Folder of its lake. */
  readonly home: string;
}

export type ServeLedger = ExpectedNights & Pick<Outbox, 'outbox'>;

/** What `serve` needs from the world. */
export interface ServePorts {
  now(): Date;
  /** Ends early when it is stopped, or `wake` is called. */
  sleep(milliseconds: number): Promise<void>;
  wake(): void;
  /** Those that can be run. What is wrong with the others was told. */
  feeds(): Promise<readonly ServedFeed[]>;
  /** null while the database has no ledger; rejects while nobody can ask it. */
  ledgerOf(served: ServedFeed): Promise<ServeLedger | null>;
  /** Runs a night as `nightfeed run` does. It asks for its turn when the delivery is there. Never rejects. */
  night(served: ServedFeed, date: BusinessDate, turn: () => Promise<void>): Promise<NightEnd>;
  /** Tells what waits of a feed's messages, as `nightfeed notify` does. Never rejects. */
  relay(served: ServedFeed): Promise<void>;
  tell(event: ServeEvent): void;
  /** Everything was looked at once more. */
  turned(): void;
}

/** How a night ended. */
export interface NightEnd {
  readonly run: string | null;
  readonly state: RunState | null;
  /** Of `nightfeed run`; null when its process was killed. */
  readonly exit: number | null;
  readonly error: ErrorReport | null;
  readonly seconds: number;
}

/** What `serve` says, an object or a line each. */
export type ServeEvent =
  | { readonly event: 'feed'; readonly feed: string; readonly file: string; readonly next: string | null }
  | { readonly event: 'begins'; readonly feed: string; readonly date: BusinessDate }
  | ({ readonly event: 'ended'; readonly feed: string; readonly date: BusinessDate } & NightEnd & {
        /** When the same night is run again; null when it is over. */
        readonly again_at: string | null;
      })
  | { readonly event: 'missed'; readonly feed: string; readonly dates: readonly BusinessDate[] }
  | { readonly event: 'overdue'; readonly feed: string; readonly date: BusinessDate; readonly state: RunState | null }
  | { readonly event: 'trouble'; readonly feed: string | null; readonly error: Omit<ErrorReport, 'hint'> }
  | { readonly event: 'note'; readonly text: string };
