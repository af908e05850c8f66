import { expect, test } from 'vitest';
import type { Owner } from '../../../../lib/ports/ledger/owner.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const DATE = '2026-11-20';
const other: Owner = { host: 'there', pid: 2, started: 'then' };
const pulled = { outcome: 'pulled' };

describePostgres('steps in processes of their own', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('entering raises the fence, renews the lease for as long as told, and is for the owner only', async () => {
    const lab = await newLab();
    const { run } = await lab.open(DATE, { lease: 100 });
    expect(await lease(lab)).toBeCloseTo(100, -1);

    expect(await lab.ledger.enter(run, me, { lease: 3600 })).toBe(2);

    expect(await lease(lab)).toBeCloseTo(3600, -2);
    expect(await lab.ledger.enter(run, other, { lease: 3600 })).toBeNull();
    await expect(lab.ledger.heartbeat(run, 1, 3600)).rejects.toMatchObject({ name: 'FENCED' });
    await lab.ledger.heartbeat(run, 2, 7200);
    expect(await lease(lab)).toBeCloseTo(7200, -2);
    await lab.sql`UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL, ended_at = now()`;
    expect(await lab.ledger.enter(run, me, { lease: 3600 })).toBeNull();
  });

  test('outcomes are the fence’s, and gone when a step begins again or the run is opened again', async () => {
    const lab = await newLab();
    const { run } = await lab.open(DATE);
    const error = { name: 'SOURCE_LOGIN', message: 'refused', hint: 'check' };
    await lab.ledger.enter(run, me, { lease: 10, begins: 'pull' });
    await lab.ledger.recordOutcome(run, 2, 'pull', pulled);
    await lab.ledger.recordOutcome(run, 2, 'diff', { error });

    await expect(lab.ledger.recordOutcome(run, 1, 'diff', pulled)).rejects.toMatchObject({ name: 'FENCED' });
    expect(await lab.ledger.progress(run)).toEqual({
      state: 'running',
      owner: me,
      outcomes: { pull: pulled, diff: { error } },
    });
    await lab.ledger.enter(run, me, { lease: 10, begins: 'diff' });
    expect((await lab.ledger.progress(run))?.outcomes).toEqual({ pull: pulled });
    await lab.open(DATE);
    expect((await lab.ledger.progress(run))?.outcomes).toEqual({});
    expect(await lab.ledger.progress({ ...run, revision: 9 })).toBeNull();
  });

  test('the run of an owner is found while it works and afterwards', async () => {
    const lab = await newLab();
    expect(await lab.ledger.runOf(me)).toBeNull();
    const { run, fence } = await lab.open(DATE);
    expect(await lab.ledger.runOf(me)).toEqual(run);
    expect(await lab.ledger.runOf(other)).toBeNull();
    await lab.sql`UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL, ended_at = now() WHERE fence = ${fence}`;
    expect(await lab.ledger.runOf(me)).toEqual(run);
  });
});

/** Seconds that are left. */
async function lease({ sql }: Lab): Promise<number> {
  const [row] = await sql`SELECT extract(epoch FROM lease - now())::float8 AS seconds FROM nightfeed.run`;
  return row!.seconds;
}
