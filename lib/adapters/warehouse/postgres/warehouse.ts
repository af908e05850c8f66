import type { Ledger } from '../../../steps/ledger-port.ts';
import type { Warehouse } from '../../../steps/ports.ts';
import { adopt } from './adopt/adopt.ts';
import { survey } from './adopt/survey.ts';
import { applied } from './applied.ts';
import { audit, counts } from './audit.ts';
import { busy, claim } from './claim.ts';
import { approvals, decide, decisions } from './decisions.ts';
import { enter, progress, recordOutcome, runOf } from './entry.ts';
import { liveRows } from './export.ts';
import { inspect } from './inspect.ts';
import { keepLake, lakeOf } from './lake.ts';
import { hasLedger } from './ledger-version.ts';
import { wholeTableLimits } from './limits.ts';
import { migrate, migrateLedgerAlone } from './migrate.ts';
import type { WarehouseOptions } from './options.ts';
import { markSent, unsentMessages } from './outbox.ts';
import { pastNights } from './past-nights.ts';
import { publish } from './publish.ts';
import { quarantined } from './quarantine.ts';
import { claimRelease } from './release-claim.ts';
import { find, heartbeat, lastNight, note, publishedSince, runs, stop } from './runs.ts';
import { type Address, Session } from './session.ts';
import { tidyStages } from './stage.ts';
import { targetOf } from './target.ts';
import { targetObjects } from './target-objects.ts';
import { transaction } from './transaction.ts';

/** Ledger and warehouse in one PostgreSQL, which is what makes them agree. Connects at the first call. */
export function postgresWarehouse(
  address: Address,
  options: WarehouseOptions,
): { readonly ledger: Ledger; readonly warehouse: Warehouse; close(): Promise<void> } {
  const session = new Session(address, options.patience);
  const ledger: Ledger = {
    exists: () => session.alone(hasLedger),
    claim: (order) => session.alone((db) => claim(db, order, options.isDead)),
    busy: (feed) => session.alone((db) => busy(db, feed, options.isDead)),
    heartbeat: (run, fence, lease) => session.alone((db) => heartbeat(db, run, fence, lease)),
    enter: (run, owner, entry) => session.alone((db) => enter(db, run, owner, entry)),
    recordOutcome: (run, fence, step, outcome) => session.alone((db) => recordOutcome(db, run, fence, step, outcome)),
    progress: (run) => session.alone((db) => progress(db, run)),
    runOf: (owner) => session.alone((db) => runOf(db, owner)),
    note: (run, fence, facts) => session.alone((db) => note(db, run, fence, facts)),
    stop: (run, fence, end) => session.alone((db) => stop(db, run, fence, end)),
    claimRelease: (order) => session.alone((db) => claimRelease(db, order, options.isDead)),
    quarantined: (filter) => session.alone((db) => quarantined(db, filter)),
    lastNight: (feed) => session.alone((db) => lastNight(db, feed, options.isDead)),
    publishedSince: (run) => session.alone((db) => publishedSince(db, run, options.isDead)),
    lake: (feed) => session.alone((db) => lakeOf(db, feed)),
    keepLake: (feed, lake) => session.alone((db) => keepLake(db, feed, lake)),
    applied: (feed) => session.alone((db) => applied(db, feed)),
    find: (run) => session.alone((db) => find(db, run, options.isDead)),
    runs: (filter) => session.alone((db) => runs(db, filter, options.isDead)),
    decide: (run, decision, message) => session.alone((db) => decide(db, run, decision, message)),
    decisions: (run) => session.alone((db) => decisions(db, run)),
    approvals: (run, changeSet) => session.alone((db) => approvals(db, run, changeSet)),
    pastNights: (run, limit) => session.alone((db) => pastNights(db, run, limit)),
    outbox: () => session.alone(unsentMessages),
    markSent: (id) => session.alone((db) => markSent(db, id)),
  };
  const warehouse: Warehouse = {
    migrate: (feed, restart) => session.alone((db) => migrate(db, feed, restart)),
    targetObjects: (feed) => session.alone((db) => targetObjects(db, feed)),
    publish: (publication) => publish(address, publication, options),
    audit: (feed) => session.alone((db) => audit(db, feed)),
    counts: (feed) => session.alone((db) => counts(db, feed)),
    inspect: (feed) => session.alone((db) => inspect(db, feed)),
    liveRows: (feed, table, columns) =>
      liveRows(new Session(address, options.patience), targetOf(feed, table), columns),
    migrateLedger: () => session.alone(migrateLedgerAlone),
    survey: (feed, tables, date) =>
      session.alone((db) => transaction(db, wholeTableLimits, () => survey(db, feed, tables, date))),
    adopt: (adoption) => session.alone((db) => adopt(db, adoption)),
    tidy: () => session.alone(tidyStages),
  };
  return { ledger, warehouse, close: () => session.close() };
}
