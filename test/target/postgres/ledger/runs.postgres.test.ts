import { expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import type { Finding } from '../../../../lib/core/guards/finding.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import { type RunState, runStates } from '../../../../lib/core/run/state.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const holds: Finding[] = [{ table: 'catalog', guard: 'MASS_DELETE', value: 0.4, limit: 0.05, unit: 'share' }];

describePostgres('runs', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('a run learns facts, and the numbers of a table add up', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');

    await lab.ledger.note(run, fence, { listing: 'l', tables: { a: { rows: 1, gone: 2 } } });
    await lab.ledger.note(run, fence, { changeSet: 'c', tables: { a: { rows: 3 }, b: 'text' } });

    expect(await lab.ledger.find(run)).toMatchObject({
      listing: 'l',
      changeSet: 'c',
      tables: { a: { rows: 3, gone: 2 }, b: 'text' },
    });
  });

  test('a heartbeat renews the lease, also while publish has the run', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');
    await lab.sql`UPDATE nightfeed.run SET lease = now() - interval '1 second'`;

    await lab.ledger.heartbeat(run, fence);

    expect(await lab.sql`SELECT lease > now() + interval '10 seconds' AS renewed FROM nightfeed.run`).toEqual([
      { renewed: true },
    ]);
    await lab.sql.begin(async (sql) => {
      await sql`SELECT FROM nightfeed.run FOR UPDATE`;
      await lab.ledger.heartbeat(run, fence);
    });
  });

  test('whoever lost the run can do nothing to it', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');
    const newer = await lab.open('2026-11-20');
    const fenced = {
      name: 'FENCED',
      message: 'shop/2026-11-20 was worked on under fence 1; it is running under fence 2',
    };

    await expect(lab.ledger.heartbeat(run, fence)).rejects.toMatchObject(fenced);
    await expect(lab.ledger.note(run, fence, { listing: 'x' })).rejects.toMatchObject(fenced);
    await expect(stop(lab, fence, 'failed')).rejects.toMatchObject(fenced);

    await stop(lab, newer.fence, 'failed');
    await expect(lab.ledger.heartbeat(run, newer.fence)).rejects.toMatchObject({ name: 'FENCED' });
    await expect(lab.ledger.note(run, newer.fence, {})).rejects.toMatchObject({ name: 'FENCED' });
    await expect(stop(lab, newer.fence, 'late')).rejects.toMatchObject({ name: 'FENCED' });
    expect((await lab.ledger.find(run))!.state).toBe('failed');
  });

  test('stop ends the run and leaves its message once, however often it is told', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');
    // Neither could stand in PostgreSQL's text.
    const error = new NightfeedError('NOT_GZIP', 'got \u0000 and \ud800', { details: 'vendor text' });

    await stop(lab, fence, 'refused', error);
    await stop(lab, fence, 'refused', error);

    expect(await lab.ledger.find(run)).toMatchObject({
      state: 'refused',
      error: { name: 'NOT_GZIP', message: 'got \\u{0} and \\u{d800}', hint: error.hint },
      holds,
      endedAt: expect.any(Date),
    });
    const again = await lab.open('2026-11-20');
    await stop(lab, again.fence, 'refused', error);
    expect((await lab.ledger.outbox()).map(({ id }) => id)).toEqual(['shop/2026-11-20:refused:-']);
  });

  test('the outbox gives messages in order until they are sent', async () => {
    const lab = await newLab();
    for (const date of ['2026-11-20', '2026-11-21']) {
      const { run, fence } = await lab.open(date);
      await lab.ledger.stop(run, fence, {
        state: 'late',
        error: null,
        holds: [],
        message: runMessage({ run, state: 'late', changeSet: null, tables: {} }),
      });
    }

    const ids = (await lab.ledger.outbox()).map(({ id }) => id);
    expect(ids).toEqual(['shop/2026-11-20:late:-', 'shop/2026-11-21:late:-']);
    await lab.ledger.markSent(ids[0]!);
    expect((await lab.ledger.outbox()).map(({ message }) => message.run)).toEqual(['shop/2026-11-21']);
  });

  test('an approval is for one change set of a held run', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');
    const approve = (changeSet: string) =>
      lab.ledger.decide(
        run,
        { changeSet, verdict: 'approved', guards: ['MASS_DELETE'], by: 'ann', reason: 'season end' },
        runMessage({ run, state: 'held', changeSet, tables: {} }),
      );

    await expect(approve('c1')).rejects.toMatchObject({
      name: 'NOT_HELD',
      message: 'shop/2026-11-20 is running, not held',
    });
    await lab.ledger.note(run, fence, { changeSet: 'c1' });
    await stop(lab, fence, 'held');
    await expect(approve('c2')).rejects.toMatchObject({
      name: 'NOT_HELD',
      message: expect.stringContaining('c1, not for c2'),
    });
    await approve('c1');

    expect(await lab.ledger.approvals(run, 'c1')).toMatchObject([{ guards: ['MASS_DELETE'], by: 'ann' }]);
    expect(await lab.ledger.approvals(run, 'c2')).toEqual([]);
    expect(await lab.ledger.decisions(run)).toEqual([
      {
        changeSet: 'c1',
        verdict: 'approved',
        guards: ['MASS_DELETE'],
        by: 'ann',
        reason: 'season end',
        at: expect.any(Date),
      },
    ]);
    expect((await lab.ledger.find(run))!.state).toBe('held');
    expect(await lab.ledger.outbox()).toHaveLength(1);
    const unknown = { ...run, date: '2026-11-01' };
    const decision = { changeSet: 'c1', verdict: 'approved', guards: null, by: 'ann', reason: '' } as const;
    await expect(
      lab.ledger.decide(unknown, decision, runMessage({ run, state: 'held', changeSet: '', tables: {} })),
    ).rejects.toMatchObject({
      name: 'RUN_UNKNOWN',
    });
  });

  test('a rejection ends a held run and leaves its message', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open('2026-11-20');
    await lab.ledger.note(run, fence, { changeSet: 'c1' });
    await stop(lab, fence, 'held');
    const message = runMessage({ run, state: 'rejected', changeSet: 'c1', tables: {} });

    await lab.ledger.decide(
      run,
      { changeSet: 'c1', verdict: 'rejected', guards: null, by: 'ann', reason: 'half a file' },
      message,
    );

    expect((await lab.ledger.find(run))!.state).toBe('rejected');
    expect(await lab.ledger.approvals(run, 'c1')).toEqual([]);
    expect((await lab.ledger.outbox()).at(-1)!.message).toEqual(message);
    expect(await lab.sql`SELECT verdict, decided_by, reason FROM nightfeed.decision`).toEqual([
      { verdict: 'rejected', decided_by: 'ann', reason: 'half a file' },
    ]);
  });

  test('the history shows the newest runs, of one feed or of all', async () => {
    const lab = await newLab();
    await lab.open('2026-11-20', { feed: 'else' });
    await lab.open('2026-11-20');

    expect((await lab.ledger.runs({ limit: 10 })).map(({ run }) => run.feed)).toEqual(['shop', 'else']);
    expect((await lab.ledger.runs({ limit: 1 })).map(({ run }) => run.feed)).toEqual(['shop']);
    expect((await lab.ledger.runs({ feed: 'else', limit: 9 })).map(({ run }) => run.feed)).toEqual(['else']);
  });

  test('the ledger accepts exactly the states of core', async () => {
    const lab = await newLab();
    const [constraint] = await lab.sql`
      SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'run_state_check'`;

    expect([...constraint!.text.matchAll(/'(\w+)'/g)].map(([, state]) => state)).toEqual([...runStates]);
  });
});

function stop(lab: Lab, fence: number, state: RunState, error: NightfeedError | null = null): Promise<void> {
  const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
  const changeSet = state === 'held' ? 'c1' : null;
  return lab.ledger.stop(run, fence, {
    state,
    error,
    holds,
    message: runMessage({ run, state, changeSet, tables: {}, holds, error }),
  });
}
