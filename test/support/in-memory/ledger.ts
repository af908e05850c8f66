import { NightfeedError } from '../../../lib/core/errors.ts';
import type { BusinessDate } from '../../../lib/core/feed/business-date.ts';
import { comparedColumns } from '../../../lib/core/run/applied-table.ts';
import { compareRuns, type RunId, runName } from '../../../lib/core/run/keys.ts';
import type { LakeSize } from '../../../lib/core/run/lake-size.ts';
import { type RunMessage, reportOf, runMessage } from '../../../lib/core/run/message.ts';
import { isFinished, type RunState } from '../../../lib/core/run/state.ts';
import type { StepTimes } from '../../../lib/core/run/step-times.ts';
import type { EndedStep } from '../../../lib/core/run/step-use.ts';
import { LAPTOP_LEASE } from '../../../lib/core/workflow/lease.ts';
import type { Applied, AppliedState } from '../../../lib/ports/ledger/applied.ts';
import type { Claim, ClaimRequest, Claims } from '../../../lib/ports/ledger/claims.ts';
import type { Decision, Decisions, MadeDecision } from '../../../lib/ports/ledger/decisions.ts';
import type { Lakes } from '../../../lib/ports/ledger/lakes.ts';
import type { LedgerPresence } from '../../../lib/ports/ledger/ledger.ts';
import type { NumberLog } from '../../../lib/ports/ledger/number-log.ts';
import type { NotedFacts, OpenRuns, RunEnd } from '../../../lib/ports/ledger/open-runs.ts';
import type { Outbox, WaitingMessage } from '../../../lib/ports/ledger/outbox.ts';
import type { Owner } from '../../../lib/ports/ledger/owner.ts';
import type { OpenPickup, PickupOutcome, Pickups, PlannedFile } from '../../../lib/ports/ledger/pickups.ts';
import type { RunRow, Runs } from '../../../lib/ports/ledger/runs.ts';
import type { Quarantined, QuarantineFilter, WaitingRows } from '../../../lib/ports/ledger/waiting-rows.ts';
import type { LakeIdentity } from '../../../lib/ports/store.ts';
import type { Publication, PublishedTable } from '../../../lib/ports/target.ts';

/** A run as the ledger keeps it. */
interface Kept extends RunRow {
  readonly owner: Owner | null;
  /** Milliseconds since 1970. */
  readonly leasedUntil: number;
  readonly published?: Readonly<Record<string, PublishedTable>>;
}

/** What nights, plans and decisions use of a ledger. */
export type NightLedger = LedgerPresence &
  Pick<Claims, 'claim' | 'busy'> &
  OpenRuns &
  NumberLog &
  Runs &
  AppliedState &
  Lakes &
  Decisions &
  WaitingRows &
  Pickups &
  Outbox;

/** A ledger for tests of workflows. Releases and steps in processes of their own need PostgreSQL. */
export class InMemoryLedger implements NightLedger {
  readonly #isDead: (owner: Owner) => boolean;
  /** By name, in the order in which they were opened. */
  readonly #runs = new Map<string, Kept>();
  readonly #applied = new Map<string, Applied>();
  readonly #lakes = new Map<string, LakeIdentity>();
  readonly #decisions = new Map<string, MadeDecision[]>();
  readonly #messages = new Map<string, Pick<WaitingMessage, 'message' | 'told'> & { readonly isSent: boolean }>();

  readonly loggedSteps: EndedStep[] = [];
  readonly loggedStorage: (readonly LakeSize[])[] = [];
  readonly #waiting: Quarantined[] = [];
  readonly pickups: (OpenPickup & { readonly outcome: PickupOutcome | null })[] = [];

  /** What some process is telling. */
  readonly #telling = new Set<string>();

  constructor(isDead: (owner: Owner) => boolean = () => false) {
    this.#isDead = isDead;
  }

  async exists(): Promise<boolean> {
    return true;
  }

