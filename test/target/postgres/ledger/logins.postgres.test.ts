import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { type LoginKind, loginKinds } from '../../../../lib/core/cloud/logins.ts';
import { columnsOf } from '../../../../lib/core/feed/spec.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import type { ReleaseRequest } from '../../../../lib/ports/ledger/claims.ts';
import type { Ledger } from '../../../../lib/ports/ledger/ledger.ts';
import type { Target } from '../../../../lib/ports/target.ts';
import { loginRights } from '../../../../lib/target/postgres/ledger/login-rights.ts';
import { loginsFor } from '../../../support/postgres/logins.ts';
import { describePostgres, type PostgresVersion } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { attempts, forAnybody, HELD, ofOneFeed, RUNNING } from './login-attempts.ts';

const feed = shopFeed({ catalog: { ...catalog, history: true } });
const neighbour = { ...feed, feed: 'other', target: { ...feed.target, schema: 'other' } };

describePostgres('the logins of a feed', (version) => {
  test('do what the steps of their kind need, from a first load to a decision', async () => {
    const lab = await targetLab(version, feed);
    const { urls } = await loginsFor(lab.url, feed);
    const as = Object.fromEntries(loginKinds.map((kind) => [kind, lab.another({}, urls[kind])])) as Record<
      LoginKind,
      { readonly ledger: Ledger; readonly target: Target }
    >;
    const { fetch, compare, control, publish, notify, decide, read } = as;
    for (const { ledger } of [fetch, compare, control, publish, decide, read]) expect(await ledger.exists()).toBe(true);

    await control.ledger.keepLake('shop', { id: 'lake', place: '/lake' });
    const claimed = await control.ledger.claim({
      feed: 'shop',
      date: '2026-11-20',
      owner: me,
      feedHash: 'f',
      folder: '',
    });
    expect(claimed).toMatchObject({ kind: 'open', fence: 1 });
    const { run } = claimed;

    expect(await fetch.ledger.enter(run, me, { lease: 60, begins: 'arrive' })).toBe(2);
    expect(await fetch.ledger.find(run)).toMatchObject({ state: 'running' });
    expect(await fetch.ledger.applied('shop')).toBeNull();
    expect([await fetch.ledger.lastNight('shop'), await fetch.ledger.runs({ feed: 'shop', limit: 9 })]).toMatchObject([
      null,
      [{ run }],
    ]);
    await fetch.ledger.note(run, 2, { look: { sight: 's', at: '2026-11-20T02:00:00Z' } });
    await fetch.ledger.note(run, 2, { listing: 'l', reading: 'r' });
    await fetch.ledger.heartbeat(run, 2);
    await fetch.ledger.recordOutcome(run, 2, 'pull', { outcome: 'pulled' });
    expect((await control.ledger.progress(run))?.outcomes).toEqual({ pull: { outcome: 'pulled' } });

    expect(await compare.ledger.enter(run, me, { lease: 60, begins: 'diff' })).toBe(3);
    expect(await compare.target.inspect(feed)).toMatchObject({ catalog: { filled: false } });
    expect(await compare.target.targetObjects(feed)).toEqual([]);
    await compare.ledger.note(run, 3, { changeSet: 'c', delivery: 'd', tables: { catalog: { inserted: 1 } } });
    await compare.ledger.recordOutcome(run, 3, 'diff', { outcome: 'compared' });
    expect(await compare.ledger.approvals(run, 'c')).toEqual([]);

    expect(await control.ledger.enter(run, me, { lease: 60, begins: 'guard' })).toBe(4);
    expect(await control.ledger.pastNights(run, 9)).toEqual([]);
    await control.ledger.note(run, 4, { measures: { tables: {} }, warnings: [] });

    const first = await lab.publication('2026-11-20', { catalog: [['1', 'one', '1.00']] });
    expect(await publish.target.publish(first)).toMatchObject({ kind: 'published' });
    const times = { publish: { began: '2026-11-20T02:00:00.000Z', ended: null, attempts: 1 } };
    await publish.ledger.noteSteps(run, 4, times);
    await expect(fetch.ledger.noteSteps(run, 4, times)).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    const columns = columnsOf(feed.tables.catalog!);
    expect(await text(compare.target.liveRows(feed, 'catalog', columns))).toContain('"one"');
    expect(await notify.ledger.enter(run, me, { lease: 60, begins: 'notify' })).toBeNull();
    expect(await notify.ledger.find(run)).toMatchObject({ state: 'published' });
    const [message] = await notify.ledger.outbox();
    await notify.ledger.markSent(message!.id);
    expect(await notify.ledger.outbox()).toEqual([]);

    await heldRun(lab, 'shop', control.ledger);
    const released = await publish.ledger.claimRelease(releaseOf('shop/2026-11-20'));
    expect(released).toMatchObject({ kind: 'open' });
    const found = { changeSet: 'r', delivery: 'd', tables: {}, files: { rejected: {} }, warnings: [] };
    await publish.ledger.note(released.run, 1, found);
    const held = { feed: 'shop', date: HELD, revision: 1 };
    expect(await decide.ledger.quarantined({ feed: 'shop' })).toEqual([]);
    await decide.ledger.decide(held, { ...approval, verdict: 'approved', guards: ['DELETES_SUSPENDED'] }, ending);
    expect(await control.ledger.approvals(held, 'c')).toMatchObject([{ by: 'anna' }]);
    expect(await read.ledger.find(held)).toMatchObject({ state: 'held' });
    expect(await read.ledger.runOf(me)).not.toBeUndefined();
    expect(await read.ledger.runs({ feed: 'shop', limit: 9 })).toHaveLength(3);
    expect(await read.ledger.approvals(held, 'c')).toMatchObject([{ by: 'anna' }]);
    expect(await read.ledger.quarantined({ feed: 'shop' })).toEqual([]);
    const another = { ...approval, verdict: 'approved', guards: ['DELETES_SUSPENDED'] } as const;
    await expect(read.ledger.decide(held, another, ending)).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    await decide.ledger.decide(held, { ...approval, verdict: 'rejected', guards: null }, ending);
    expect(await decide.ledger.find(held)).toMatchObject({ state: 'rejected' });
    expect((await decide.ledger.outbox()).map(({ id }) => id)).toEqual([`shop/${HELD}:held:c`, ending.id]);
  });

  test('tidy up what other logins staged, but for runs that are at work', async () => {
    const lab = await targetLab(version, feed);
    const { urls } = await loginsFor(lab.url, feed);
    await lab.night('2026-11-20', { catalog: [['1', 'one', '1.00']] });
    const next = await lab.publication('2026-11-21', { catalog: [['1', 'uno', '1.00']] });
    await lab.sql`CREATE UNLOGGED TABLE nightfeed_stage."of the login before" ()`;
    const compare = lab.another({}, urls.compare);
    const seen: string[][] = [];
    const publish = lab.another(
      {
        reach: async (point) => {
          if (point !== 'publish.staged') return;
          await compare.target.tidy();
          seen.push(await stages(lab));
        },
      },
      urls.publish,
    );

    expect(await publish.target.publish(next)).toMatchObject({ kind: 'published' });

    expect(seen).toEqual([[expect.stringMatching(/_updated$/)]]);
    expect(await stages(lab)).toEqual([]);
  });

  test('leave what runs of other feeds staged, also where none is at work', async () => {
    const lab = await targetLab(version, feed);
    const { urls } = await loginsFor(lab.url, feed);
    await lab.sql`INSERT INTO nightfeed.feed (feed) VALUES ('other')`;
    await lab.sql`INSERT INTO nightfeed.run (feed, date, revision, state, fence, feed_hash, folder)
      VALUES ('other', '2026-11-20', 2, 'held', 1, '', '')`;
    const foreign = `${createHash('sha256').update('other/2026-11-20-r2').digest('hex').slice(0, 16)}_updated`;
    await lab.sql`CREATE UNLOGGED TABLE nightfeed_stage.${lab.sql(foreign)} ()`;

    for (const kind of ['compare', 'publish'] as const) await lab.another({}, urls[kind]).target.tidy();
    expect(await stages(lab)).toEqual([foreign]);
    await lab.target.tidy();
    expect(await stages(lab)).toEqual([]);
  });

  test('each can do what is its own, on its own feed only, and nothing else', async () => {
    const { urls } = await prepared(version);
    const found: Record<string, string[]> = {};
    for (const kind of loginKinds) {
      const sql = connect(urls[kind]);
      for (const [title, { of }] of Object.entries(attempts)) {
        if (await succeeds(sql, of('shop'))) found[title] = [...(found[title] ?? []), kind];
        expect(await succeeds(sql, of('other')), `${kind}: ${title}`).toBe(false);
      }
      for (const table of ofOneFeed)
        expect(await succeeds(sql, `SELECT FROM nightfeed.${table} WHERE feed = 'other'`), `${kind}: ${table}`).toBe(
          false,
        );
      for (const forbidden of forAnybody)
        await expect(sql.unsafe(forbidden), `${kind}: ${forbidden}`).rejects.toMatchObject({ code: '42501' });
    }
    expect(found).toEqual(
      Object.fromEntries(
        Object.entries(attempts).flatMap(([title, { who }]) => (who.length > 0 ? [[title, who]] : [])),
      ),
    );
  });

  test('each table of the ledger that has rows of feeds is kept apart by feed, but for those that only the owner writes', async () => {
    const lab = await targetLab(version, feed);
    const open = await lab.sql`
      SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'feed'
      WHERE c.relnamespace = 'nightfeed'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity ORDER BY 1`;
    expect(open.map(({ name }) => name)).toEqual(['login', 'retired_login', 'target_table']);
  });

  test('the owner’s functions have a fixed search path, and are for the logins that need them', async () => {
    const lab = await targetLab(version, feed);
    const { logins } = await loginsFor(lab.url, feed);
    const functions = await lab.sql<{ name: string; definer: boolean; path: string | null }[]>`
      SELECT proname AS name, prosecdef AS definer, array_to_string(proconfig, ' ') AS path
      FROM pg_proc WHERE pronamespace = 'nightfeed'::regnamespace`;
    const unsafe = functions.filter(({ definer, path }) => definer && path !== 'search_path=pg_catalog, pg_temp');
    expect(unsafe).toEqual([]);
    const forAll = ['may_work_on', 'merged_tables', 'merged_steps'];
    for (const kind of loginKinds) {
      const may = await lab.sql<{ name: string }[]>`
        SELECT proname AS name FROM pg_proc
        WHERE pronamespace = 'nightfeed'::regnamespace AND has_function_privilege(${logins[kind].name}, oid, 'EXECUTE')`;
      expect(may.map(({ name }) => name).sort(), kind).toEqual([...forAll, ...loginRights[kind].calls].sort());
    }
  });
});

