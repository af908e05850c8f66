import type { LoginKind } from '../../../core/cloud/logins.ts';
import type { StepName } from '../../../core/run/steps.ts';
import type { RunFacts } from '../../../ports/ledger.ts';

/** What a kind of process may do. Row-level security and the ledger's functions narrow all of it to the login's own feed. */
export interface LoginRights {
  /** Steps that it enters, and whose outcomes it leaves. */
  readonly steps: readonly StepName[];
  /** What it may note of a run that is at work. */
  readonly facts: readonly (keyof RunFacts)[];
  /** Tables of the ledger. */
  readonly reads: readonly string[];
  /** Other rights than SELECT, by table of the ledger. */
  readonly writes: Readonly<Record<string, string>>;
  /** Functions of the ledger. */
  readonly calls: readonly string[];
  /** The feed's tables in the target schema. */
  readonly rows: 'none' | 'read' | 'write';
}

const aboutRuns = ['migration', 'feed', 'run', 'applied_table'];
/** Functions of the ledger for whoever works on a run. */
export const calledOnRuns = ['enter_run', 'renew_lease', 'record_outcome', 'note_run'];
/** By row-level security, and by statements on runs; where functions are for nobody by default, these are not either. */
export const calledByAll = ['may_work_on', 'merged_tables'];

/** `published` is not among them: with it a run would be published without its rows. */
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