  async claim(request: ClaimRequest): Promise<Claim> {
    const { feed, date, resume, after, owner } = request;
    const applied = this.#applied.get(feed)?.run;
    const latest = this.#nightsOf(feed, date).findLast((row) => row.run.revision === (resume ?? row.run).revision);
    if (resume && !latest) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no night ${runName(resume)}`);
    const isOthers = (row: Kept) => row.state === 'running' && this.#lives(row) && !sameOwner(row.owner!, owner);
    if (applied && date < applied.date) {
      const run = latest && (isSettled(latest.state) || isOthers(latest)) ? latest.run : undefined;
      if (run) return { kind: 'older', run, applied, fence: null };
      const opened = latest ? this.#reopen(request, latest) : this.#open(request);
      return { kind: 'older', run: opened.run, applied, fence: opened.fence };
    }
    const other = this.#of(feed).find((row) => row !== latest && row.state === 'running' && this.#lives(row));
    if (other) return { kind: 'busy', run: other.run, owner: other.owner! };
    if (!latest) return this.#open(request);
    if (isOthers(latest)) return { kind: 'busy', run: latest.run, owner: latest.owner! };
    if (applied && compareRuns(latest.run, applied) < 0 && !isSettled(latest.state))
      return this.#openNext(request, latest);
    const { run, state, listing = null, reading = null, endedAt } = latest;
    if (isSettled(state)) {
      if (after && compareRuns(after, run) === 0) return this.#openNext(request, latest);
      if (!(state === 'held' && resume))
        return { kind: 'settled', run, state: state as 'held', listing, reading, endedAt };
    }
    return this.#reopen(request, latest);
  }

  async busy(feed: string) {
    const holder = this.#of(feed).find((row) => row.state === 'running' && this.#lives(row));
    return holder ? { run: holder.run, owner: holder.owner! } : null;
  }

  async heartbeat(run: RunId, fence: number, lease = LAPTOP_LEASE): Promise<void> {
    this.#change(this.#owned(run, fence), { leasedUntil: Date.now() + lease * 1000 });
  }

  async note(run: RunId, fence: number, { tables, files: _files, ...facts }: NotedFacts): Promise<void> {
    const row = this.#owned(run, fence);
    this.#change(row, { ...facts, ...(tables ? { tables: mergedTables(row.tables, tables) } : {}) });
  }

  async noteSteps(run: RunId, fence: number, steps: StepTimes): Promise<void> {
    const row = this.#runs.get(runName(run));
    if (row?.fence === fence) this.#change(row, { steps: { ...row.steps, ...steps } });
  }

  async logStep(run: RunId, fence: number, step: EndedStep): Promise<void> {
    if (this.#runs.get(runName(run))?.fence === fence) this.loggedSteps.push(step);
  }

  async logStorage(_run: RunId, sizes: readonly LakeSize[]): Promise<void> {
    this.loggedStorage.push(sizes);
  }

  async stop(run: RunId, fence: number, { state, error, holds, message, steps = {} }: RunEnd): Promise<void> {
    const known = this.#runs.get(runName(run));
    if (known?.fence === fence && known.state === state) return;
    const row = this.#owned(run, fence);
    this.#change(row, { ...ended(state), error: error && reportOf(error), holds, steps: { ...row.steps, ...steps } });
    this.#tell(message);
  }

  async find(run: RunId): Promise<RunRow | null> {
    const row = this.#runs.get(runName(run));
    return row ? this.#shown(row) : null;
  }

  async runs({ feed, limit }: { feed?: string; limit: number }): Promise<RunRow[]> {
    const rows = feed === undefined ? [...this.#runs.values()] : this.#of(feed);
    return rows
      .toReversed()
      .slice(0, limit)
      .map((row) => this.#shown(row));
  }

  async nextRun(feed: string, date: BusinessDate): Promise<RunId> {
    return this.#nextRun(feed, date);
  }

  async publishedSince(run: RunId): Promise<RunRow[]> {
    return this.#inOrder(run.feed)
      .filter((row) => row.state === 'published' && compareRuns(row.run, run) >= 0)
      .map((row) => this.#shown(row));
  }

  async lastNight(feed: string): Promise<RunRow | null> {
    const isNight = ({ state, listing }: Kept) => ['published', 'unchanged'].includes(state) && listing !== undefined;
    const row = this.#inOrder(feed).findLast(isNight);
    return row ? this.#shown(row) : null;
  }

  async pastNights(run: RunId, limit: number) {
    const rows = this.#inOrder(run.feed).filter(
      ({ run: other, state, measures }) => compareRuns(other, run) < 0 && state === 'published' && measures,
    );
    const firstOfDate = rows.filter((row, index) => rows[index - 1]?.run.date !== row.run.date);
    const nights = firstOfDate.map(({ run: { date }, measures }) => ({ date, measures: measures! }));
    return nights.toReversed().slice(0, limit);
  }

  async applied(feed: string): Promise<Applied | null> {
    return this.#applied.get(feed) ?? null;
  }

  async lake(feed: string): Promise<LakeIdentity | null> {
    return this.#lakes.get(feed) ?? null;
  }

  async keepLake(feed: string, lake: LakeIdentity | null): Promise<void> {
    if (lake) this.#lakes.set(feed, lake);
    else this.#lakes.delete(feed);
  }

  async quarantined({ feed, run, table, code }: QuarantineFilter): Promise<Quarantined[]> {
    return this.#waiting.filter(
      (each) =>
        (feed === undefined || each.run.feed === feed) &&
        (run === undefined || compareRuns(each.run, run) === 0) &&
        (table === undefined || each.table === table) &&
        (code === undefined || each.code === code),
    );
  }

  async planPickup(run: RunId, files: readonly PlannedFile[]): Promise<void> {
    if (this.pickups.some((each) => compareRuns(each.run, run) === 0)) return;
    for (const file of files) this.pickups.push({ run, ...file, reason: null, outcome: null });
  }

  async openPickups(feed?: string): Promise<OpenPickup[]> {
    return this.pickups
      .filter(({ run, outcome }) => outcome === null && (feed === undefined || run.feed === feed))
      .map(({ outcome: _outcome, ...open }) => open);
  }

  async isPickupPlanned(run: RunId): Promise<boolean> {
    return this.pickups.some((each) => compareRuns(each.run, run) === 0);
  }

  async notePickup(run: RunId, name: string, outcome: PickupOutcome | null, reason: string | null): Promise<void> {
    const index = this.pickups.findIndex((each) => compareRuns(each.run, run) === 0 && each.name === name);
    const kept = this.pickups[index];
    if (kept && kept.outcome === null) this.pickups[index] = { ...kept, outcome, reason };
  }

  async decide(run: RunId, decision: Decision, message: RunMessage): Promise<void> {
    const row = this.#runs.get(runName(run));
    const { changeSet, verdict } = decision;
    if (!row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
    if (row.state !== 'held') throw new NightfeedError('NOT_HELD', `${runName(run)} is ${row.state}, not held`);
    if (row.changeSet !== changeSet)
      throw new NightfeedError(
        'NOT_HELD',
        `${runName(run)} is held for the change set ${row.changeSet}, not for ${changeSet}`,
      );
    this.#decisions.set(runName(run), [...(await this.decisions(run)), { ...decision, at: new Date() }]);
    if (verdict !== 'rejected') return;
    this.#change(row, ended('rejected'));
    this.#tell(message);
  }

  async decisions(run: RunId): Promise<MadeDecision[]> {
    return this.#decisions.get(runName(run)) ?? [];
  }

  async approvals(run: RunId, changeSet: string) {
    const made = await this.decisions(run);
    return made.filter((decision) => decision.changeSet === changeSet && decision.verdict === 'approved');
  }

  async outbox(): Promise<WaitingMessage[]> {
    return [...this.#messages].flatMap(([id, { message, isSent, told }]) => {
      const { feedHash } = [...this.#runs.values()].findLast(({ run }) => message.run.startsWith(`${run.feed}/`))!;
      const { openedAt: began, endedAt: ended } = this.#runs.get(message.run)!;
      return isSent ? [] : [{ id, message, feedHash, began, ended, told }];
    });
  }

  async beginTelling(id: string, channel: string): Promise<boolean> {
    const known = this.#messages.get(id)?.told[channel];
    if (!this.#messages.has(id) || known?.isTaken || this.#telling.has(`${id} ${channel}`)) return false;
    this.#telling.add(`${id} ${channel}`);
    const attempts = (known?.attempts ?? 0) + 1;
    this.#keepTold(id, channel, { attempts, at: new Date().toISOString(), isTaken: false, refusal: null });
    return true;
  }

  async endTelling(id: string, channel: string, refusal: string | null): Promise<void> {
    this.#telling.delete(`${id} ${channel}`);
    const known = this.#messages.get(id)!.told[channel]!;
    if (!known.isTaken) this.#keepTold(id, channel, { ...known, isTaken: refusal === null, refusal });
  }

  #keepTold(id: string, channel: string, told: WaitingMessage['told'][string]): void {
    const kept = this.#messages.get(id)!;
    this.#messages.set(id, { ...kept, told: { ...kept.told, [channel]: told } });
  }

  async markSent(id: string): Promise<void> {
    const kept = this.#messages.get(id);
    if (kept) this.#messages.set(id, { ...kept, isSent: true });
  }

  /** What a target does to the ledger in the transaction that changes its rows. Answers what was published, if it was before. */
  commit(publication: Publication, tables: Readonly<Record<string, PublishedTable>>) {
    const { run, fence, feed, receipt, snapshots, changeSet, steps } = publication;
    const held = this.#applied.get(run.feed);
    const order = held ? compareRuns(run, held.run) : 1;
    if (order < 0) throw new NightfeedError('OLDER_DELIVERY', `${runName(run)} is older than ${runName(held!.run)}`);
    const known = this.#runs.get(runName(run));
    if (order === 0 && held!.delivery === receipt.delivery) return known!.published;
    if ((held?.delivery ?? null) !== receipt.base)
      throw new NightfeedError('BASE_MOVED', `the change set starts from ${receipt.base}`);
    const row = this.#owned(run, fence);
    const moved = Object.entries(receipt.tables).map(([name, { snapshot }]) => {
      const { fingerprint } = snapshots[name]!;
      return [
        name,
        { snapshot, fingerprint, schema: feed.target.schema, columns: comparedColumns(feed.tables[name]!) },
      ];
    });
    for (const [table, { rejected }] of Object.entries(receipt.tables))
      for (const [code, rows] of Object.entries(rejected))
        this.#waiting.push({ run, table, code: code as Quarantined['code'], rows, object: null });
    const { delivery } = receipt;
    this.#applied.set(run.feed, { run, delivery, tables: { ...held?.tables, ...Object.fromEntries(moved) } });
    const counted = { tables: mergedTables(row.tables, tables), published: tables };
    this.#change(row, {
      ...ended('published'),
      delivery,
      changeSet,
      ...counted,
      steps: { ...row.steps, ...steps?.() },
    });
    for (const other of this.#of(run.feed))
      if (compareRuns(other.run, run) < 0 && !isFinished(other.state)) this.#supersede(other);
    this.#tell(publication.message(tables));
    return undefined;
  }

  #of(feed: string): Kept[] {
    return [...this.#runs.values()].filter(({ run }) => run.feed === feed);
  }

  #inOrder(feed: string): Kept[] {
    return this.#of(feed).sort((one, other) => compareRuns(one.run, other.run));
  }

  #nightsOf(feed: string, date: BusinessDate): Kept[] {
    return this.#inOrder(feed).filter(({ run }) => run.date === date);
  }

  #nextRun(feed: string, date: BusinessDate): RunId {
    return { feed, date, revision: (this.#nightsOf(feed, date).at(-1)?.run.revision ?? 0) + 1 };
  }

  #lives({ leasedUntil, owner }: Kept): boolean {
    return owner !== null && leasedUntil > Date.now() && !this.#isDead(owner);
  }

  #open({ feed, date, owner, feedHash, folder, lease = LAPTOP_LEASE, forced }: ClaimRequest) {
    const run = this.#nextRun(feed, date);
    this.#runs.set(runName(run), {
      run,
      state: 'running',
      fence: 1,
      owner,
      leasedUntil: Date.now() + lease * 1000,
      openedAt: new Date(),
      endedAt: null,
      feedHash,
      folder,
      origin: null,
      error: null,
      holds: [],
      warnings: [],
      forced: forced ? [forced] : [],
      abandoned: false,
    });
    return { kind: 'open', run, fence: 1 } as const;
  }

  #reopen({ owner, feedHash, folder, lease = LAPTOP_LEASE, forced }: ClaimRequest, row: Kept) {
    const fence = row.fence + 1;
    const isApproved = row.state === 'held' || row.state === 'running';
    const work = { owner, feedHash, folder, leasedUntil: Date.now() + lease * 1000 };
    const holds = isApproved ? row.holds : [];
    const findings = { error: null, warnings: [], holds, forced: forced ? [...row.forced, forced] : row.forced };
    this.#change(row, { state: 'running', fence, endedAt: null, ...work, ...findings });
    return { kind: 'open', run: row.run, fence } as const;
  }

  #openNext(request: ClaimRequest, row: Kept) {
    if (!isFinished(row.state)) this.#supersede(row);
    return this.#open(request);
  }

  #supersede(row: Kept): void {
    const { run, changeSet = null, tables = {}, holds, warnings = [], endedAt } = row;
    this.#change(row, { ...ended('superseded'), endedAt: endedAt ?? new Date() });
    this.#tell(runMessage({ run, state: 'superseded', changeSet, tables, holds, warnings }));
  }

  #owned(run: RunId, fence: number): Kept {
    const row = this.#runs.get(runName(run));
    if (row?.state === 'running' && row.fence === fence) return row;
    const now = row ? `it is ${row.state} under fence ${row.fence}` : 'it is gone from the ledger';
    throw new NightfeedError('FENCED', `${runName(run)} was worked on under fence ${fence}; ${now}`);
  }

  #change({ run }: Kept, changes: Partial<Kept>): void {
    this.#runs.set(runName(run), { ...this.#runs.get(runName(run))!, ...changes });
  }

  #tell(message: RunMessage): void {
    if (!this.#messages.has(message.id)) this.#messages.set(message.id, { message, isSent: false, told: {} });
  }

  #shown(row: Kept): RunRow {
    const { owner: _owner, leasedUntil: _leasedUntil, published: _published, ...shown } = row;
    return { ...shown, abandoned: row.state === 'running' && !this.#lives(row) };
  }
}

function ended(state: RunState) {
  return { state, owner: null, leasedUntil: 0, endedAt: new Date() };
}

const isSettled = (state: RunState) => state === 'held' || isFinished(state);

function sameOwner(one: Owner, other: Owner): boolean {
  return one.host === other.host && one.pid === other.pid && one.started === other.started;
}

/** Numbers of a table add up, whoever noted them. */
function mergedTables(known: Record<string, unknown> = {}, news: Readonly<Record<string, unknown>>) {
  const merged = { ...known };
  for (const [name, value] of Object.entries(news)) {
    const old = merged[name];
    merged[name] = isObject(old) && isObject(value) ? { ...old, ...value } : value;
  }
  return merged;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
