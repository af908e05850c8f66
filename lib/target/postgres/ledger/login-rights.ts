import { type LoginKind, loginKinds } from '../../../core/cloud/logins.ts';
import { type LoginNeeds, needsOf } from '../../../core/workflow/login-needs.ts';

/** What a login may do in the ledger. Row-level security and the ledger's functions limit it to the login's own feed. */
interface LedgerRights {
  /** Tables of the ledger that it may read. */
  readonly reads: readonly string[];
  /** Further rights by table of the ledger. */
  readonly writes: Readonly<Record<string, string>>;
  /** Functions of the ledger that it may call. */
  readonly calls: readonly string[];
}

/** Together with what its processes need of runs and of the feed's tables. */
export type LoginRights = LedgerRights & LoginNeeds;

const aboutRuns = ['migration', 'feed', 'run', 'applied_table'];
/** Functions of the ledger for whoever works on a run. */
export const calledOnRuns = ['enter_run', 'renew_lease', 'record_outcome', 'note_run', 'log_step'];
/** Functions that row-level security and statements on runs call. They need a grant where PUBLIC may not call functions by default. */
export const calledByAll = ['may_work_on', 'merged_tables', 'merged_steps'];

/** `published` is not among them, because it would mark a run as published without its rows. */
const ofOpenRuns =
  'state, fence, owner, worked_by, lease, deadline, ended_at, feed_hash, folder, origin, forced, outcomes, steps, holds, warnings, error';
const lake = 'lake, lake_place';
const sent = 'UPDATE (sent_at)';
const tells = `INSERT, ${sent}`;
const notes = 'INSERT, UPDATE';

const ledgerRights: Readonly<Record<LoginKind, LedgerRights>> = {
  /** Talks to the vendor, so it does not see production's rows. */
  fetch: {
    reads: aboutRuns,
    writes: {},
    calls: calledOnRuns,
  },
  /** Reads the vendor's bytes beside production's rows. */
  compare: {
    reads: [...aboutRuns, 'target_table', 'restart', 'quarantine', 'decision'],
    writes: {},
    calls: [...calledOnRuns, 'drop_stage', 'log_storage'],
  },
  /** Opens runs, holds them, ends them. */
  control: {
    reads: [...aboutRuns, 'decision', 'outbox', 'outbox_channel'],
    writes: {
      feed: `INSERT (feed, ${lake}), UPDATE (${lake})`,
      run: `INSERT (feed, date, revision, ${ofOpenRuns}), UPDATE (${ofOpenRuns})`,
      outbox: tells,
      outbox_channel: notes,
    },
    calls: calledOnRuns,
  },
  /** Also releases rows of a quarantine, which is a whole run. */
  publish: {
    reads: [...aboutRuns, 'target_table', 'restart', 'quarantine', 'decision', 'outbox', 'outbox_channel'],
    writes: {
      feed: 'INSERT, UPDATE',
      run: 'INSERT, UPDATE',
      applied_table: 'INSERT, UPDATE',
      quarantine: 'INSERT, UPDATE, DELETE',
      outbox: tells,
      outbox_channel: notes,
    },
    calls: [
      ...calledOnRuns,
      'note_steps',
      'begin_first_load',
      'finish_first_load',
      'add_text_column',
      'drop_stage',
      'log_storage',
    ],
  },
  notify: {
    reads: ['run', 'outbox', 'outbox_channel'],
    writes: { outbox: sent, outbox_channel: notes },
    calls: ['enter_run', 'renew_lease', 'record_outcome', 'log_step'],
  },
  /** Answers people. */
  read: {
    reads: ['migration', 'run', 'quarantine', 'decision'],
    writes: {},
    calls: [],
  },
  /** Decides for people, and answers them. */
  decide: {
    reads: ['migration', 'run', 'quarantine', 'decision', 'outbox', 'outbox_channel'],
    writes: { outbox: sent, outbox_channel: notes },
    calls: ['decide'],
  },
};

export const loginRights = Object.fromEntries(
  loginKinds.map((kind) => [kind, { ...ledgerRights[kind], ...needsOf(kind) }]),
) as Readonly<Record<LoginKind, LoginRights>>;