/** Two feeds, each with a published, a held and a running run, and logins for the first. */
async function prepared(version: PostgresVersion) {
  const lab = await targetLab(version, feed);
  await lab.target.migrate(neighbour);
  const { urls } = await loginsFor(lab.url, feed);
  await loginsFor(lab.url, neighbour);
  await lab.night('2026-11-20', { catalog: [['1', 'one', '1.00']] });
  await lab.sql.unsafe(`
    INSERT INTO other.catalog SELECT * FROM shop.catalog;
    INSERT INTO nightfeed.feed SELECT 'other', applied_date, applied_revision, applied_delivery, applied_at FROM nightfeed.feed;
    INSERT INTO nightfeed.applied_table SELECT 'other', table_name, 'other', snapshot, columns, live_rows, hi, lo, stored FROM nightfeed.applied_table`);
  for (const name of ['shop', 'other']) {
    await heldRun(lab, name, lab.ledger);
    await lab.ledger.claim({ feed: name, date: RUNNING, owner: me, feedHash: 'f', folder: '' });
    await lab.sql`INSERT INTO nightfeed.quarantine VALUES (${name}, ${HELD}, 1, 'catalog', 'FORMAT', 1)`;
    await lab.sql`INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, decided_by, reason)
      VALUES (${name}, ${HELD}, 1, 'older', 'approved', 'anna', 'seen')`;
  }
  return { lab, urls };
}

