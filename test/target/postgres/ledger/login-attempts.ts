import type { LoginKind } from '../../../../lib/core/cloud/logins.ts';
import { me } from '../../../support/postgres/target-lab.ts';

export const HELD = '2026-11-22';
export const RUNNING = '2026-11-23';

const none: LoginKind[] = [];
const who = (...kinds: LoginKind[]) => kinds;
const run = (name: string, date: string) => `'${name}', '${date}', 1`;
const runningRun = (name: string) => `feed = '${name}' AND date = '${RUNNING}'`;

/** Statements on a feed's rows by what they do, with the logins of that feed that may do it. */
export const attempts: Record<string, { who: LoginKind[]; of: (feed: string) => string }> = {
  'writes a decision': {
    who: none,
    of: (name) => `INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, decided_by, reason)
      VALUES (${run(name, HELD)}, 'c', 'approved', 'eve', 'no reason')`,
  },
  'changes a decision': {
    who: none,
    of: (name) => `UPDATE nightfeed.decision SET decided_by = 'eve' WHERE feed = '${name}'`,
  },
  decides: {
    who: who('decide'),
    of: (name) => `SELECT nightfeed.decide(${run(name, HELD)}, 'c', 'approved', '["gone"]', 'anna', 'seen', '{}')`,
  },
  'changes the applied sums': {
    who: who('publish'),
    of: (name) => `UPDATE nightfeed.applied_table SET hi = 1 WHERE feed = '${name}'`,
  },
  'adds applied sums': {
    who: who('publish'),
    of: (
      name,
    ) => `INSERT INTO nightfeed.applied_table (feed, table_name, schema_name, snapshot, columns, live_rows, hi, lo)
      VALUES ('${name}', 'more', '${name}', 's', '[]', 0, 0, 0)`,
  },
  'changes the applied delivery': {
    who: who('publish'),
    of: (name) => `UPDATE nightfeed.feed SET applied_delivery = 'x' WHERE feed = '${name}'`,
  },
  'changes the lake': {
    who: who('control', 'publish'),
    of: (name) => `UPDATE nightfeed.feed SET lake = 'x' WHERE feed = '${name}'`,
  },
  'takes a hold away': {
    who: who('control', 'publish'),
    of: (name) => `UPDATE nightfeed.run SET holds = '[]' WHERE ${runningRun(name)}`,
  },
  'ends a run': {
    who: who('control', 'publish'),
    of: (name) =>
      `UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL, ended_at = now() WHERE ${runningRun(name)}`,
  },
  'ends a run as published': {
    who: who('publish'),
    of: (name) =>
      `UPDATE nightfeed.run SET state = 'published', published = '{}', owner = NULL, lease = NULL, ended_at = now() WHERE ${runningRun(name)}`,
  },
  'opens a run': {
    who: who('control', 'publish'),
    of: (name) => `INSERT INTO nightfeed.run (feed, date, revision, state, fence, ended_at, feed_hash, folder)
      VALUES ('${name}', '2026-12-01', 1, 'late', 1, now(), 'f', '')`,
  },
  'deletes a run': { who: none, of: (name) => `DELETE FROM nightfeed.run WHERE ${runningRun(name)}` },
  'leaves a message': {
    who: who('control', 'publish'),
    of: (name) => `INSERT INTO nightfeed.outbox (id, feed, date, revision, state, message)
      VALUES ('${name}/${RUNNING}:late:-', ${run(name, RUNNING)}, 'late', '{}')`,
  },
  'leaves a message under another feed’s name': {
    who: none,
    of: (name) => `INSERT INTO nightfeed.outbox (id, feed, date, revision, state, message)
      VALUES ('${name === 'shop' ? 'other' : 'shop'}/${RUNNING}:late:-', ${run(name, RUNNING)}, 'late', '{}')`,
  },
  'changes a message': { who: none, of: (name) => `UPDATE nightfeed.outbox SET message = '{}' WHERE feed = '${name}'` },
  'marks a message as sent': {
    who: who('control', 'publish', 'notify', 'decide'),
    of: (name) => `UPDATE nightfeed.outbox SET sent_at = now() WHERE feed = '${name}'`,
  },
  'notes what a channel took': {
    who: who('control', 'publish', 'notify', 'decide'),
    of: (name) => `INSERT INTO nightfeed.outbox_channel (id, feed, channel, attempts, tried_at, refusal)
      SELECT id, feed, 'mail', 1, now(), 'away' FROM nightfeed.outbox WHERE feed = '${name}'`,
  },
  'notes under another feed’s name what a channel took': {
    who: none,
    of: (name) => `INSERT INTO nightfeed.outbox_channel (id, feed, channel, attempts, tried_at, refusal)
      SELECT '${name === 'shop' ? 'other' : 'shop'}/x', feed, 'mail', 1, now(), 'away' FROM nightfeed.outbox WHERE feed = '${name}'`,
  },
  'empties the quarantine': {
    who: who('publish'),
    of: (name) => `DELETE FROM nightfeed.quarantine WHERE feed = '${name}'`,
  },
  'takes up a run for arrive': {
    who: who('fetch'),
    of: (name) => `SELECT nightfeed.enter_run(${run(name, RUNNING)}, '${JSON.stringify(me)}', 60, 'arrive')`,
  },
  'takes up a run for publish': {
    who: who('publish'),
    of: (name) => `SELECT nightfeed.enter_run(${run(name, RUNNING)}, '${JSON.stringify(me)}', 60, 'publish')`,
  },
  'renews a lease': {
    who: who('fetch', 'compare', 'control', 'publish', 'notify'),
    of: (name) => `SELECT nightfeed.renew_lease(${run(name, RUNNING)}, 1, 60)`,
  },
  'notes what was listed': {
    who: who('fetch'),
    of: (name) => `SELECT nightfeed.note_run(${run(name, RUNNING)}, 1, '{"listing": "l"}')`,
  },
  'notes a change set': {
    who: who('compare', 'publish'),
    of: (name) => `SELECT nightfeed.note_run(${run(name, RUNNING)}, 1, '{"changeSet": "c"}')`,
  },
  'notes what guards measured': {
    who: who('control'),
    of: (name) => `SELECT nightfeed.note_run(${run(name, RUNNING)}, 1, '{"measures": {}}')`,
  },
  'leaves the outcome of pull': {
    who: who('fetch'),
    of: (name) => `SELECT nightfeed.record_outcome(${run(name, RUNNING)}, 1, 'pull', '{}')`,
  },
  'leaves the outcome of publish': {
    who: who('publish'),
    of: (name) => `SELECT nightfeed.record_outcome(${run(name, RUNNING)}, 1, 'publish', '{}')`,
  },
  'reads rows': { who: who('compare', 'publish'), of: (name) => `SELECT FROM ${name}.catalog` },
  'writes rows': { who: who('publish'), of: (name) => `UPDATE ${name}.catalog SET title = 'x'` },
  'writes history': {
    who: who('publish'),
    of: (name) => `INSERT INTO ${name}.catalog_history SELECT 1, 'x', 1, '2026-01-01', '2026-01-02'`,
  },
  'widens a table': {
    who: who('publish'),
    of: (name) => `SELECT nightfeed.add_text_column('${name}', 'catalog', 'more')`,
  },
};

export const ofOneFeed = [
  'feed',
  'run',
  'applied_table',
  'quarantine',
  'decision',
  'outbox',
  'outbox_channel',
  'restart',
];

/** For no login of any kind. */
export const forAnybody = [
  `INSERT INTO nightfeed.login VALUES (session_user, 'other', 'publish', '{}', '{}')`,
  'DELETE FROM nightfeed.login',
  'DELETE FROM nightfeed.retired_login',
  'UPDATE nightfeed.migration SET version = 9',
  'UPDATE nightfeed.target_table SET feed = session_user',
  'TRUNCATE nightfeed.run',
  'ALTER TABLE nightfeed.run DISABLE ROW LEVEL SECURITY',
  'CREATE TABLE nightfeed.more ()',
  'CREATE TABLE shop.more ()',
  'ALTER TABLE shop.catalog ADD COLUMN more text',
  'DROP TABLE shop.catalog',
  'TRUNCATE shop.catalog',
  'CREATE ROLE more',
  'SELECT nightfeed.require_own(session_user)',
  `SELECT nightfeed.keyless_table('shop', 'catalog')`,
];
