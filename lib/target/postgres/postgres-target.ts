import type { Ledger } from '../../ports/ledger/ledger.ts';
import type { Target } from '../../ports/target.ts';
import { adopt } from './adopt/adopt.ts';
import { survey } from './adopt/survey.ts';
import { wholeTableLimits } from './connection/limits.ts';
import type { TargetOptions } from './connection/options.ts';
import { type Address, Session } from './connection/session.ts';
import { transaction } from './connection/transaction.ts';
import { databaseHealth } from './health/health.ts';
import { applied } from './ledger/applied.ts';
import { busy, claim, nextRun } from './ledger/claim.ts';
import { approvals, decide, decisions } from './ledger/decisions.ts';
import { enter, progress, recordOutcome, runOf } from './ledger/entry.ts';
import { expectedNights } from './ledger/expected-nights.ts';
import { keepLake, lakeOf } from './ledger/lake.ts';
import { hasLedger, ledgerFit } from './ledger/ledger-version.ts';
import { logStep, logStorage } from './ledger/number-log.ts';
import { numbers } from './ledger/numbers.ts';
import { beginTelling, endTelling, markSent, unsentMessages } from './ledger/outbox.ts';
import { pastNights } from './ledger/past-nights.ts';
import { isPickupPlanned, notePickup, openPickups, planPickup } from './ledger/pickups.ts';
import { quarantined } from './ledger/quarantine.ts';
import { claimRelease } from './ledger/release-claim.ts';
import { find, heartbeat, lastNight, note, noteSteps, publishedSince, runs, stop } from './ledger/runs.ts';
import { publish } from './publish/publish.ts';
import { tidyStages } from './publish/stage.ts';
import { audit, counts } from './tables/audit.ts';
import { liveRows } from './tables/export.ts';
import { inspect } from './tables/inspect.ts';
import { migrate, migrateLedgerAlone, migrateTables } from './tables/migrate.ts';
import { targetOf } from './tables/target.ts';
import { targetObjects } from './tables/target-objects.ts';

/** Ledger and target in one PostgreSQL, so that one transaction can write both. Connects at the first call. */
export function postgresTarget(
  address: Address,
  options: TargetOptions,
): { readonly ledger: Ledger; readonly target: Target; close(): Promise<void> } {
  const session = new Session(address, options.patience);
  const ledger: Ledger = {
    exists: () => session.alone(hasLedger),
    claim: (request) => session.alone((db) => claim(db, request, options.isDead)),
    busy: (feed) => session.alone((db) => busy(db, feed, options.isDead)),
    heartbeat: (run, fence, lease) => session.alone((db) => heartbeat(db, run, fence, lease)),
    enter: (run, owner, entry) => session.alone((db) => enter(db, run, owner, entry)),
    recordOutcome: (run, fence, step, outcome) => session.alone((db) => recordOutcome(db, run, fence, step, outcome)),
    progress: (run) => session.alone((db) => progress(db, run)),
    runOf: (owner) => session.alone((db) => runOf(db, owner)),
    note: (run, fence, facts) => session.alone((db) => note(db, run, fence, facts)),
    noteSteps: (run, fence, steps) => session.alone((db) => noteSteps(db, run, fence, steps)),
    stop: (run, fence, end) => session.alone((db) => stop(db, run, fence, end)),
    logStep: (run, fence, step) => session.alone((db) => logStep(db, run, fence, step)),
    numbers: () => session.alone(numbers),
    logStorage: (run, sizes) => session.alone((db) => logStorage(db, run, sizes)),
    planPickup: (run, files) => session.alone((db) => planPickup(db, run, files)),
    openPickups: (feed) => session.alone((db) => openPickups(db, feed)),
    isPickupPlanned: (run) => session.alone((db) => isPickupPlanned(db, run)),
    notePickup: (run, name, outcome, reason) => session.alone((db) => notePickup(db, run, name, outcome, reason)),
    claimRelease: (request) => session.alone((db) => claimRelease(db, request, options.isDead)),
    quarantined: (filter) => session.alone((db) => quarantined(db, filter)),
    lastNight: (feed) => session.alone((db) => lastNight(db, feed, options.isDead)),
    publishedSince: (run) => session.alone((db) => publishedSince(db, run, options.isDead)),
    lake: (feed) => session.alone((db) => lakeOf(db, feed)),
    keepLake: (feed, lake) => session.alone((db) => keepLake(db, feed, lake)),
    applied: (feed) => session.alone((db) => applied(db, feed)),
    find: (run) => session.alone((db) => find(db, run, options.isDead)),
    runs: (filter) => session.alone((db) => runs(db, filter, options.isDead)),
    nextRun: (feed, date) => session.alone((db) => nextRun(db, { feed, date })),
    decide: (run, decision, message) => session.alone((db) => decide(db, run, decision, message)),
    decisions: (run) => session.alone((db) => decisions(db, run)),
    approvals: (run, changeSet) => session.alone((db) => approvals(db, run, changeSet)),
    pastNights: (run, limit) => session.alone((db) => pastNights(db, run, limit)),
    outbox: () => session.alone(unsentMessages),
    beginTelling: (id, channel) => session.alone((db) => beginTelling(db, id, channel, options)),
    endTelling: (id, channel, refusal) => session.alone((db) => endTelling(db, id, channel, refusal)),
    markSent: (id) => session.alone((db) => markSent(db, id)),
    ...expectedNights(session),
  };
  const target: Target = {
    migrate: (feed, restart) => session.alone((db) => migrate(db, feed, restart)),
    targetObjects: (feed) => session.alone((db) => targetObjects(db, feed)),
    publish: (publication) => publish(address, publication, options),
    audit: (feed) => session.alone((db) => audit(db, feed)),
    counts: (feed) => session.alone((db) => counts(db, feed)),
    inspect: (feed) => session.alone((db) => inspect(db, feed)),
    liveRows: (feed, table, columns) =>
      liveRows(new Session(address, options.patience), targetOf(feed, table), columns),
    migrateLedger: () => session.alone(migrateLedgerAlone),
    migrateTables: (feed) => session.alone((db) => migrateTables(db, feed)),
    ledgerFit: () => session.alone(ledgerFit),
    health: (feed) => session.alone((db) => databaseHealth(db, feed)),
    survey: (feed, tables, date) =>
      session.alone((db) => transaction(db, wholeTableLimits, () => survey(db, feed, tables, date))),
    adopt: (adoption) => session.alone((db) => adopt(db, adoption)),
    tidy: () => session.alone(tidyStages),
  };
  return { ledger, target, close: () => session.close() };
}
