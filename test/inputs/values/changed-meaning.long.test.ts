import { afterAll, beforeAll, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { isFull } from '../../support/full.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changes, id, open } from '../cases/changed-meaning.ts';

/** Whatever changes between two nights in feed file or table: production is what the vendor last sent, and audit agrees. */

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

/** The others convert as these do. */
const tried = changes.filter(
  ({ title }) =>
    isFull || !/becomes/.test(title) || /stamptz becomes (date|text)|^timestamp becomes timestamptz|1.0$/.test(title),
);

test.each(tried.map((change) => [change.title, change] as const))('%s', async (_title, change) => {
  const { columns: declared = id, first = [] } = change;
  const table = { history: true, guards: open, ...change.table };
  let columns = declared;
  let sent = first;
  const feed = await lab.feed(tableOf(columns, table), fileOf(sent));
  for (const [index, night] of change.nights.entries()) {
    columns = night.columns ?? columns;
    sent = night.sent ?? sent;
    const schema = night.schema ? `${feed.feed.feed}_${night.schema}` : feed.feed.feed;
    const inSchema = (sql = '') => lab.sql.unsafe(sql.replaceAll('{schema}', schema));
    await inSchema(night.sqlFirst);
    await bring(feed, tableOf(columns, { ...table, ...night.table }), { target: { schema } });
    await inSchema(night.sql);
    if (night.release !== undefined) {
      const { state, error } = await feed.release(night.release);
      expect([state, error], 'release').toEqual(['published', null]);
    } else {
      const ended = await feed.night(fileOf(sent));
      expect([ended.state, ended.error, ended.holds], `night ${index + 2}`).toEqual(['published', null, []]);
      if (night.updated !== undefined) expect(ended.updated, `updated by night ${index + 2}`).toBe(night.updated);
    }
    expect(await feed.isProved(), `audit after night ${index + 2}`).toBe(true);
  }
  await lab.sql.unsafe(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET extra_float_digits = 1`);
  expect(await feed.rows()).toEqual(change.live);
  if (change.closed) expect(await closed(feed, change.closed.column)).toEqual(change.closed.values);
});

const fileOf = (lines: readonly string[]) => ({ 't.csv': lines.map((line) => `${line}\n`).join('') });

/** With the SQL that the migration asks for, which somebody runs under settings of his own. */
async function bring(feed: IntakeFeed, table: Record<string, unknown>, more: Record<string, unknown>): Promise<void> {
  try {
    await feed.change(table, more);
  } catch (thrown) {
    if (!(thrown instanceof NightfeedError) || thrown.name !== 'MIGRATION_NEEDED') throw thrown;
    // Nobody's settings may matter but ours.
    await lab.sql.unsafe(`SET TimeZone = 'America/New_York'; SET DateStyle = 'SQL, DMY'; SET extra_float_digits = -10`);
    await lab.sql.unsafe(thrown.message.slice(thrown.message.indexOf('\n')));
    await feed.change(table, more);
  }
}

async function closed({ feed }: IntakeFeed, column: string): Promise<(string | null)[]> {
  const found = await lab.sql.unsafe(
    `SELECT "${column}"::text AS value FROM ${feed.target.schema}.t_history ORDER BY _valid_to, id`,
  );
  return found.map(({ value }) => value);
}
