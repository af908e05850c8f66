import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { migrateUnlessNewer } from '../../../../lambdas/deployment/newer-ledger.ts';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import type { Adoption } from '../../../../lib/ports/adopt.ts';
import { LEDGER_VERSION } from '../../../../lib/target/postgres/ledger/ledger-version.ts';
import { loginsFor, urlAs } from '../../../support/postgres/logins.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const feed = shopFeed({ catalog });
const NEXT = LEDGER_VERSION + 1;
const rows = { catalog: [['1', 'one', '1.00']] };
const tooOld = (act: 'read' | 'write') => ({
  name: 'LEDGER_VERSION',
  message: `only a nightfeed that knows version ${NEXT} of the ledger may ${act} this one; this nightfeed knows ${LEDGER_VERSION}`,
});

describePostgres('a ledger of several versions of nightfeed', (version) => {
  test('is used by an older one as before, when a newer one only added to it', async () => {
    const lab = await targetLab(version, feed);
    await migrateFurther(lab);

    expect(await lab.ledger.exists()).toBe(true);
    expect(await lab.target.migrate(feed)).toEqual({ done: [] });
    expect(await lab.target.inspect(feed)).toMatchObject({ catalog: { filled: false } });
    expect(await lab.night('2026-11-20', rows)).toMatchObject({ kind: 'published' });
    const { urls } = await loginsFor(lab.url, feed);
    expect(await lab.another({}, urls.fetch).ledger.exists()).toBe(true);
  });

  test('is not written by one that knows less than its oldest writer, whichever way it comes', async () => {
    const lab = await targetLab(version, feed);
    await lab.night('2026-11-20', rows);
    const publication = await lab.publication('2026-11-21', { catalog: [['1', 'uno', '1.00']] });
    const { run, fence } = publication;
    const message = runMessage({ run, state: 'failed', changeSet: null, tables: {} });
    const order = { feed: 'shop', owner: me, feedHash: 'f', folder: '' };
    const adoption: Adoption = {
      run: { ...run, revision: 2 },
      feed,
      base: '2026-11-20-r1',
      delivery: 'd',
      feedHash: 'f',
      folder: '',
      tables: {},
      summary: {},
      message,
      steps: () => ({}),
    };
    await migrateFurther(lab);
    await lab.sql`UPDATE nightfeed.compatibility SET oldest_writer = ${NEXT}`;
    const before = await contents(lab);

    const { ledger, target } = lab;
    const error = new NightfeedError('UNFORESEEN', 'x');
    const origin = { kind: 'release', run: 'shop/2026-11-20', table: null, code: null } as const;
    const decision = { changeSet: 'c', verdict: 'approved', guards: [], by: 'ada', reason: 'fine' } as const;
    const ways = {
      migrate: () => target.migrate(feed),
      migrateLedger: () => target.migrateLedger(),
      migrateTables: () => target.migrateTables(feed),
      claim: () => ledger.claim({ ...order, date: '2026-11-22' }),
      release: () => ledger.claimRelease({ ...order, origin }),
      enter: () => ledger.enter(run, me, { lease: 60, begins: 'pull' }),
      heartbeat: () => ledger.heartbeat(run, fence),
      note: () => ledger.note(run, fence, { listing: 'l' }),
      outcome: () => ledger.recordOutcome(run, fence, 'pull', { outcome: 'pulled' }),
      stop: () => ledger.stop(run, fence, { state: 'failed', error, holds: [], message }),
      lake: () => ledger.keepLake('shop', { id: 'lake', place: '/lake' }),
      decide: () => ledger.decide(run, decision, message),
      publish: () => target.publish(publication),
      adopt: () => target.adopt(adoption),
    };
    // What nobody waits for changes nothing either.
    await ledger.noteSteps(run, fence, { pull: { began: '2026-11-21T02:00:00.000Z', ended: null, attempts: 1 } });
    for (const [way, go] of Object.entries(ways)) await expect(go(), way).rejects.toMatchObject(tooOld('write'));
    expect(await contents(lab)).toEqual(before);

    expect(await ledger.exists()).toBe(true);
    expect(await ledger.find(run)).toMatchObject({ state: 'running' });
  });

  test('is not read by one that knows less than its oldest reader', async () => {
    const lab = await targetLab(version, feed);
    await migrateFurther(lab);
    await lab.sql`UPDATE nightfeed.compatibility SET oldest_reader = ${NEXT}, oldest_writer = ${NEXT}`;

    await expect(lab.ledger.exists()).rejects.toMatchObject(tooOld('read'));
    await expect(lab.target.inspect(feed)).rejects.toMatchObject(tooOld('read'));
  });

  test('is not written by one that waited while a newer version took something away', async () => {
    const lab = await targetLab(version, feed);
    const publication = await lab.publication('2026-11-20', rows);
    const { run } = publication;
    const waiting = await lab.sql.begin(async (sql) => {
      // As CONTRIBUTING.md asks of such a migration.
      await sql`LOCK TABLE nightfeed.feed IN ACCESS EXCLUSIVE MODE`;
      await sql`UPDATE nightfeed.compatibility SET oldest_writer = ${NEXT}`;
      const publishing = lab.target.publish(publication).catch((thrown: unknown) => thrown);
      while (
        (await lab.sql`SELECT FROM pg_locks WHERE relation = 'nightfeed.feed'::regclass AND NOT granted`).length === 0
      )
        await sleep(20);
      return { publishing };
    });

    expect(await waiting.publishing).toMatchObject(tooOld('write'));
    expect(await lab.ledger.find(run)).toMatchObject({ state: 'running' });
    expect(await lab.rows('catalog')).toEqual([]);
  });

  test('looks to a process that knows 12 migrations as it did then, until something is taken away from it', async () => {
    const lab = await targetLab(version, feed);
    const login = { name: `old_${randomUUID().slice(0, 8)}`, password: 'p' };
    await lab.sql.unsafe(
      `CREATE ROLE ${login.name} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA nightfeed TO ${login.name}`,
    );
    const old = postgres(urlAs(lab.url, login), { max: 1, onnotice: () => {} });
    onTestFinished(() => old.end());
    // The two questions that such a process asks.
    const asked = async () => {
      const [there] = await old`SELECT to_regclass('nightfeed.migration') IS NOT NULL AS there`;
      const [newest] = await old`SELECT coalesce(max(version), 0) AS version FROM nightfeed.migration`;
      return { ...there, ...newest };
    };

    expect(await asked()).toEqual({ there: true, version: 12 });
    await migrateFurther(lab);
    expect(await asked()).toEqual({ there: true, version: 12 });
    await lab.sql`UPDATE nightfeed.compatibility SET oldest_writer = ${NEXT}`;
    expect(await asked()).toEqual({ there: true, version: NEXT });
  });
});

