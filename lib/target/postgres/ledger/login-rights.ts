import type { LoginKind } from '../../../core/cloud/logins.ts';
import type { StepName } from '../../../core/run/steps.ts';
import type { RunFacts } from '../../../ports/ledger.ts';

/** Rights of a kind of process. Row-level security and the ledger's functions limit them to the login's own feed. */
export interface LoginRights {
  /** Steps that it enters and whose outcomes it records. */
  readonly steps: readonly StepName[];
  /** Facts that it may note of a running run. */
  readonly facts: readonly (keyof RunFacts)[];
  /** Tables of the ledger that it may read. */
  readonly reads: readonly string[];
  /** Further rights by table of the ledger. */
  readonly writes: Readonly<Record<string, string>>;
  /** Functions of the ledger that it may call. */
  readonly calls: readonly string[];
  /** Rights on the feed's tables in the target schema. */
  readonly rows: 'none' | 'read' | 'write';
}

const aboutRuns = ['migration', 'feed', 'run', 'applied_table'];
/** Functions of the ledger for whoever works on a run. */
export const calledOnRuns = ['enter_run', 'renew_lease', 'record_outcome', 'note_run'];
/** Functions that row-level security and statements on runs call. They need a grant where PUBLIC may not call functions by default. */
export const calledByAll = ['may_work_on', 'merged_tables'];

/** `published` is not among them, because it would mark a run as published without its rows. */
const ofOpenRuns =
  'state, fence, owner, worked_by, lease, ended_at, feed_hash, folder, origin, forced, outcomes, holds, warnings, error';
const lake = 'lake, lake_place';
const sent = 'UPDATE (sent_at)';
const tells = `INSERT, ${sent}`;

export const loginRights: Readonly<Record<LoginKind, LoginRights>> = {
  /** Talks to the vendor, so it does not see production's rows. */
  fetch: {
    steps: ['arrive', 'pull'],
    facts: ['listing', 'reading', 'look'],
    reads: aboutRuns,
    writes: {},
    calls: calledOnRuns,
    rows: 'none',
  },
  /** Reads the vendor's bytes beside production's rows. */
  compare: {
    steps: ['diff', 'tidy'],
    facts: ['delivery', 'changeSet', 'tables'],
    reads: [...aboutRuns, 'target_table', 'restart', 'quarantine', 'decision'],
    writes: {},
    calls: [...calledOnRuns, 'drop_stage'],
    rows: 'read',
  },
  /** Opens runs, holds them, ends them. */
  control: {
    steps: ['guard'],
    facts: ['measures', 'warnings'],
    reads: [...aboutRuns, 'decision', 'outbox'],
    writes: {
      feed: `INSERT (feed, ${lake}), UPDATE (${lake})`,
      run: `INSERT (feed, date, revision, ${ofOpenRuns}), UPDATE (${ofOpenRuns})`,
      outbox: tells,
    },
    calls: calledOnRuns,
    rows: 'none',
  },
  /** Also releases rows of a quarantine, which is a whole run. */
  publish: {
    steps: ['publish'],
    facts: ['delivery', 'changeSet', 'tables', 'warnings'],
    reads: [...aboutRuns, 'target_table', 'restart', 'quarantine', 'decision', 'outbox'],
    writes: {
      feed: 'INSERT, UPDATE',
      run: 'INSERT, UPDATE',
      applied_table: 'INSERT, UPDATE',
      quarantine: 'INSERT, UPDATE, DELETE',
      outbox: tells,
    },
    calls: [...calledOnRuns, 'begin_first_load', 'finish_first_load', 'add_text_column', 'drop_stage'],
    rows: 'write',
  },
  notify: {
    steps: ['notify'],
    facts: [],
    reads: ['run', 'outbox'],
    writes: { outbox: sent },
    calls: ['enter_run', 'renew_lease', 'record_outcome'],
    rows: 'none',
  },
  /** Answers people, and decides for them. */
  decide: {
    steps: [],
    facts: [],
    reads: ['migration', 'run', 'quarantine', 'decision', 'outbox'],
    writes: { outbox: sent },
    calls: ['decide'],
    rows: 'none',
  },
};
