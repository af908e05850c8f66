import { expect, test } from 'vitest';
import { finished, type RunState } from '../../../../lib/core/run/state.ts';
import type { Owner } from '../../../../lib/ports/ledger/owner.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const other: Owner = { host: 'there', pid: 2, started: 'then' };
const today = { feed: 'shop', date: '2026-11-20', revision: 1 };

describePostgres('claim', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('opens the first run of a date', async () => {
    const lab = await newLab();

    expect(await claim(lab)).toEqual({ kind: 'open', run: today, fence: 1 });

    expect(await lab.ledger.find(today)).toEqual({
      run: today,
      state: 'running',
      fence: 1,
      openedAt: expect.any(Date),
      endedAt: null,
      feedHash: 'hash',
      folder: '/feeds',
      origin: null,
      error: null,
      holds: [],
      forced: [],
      abandoned: false,
      warnings: [],
    });
  });

  test('is busy while another owner’s lease lasts, and takes over afterwards with a higher fence', async () => {
    const lab = await newLab();
    await claim(lab, { owner: other });

    expect(await claim(lab)).toEqual({ kind: 'busy', run: today, owner: other });

    await endLeases(lab);
    expect(await claim(lab, { feedHash: 'newer', folder: '/new' })).toEqual({ kind: 'open', run: today, fence: 2 });
    expect(await lab.ledger.find(today)).toMatchObject({ fence: 2, feedHash: 'newer', folder: '/new' });
    await expect(lab.ledger.heartbeat(today, 1)).rejects.toMatchObject({ name: 'FENCED' });
  });

  test('takes over at once from itself and from a dead owner', async () => {
    const lab = await newLab();
    await claim(lab);
    expect(await claim(lab)).toEqual({ kind: 'open', run: today, fence: 2 });

    const knowing = lab.another({ isDead: (owner) => owner.pid === me.pid });
    expect(await knowing.ledger.claim(order({ owner: other }))).toEqual({ kind: 'open', run: today, fence: 3 });
  });

  test('lets one date of a feed be worked on at a time', async () => {
    const lab = await newLab();
    await claim(lab, { owner: other, date: '2026-11-19' });
    const yesterday = { ...today, date: '2026-11-19' };

    expect(await claim(lab)).toEqual({ kind: 'busy', run: yesterday, owner: other });
    expect(await claim(lab, { feed: 'else' })).toMatchObject({ kind: 'open' });

    await endLeases(lab);
    expect(await claim(lab)).toEqual({ kind: 'open', run: today, fence: 1 });
    expect(await lab.ledger.find(yesterday)).toMatchObject({ state: 'running', fence: 1 });
  });

  test.each(['late', 'refused', 'failed'] as const)('reopens a run that is %s', async (state) => {
    const lab = await newLab();
    await claim(lab);
    await setState(lab, state);

    expect(await claim(lab)).toEqual({ kind: 'open', run: today, fence: 2 });
    expect(await lab.ledger.find(today)).toMatchObject({ state: 'running', endedAt: null, error: null });
  });

  test.each([...finished, 'held'] as const)(
    'finds a run that is %s settled, and opens the revision after it',
    async (state) => {
      const lab = await newLab();
      await claim(lab);
      await lab.ledger.note(today, 1, { listing: 'files', reading: 'spec' });
      await setState(lab, state);

      const { endedAt } = (await lab.ledger.find(today))!;
      expect(await claim(lab)).toEqual({
        kind: 'settled',
        run: today,
        state,
        listing: 'files',
        reading: 'spec',
        endedAt,
      });
      expect(await lab.ledger.find(today)).toMatchObject({ state, fence: 1 });

      expect(await claim(lab, { after: today })).toEqual({ kind: 'open', run: { ...today, revision: 2 }, fence: 1 });
      expect((await lab.ledger.find(today))!.state).toBe(state === 'held' ? 'superseded' : state);
      expect(await claim(lab, { after: today, owner: other })).toMatchObject({ kind: 'busy', run: { revision: 2 } });
    },
  );

  test('opens a held run again only when asked to resume it, and keeps what it was held for', async () => {
    const lab = await newLab();
    await claim(lab);
    await setState(lab, 'held');

    expect(await claim(lab, { resume: today })).toEqual({ kind: 'open', run: today, fence: 2 });
    expect((await lab.ledger.find(today))!.holds).toHaveLength(1);
  });

  test('a date before the applied one is only opened to be refused; one that is over stays as it is', async () => {
    const lab = await newLab();
    await lab.night('2026-11-20', { catalog: [] });
    await lab.night('2026-11-22', { catalog: [] });
    const applied = { ...today, date: '2026-11-22' };
    const skipped = { ...today, date: '2026-11-21' };

    expect(await claim(lab, { date: '2026-11-21' })).toEqual({ kind: 'older', run: skipped, applied, fence: 1 });
    expect((await lab.ledger.find(skipped))!.state).toBe('running');
    expect(await claim(lab)).toEqual({ kind: 'older', run: today, applied, fence: null });
    expect((await lab.ledger.find(today))!.state).toBe('published');
  });

  test('opens one run when many ask at once for several dates', async () => {
    const lab = await newLab();
    await lab.night('2026-11-18', { catalog: [] });
    const orders = Array.from({ length: 6 }, (_, pid) =>
      order({ owner: { ...other, pid }, date: `2026-11-${20 + (pid % 2)}` }),
    );

    const claims = await Promise.all(orders.map((each) => lab.another().ledger.claim(each)));

    expect(claims.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'busy', 'busy', 'open']);
  });

  test.each(['2026-11-20', '2026-11-21'])(
    'finds a publish in progress busy, also after its lease (%s)',
    async (date) => {
      const lab = await newLab();
      let claimed: unknown;
      const busy = lab.another({
        reach: async (point) => {
          if (point !== 'publish.begun') return;
          await endLeases(lab);
          claimed = await claim(lab, { owner: other, date });
        },
      });

      await busy.target.publish(await lab.publication('2026-11-20', { catalog: [] }));

      expect(claimed).toEqual({ kind: 'busy', run: today, owner: me });
    },
  );
});

const order = (more = {}) => ({
  feed: 'shop',
  date: today.date,
  owner: me,
  feedHash: 'hash',
  folder: '/feeds',
  ...more,
});

const claim = (lab: Lab, more = {}) => lab.ledger.claim(order(more));

const endLeases = (lab: Lab) => lab.sql`UPDATE nightfeed.run SET lease = now() - interval '1 second'`;

/** As stop and publish leave a run. */
async function setState(lab: Lab, state: RunState): Promise<void> {
  const holds = [{ table: null, guard: 'FILES_MISSING', value: 1, limit: 2, unit: 'count' }];
  const published = state === 'published' ? {} : null;
  await lab.sql`
    UPDATE nightfeed.run SET state = ${state}, owner = NULL, lease = NULL, ended_at = now(), error = '{}',
      holds = ${lab.sql.json(holds)}, published = ${published && lab.sql.json(published)}`;
}
