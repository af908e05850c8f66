import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { FailPoint } from '../../../../lib/core/run/fail-point.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { tcpProxy } from '../../../support/vendors/tcp-proxy.ts';

const base = [
  ['1', 'one', '1.00'],
  ['2', 'two', '2.00'],
];
const next = [
  ['1', 'uno', '1.00'],
  ['3', 'three', null],
];
/** What only the publishing transaction says. */
const PUBLISHING = 'pg_advisory_xact_lock';
const counts = { catalog: { inserted: 1, updated: 1, returned: 0, gone: 1 } };

describePostgres('publish under faults', (version) => {
  test('the same change set again is answered from the ledger', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    await lab.target.publish(publication);
    const before = await state(lab);

    expect(await lab.target.publish(publication)).toEqual({ kind: 'already', tables: counts });
    expect(await state(lab)).toEqual(before);
  });

  test('an older run, another base and a lost fence are refused', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-22', { catalog: next });
    const old = { ...publication, run: { ...publication.run, date: '2026-11-19' } };

    await expect(lab.target.publish(old)).rejects.toMatchObject({
      name: 'OLDER_DELIVERY',
      message: 'shop/2026-11-19 is older than shop/2026-11-20, which production holds',
    });
    await expect(
      lab.target.publish({ ...publication, receipt: { ...publication.receipt, base: 'else' } }),
    ).rejects.toMatchObject({
      name: 'BASE_MOVED',
      message: 'the change set starts from else; production holds 2026-11-20-r1',
    });
    await expect(lab.target.publish({ ...publication, fence: 7 })).rejects.toMatchObject({ name: 'FENCED' });
    expect((await lab.rows('catalog', 'title')).map((row) => row.title)).toEqual(['one', 'two']);
  });

  test('an attempt that slept while another took the run over finds its fence lost before it writes', async () => {
    const lab = await labWithBase();
    const reached: FailPoint[] = [];
    const slept = lab.another({
      reach: async (point) => {
        reached.push(point);
        if (point === 'publish.staged') await lab.open('2026-11-21');
      },
    });

    await expect(slept.target.publish(await lab.publication('2026-11-21', { catalog: next }))).rejects.toMatchObject({
      name: 'FENCED',
    });
    expect(reached).toEqual(['publish.staged']);
  });

  test('an attempt whose run was stopped meanwhile publishes nothing', async () => {
    const lab = await labWithBase();
    const zombie = lab.another({
      reach: async (point) => {
        if (point === 'publish.begun') {
          await lab.sql`UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL, ended_at = now() WHERE state = 'running'`;
        }
      },
    });
    const before = await state(lab);

    await expect(zombie.target.publish(await lab.publication('2026-11-21', { catalog: next }))).rejects.toMatchObject({
      name: 'FENCED',
    });
    expect(await state(lab)).toEqual(before);
  });

  test('of two runs that publish at once one wins, and the other finds its base moved', async () => {
    const lab = await labWithBase();
    const one = await lab.publication('2026-11-21', { catalog: next });
    await lab.sql`UPDATE nightfeed.run SET lease = now() - interval '1 s' WHERE state = 'running'`;
    const two = await lab.publication('2026-11-22', { catalog: next });

    const outcomes = await Promise.allSettled([lab.another().target.publish(one), lab.another().target.publish(two)]);

    const [won, lost] = [...outcomes].sort((a, b) => (a.status < b.status ? -1 : 1));
    expect(won).toMatchObject({ status: 'fulfilled', value: { kind: 'published' } });
    expect(['BASE_MOVED', 'OLDER_DELIVERY']).toContain((lost as PromiseRejectedResult).reason.name);
    expect(await lab.target.counts(lab.feed)).toEqual({ catalog: { live: 2, gone: 1 } });
  });

  test.each<FailPoint>(['publish.staged', 'publish.begun', 'publish.written'])(
    'a backend that is terminated at %s leaves the old data, and the same command succeeds',
    async (at) => {
      const lab = await labWithBase();
      const publication = await lab.publication('2026-11-21', { catalog: next });
      const before = await state(lab);
      const dying = lab.another({ reach: async (point) => void (point === at && (await terminate(lab))) });

      await expect(dying.target.publish(publication)).rejects.toMatchObject({
        name: 'DATABASE_UNAVAILABLE',
        transient: true,
      });

      expect(await state(lab)).toEqual(before);
      expect(await lab.target.publish(publication)).toMatchObject({
        kind: 'published',
      });
      expect(await lab.sql`SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace`).toEqual(
        [],
      );
    },
  );

  test('a backend that is terminated amid COPY or amid a write leaves the old data', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const rows = () =>
      Readable.from(
        (async function* () {
          yield '3\tthree\t\\N\n';
          await terminate(lab);
          yield '4\tfour\t\\N\n';
        })(),
      );
    await expect(lab.target.publish({ ...publication, rows })).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
    });

    await lab.sql.unsafe(`
      CREATE FUNCTION shop.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END';
      CREATE TRIGGER slow BEFORE UPDATE ON shop.catalog FOR EACH ROW EXECUTE FUNCTION shop.slow()`);
    const writing = lab.target.publish(await lab.publication('2026-11-21', { catalog: next }));
    const ended = expect(writing).rejects.toMatchObject({ name: 'DATABASE_UNAVAILABLE' });
    while ((await lab.sql`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`).length === 0);
    await terminate(lab);
    await ended;

    await lab.sql`DROP TRIGGER slow ON shop.catalog`;
    expect(await lab.target.publish(await lab.publication('2026-11-21', { catalog: next }))).toEqual({
      kind: 'published',
      tables: counts,
    });
  });

  test('a COMMIT whose answer is lost is looked up, not guessed', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const proxy = await tcpProxy(lab.url, 'COMMIT\0', 'after', PUBLISHING);
    onTestFinished(() => proxy.close());

    expect(await throughProxy(lab, proxy.url).publish(publication)).toEqual({ kind: 'already', tables: counts });
    expect((await lab.ledger.find(publication.run))!.state).toBe('published');
  });

  test('a COMMIT that never arrived is said to be nothing, and the next attempt publishes', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const before = await state(lab);
    const proxy = await tcpProxy(lab.url, 'COMMIT\0', 'before', PUBLISHING);
    onTestFinished(() => proxy.close());
    const target = throughProxy(lab, proxy.url);

    await expect(target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('COMMIT'),
    });

    expect(await state(lab)).toEqual(before);
    expect(await target.publish(publication)).toEqual({ kind: 'published', tables: counts });
  });

  test('gives up on a lock of somebody else in time, and succeeds later', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const impatient = lab.another({ limits: { lockMs: 100 } });

    await lab.sql.begin(async (sql) => {
      await sql`LOCK TABLE shop.catalog IN ACCESS EXCLUSIVE MODE`;
      await expect(impatient.target.publish(publication)).rejects.toMatchObject({
        name: 'DATABASE_LOCKED',
        transient: true,
      });
    });
    await lab.sql.begin(async (sql) => {
      await sql`UPDATE shop.catalog SET title = title WHERE id = 1`;
      await expect(impatient.target.publish(publication)).rejects.toMatchObject({ name: 'DATABASE_LOCKED' });
    });

    expect(await impatient.target.publish(publication)).toMatchObject({ kind: 'published' });
  });

  test('a deadlock and a server that became read-only are transient', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`
      CREATE FUNCTION shop.lock() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END$$;
      CREATE TRIGGER lock BEFORE UPDATE ON shop.catalog FOR EACH ROW EXECUTE FUNCTION shop.lock()`);
    const publication = await lab.publication('2026-11-21', { catalog: next });
    await expect(lab.target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_LOCKED',
      transient: true,
    });
    await lab.sql`DROP TRIGGER lock ON shop.catalog`;

    await lab.sql.unsafe(`ALTER DATABASE ${new URL(lab.url).pathname.slice(1)} SET default_transaction_read_only = on`);
    await expect(lab.target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      transient: true,
    });
  });

  test('drops what earlier attempts and ended runs staged, and nothing of a run at work', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const crashing = lab.another({
      reach: async (point) => {
        if (point === 'publish.staged') await terminate(lab);
      },
    });
    await expect(crashing.target.publish(publication)).rejects.toThrow();
    const stages = () =>
      lab.sql`SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace AND relkind = 'r'`;
    expect(await stages()).toHaveLength(3);

    await lab.target.tidy();
    expect(await stages()).toHaveLength(3);

    await lab.sql`UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL, ended_at = now() WHERE state = 'running'`;
    await lab.target.tidy();
    expect(await stages()).toHaveLength(0);
  });

  const labWithBase = async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: base });
    return lab;
  };
});

/** Ends every backend of nightfeed in this database, those at rest too. */
async function terminate(lab: Lab): Promise<void> {
  await lab.sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'nightfeed'`;
}

const throughProxy = (lab: Lab, url: string) => lab.another({}, url).target;

async function state(lab: Lab): Promise<unknown> {
  return [await lab.rows('catalog'), await lab.ledger.applied('shop'), await lab.ledger.outbox()];
}