describePostgres('a deployment', (version) => {
  test('of a feed makes tables in a ledger that fits, and never a ledger', async () => {
    const lab = await targetLab(version, feed);
    expect(await lab.target.ledgerFit()).toBe('fits');
    const more = shopFeed({ catalog, stock: catalog });
    expect(await lab.target.migrateTables(more)).toEqual({ done: ['table shop.stock'] });
    await migrateFurther(lab);
    expect(await lab.target.ledgerFit()).toBe('fits');
    expect(await lab.target.migrateTables(more)).toEqual({ done: [] });

    await lab.sql`DELETE FROM nightfeed.ledger_migration WHERE version >= ${LEDGER_VERSION}`;
    expect(await lab.target.ledgerFit()).toBe('older');
    await expect(lab.target.migrateTables(more)).rejects.toMatchObject({
      name: 'LEDGER_VERSION',
      message: `the ledger has version ${LEDGER_VERSION - 1}; this nightfeed needs ${LEDGER_VERSION}`,
      hint: expect.stringContaining('Ledger stack'),
    });
    await lab.sql`DROP SCHEMA nightfeed CASCADE`;
    expect(await lab.target.ledgerFit()).toBe('absent');
    await expect(lab.target.migrateTables(more)).rejects.toMatchObject({ name: 'LEDGER_MISSING' });
  });

  test('that was there before leaves a ledger alone that only newer versions may write; a new one is refused', async () => {
    const lab = await targetLab(version, feed);
    await migrateFurther(lab);
    await lab.sql`UPDATE nightfeed.compatibility SET oldest_writer = ${NEXT}`;
    const before = await contents(lab);
    const { target } = lab;
    const ports = { target, sleep: async () => {}, say: () => {} };
    const ways = [() => target.migrateLedger(), () => target.migrateTables(feed)];

    expect(await target.ledgerFit()).toBe('newer');
    for (const way of ways) {
      const { done } = await migrateUnlessNewer(ports, true, way);
      expect(done).toEqual([expect.stringContaining('only newer versions of nightfeed may write this ledger')]);
      await expect(migrateUnlessNewer(ports, undefined, way)).rejects.toMatchObject(tooOld('write'));
    }
    expect(await contents(lab)).toEqual(before);
  });
});

/** As a newer version leaves it. */
async function migrateFurther(lab: Lab): Promise<void> {
  await lab.sql`INSERT INTO nightfeed.migration (version, name) VALUES (${NEXT}, 'future')`;
}

async function contents({ sql }: Lab): Promise<string> {
  const [found] = await sql`SELECT schema_to_xml('nightfeed', true, false, '')::text AS text`;
  return found!.text;
}