async function heldRun(lab: Lab, name: string, ledger: Ledger): Promise<void> {
  const claimed = await ledger.claim({ feed: name, date: HELD, owner: me, feedHash: 'f', folder: '' });
  if (claimed.kind !== 'open') throw new Error(claimed.kind);
  const { run, fence } = claimed;
  await lab.ledger.note(run, fence, { changeSet: 'c' });
  const message = runMessage({ run, state: 'held', changeSet: 'c', tables: {} });
  await ledger.stop(run, fence, { state: 'held', error: null, holds: [], message });
}

const approval = { changeSet: 'c', by: 'anna', reason: 'seen' };
const ending = runMessage({
  run: { feed: 'shop', date: HELD, revision: 1 },
  state: 'rejected',
  changeSet: 'c',
  tables: {},
});

function releaseOf(of: string): ReleaseRequest {
  return {
    feed: 'shop',
    owner: me,
    feedHash: 'f',
    folder: '',
    origin: { kind: 'release', run: of, table: null, code: null },
  };
}

/** Whether a statement finds rows and may; what it did is undone. */
async function succeeds(sql: postgres.Sql, statement: string): Promise<boolean> {
  const undone = new Error('undone');
  let count = 0;
  const work = sql.begin(async (transaction) => {
    ({ count } = await transaction.unsafe(statement));
    throw undone;
  });
  const thrown = await work.catch((error: unknown) => error);
  if (thrown === undone) return count > 0;
  if ((thrown as { code?: string }).code === '42501') return false;
  throw thrown;
}

function connect(url: string): postgres.Sql {
  const sql = postgres(url, { onnotice: () => {}, fetch_types: false, max: 1 });
  onTestFinished(() => sql.end());
  return sql;
}

async function stages(lab: Lab): Promise<string[]> {
  const found =
    await lab.sql`SELECT relname AS name FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace AND relkind = 'r'`;
  return found.map(({ name }) => name as string);
}
